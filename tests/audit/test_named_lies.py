"""The lies that a site can tell: which command names each, by what fault, and which cannot see it.

Everybody looks at the same site: who follows its log, who kept a receipt, who kept a promise, and
who compares its files. What stands in a bundle for reviewers is judged where they import it.
"""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake.cli import run
from intake.code_manifest import PATH as MANIFEST
from intake.code_manifest import CodeManifest
from intake.event import Void, Withdrawn
from intake.tlog.entries import Blinded
from intake.tlog.note import Note
from intake.tlog.proof import LogProof
from intake.tlog.tiles import parse_bundle, write_bundle
from tests.audit.auditor import Auditor, following
from tests.audit.conftest import Audited, Headers
from tests.audit.holder import Holder, opening, week_with
from tests.audit.log_site import BEGINNING, THIS, LogSite, blinded, closed, digest, weeks_ago
from tests.tlog.logs import LOG

LAST = weeks_ago(1)
PLACE, END = 57, 68  # of the submission's entry, and of the one that closes its week
ROSTER_TEXT = b"roster 9\n"
OTHER_ROSTER = Note(ROSTER_TEXT, (LOG.sign(ROSTER_TEXT),)).to_bytes()
OTHER_CODE = b"{}\n"
Tell = Callable[[LogSite, list[bytes]], object]


@dataclass(frozen=True)
class Lie:
    """What a site does with the true entries; the faults that each command then names, and no others.

    A command that names none says that all holds.
    """

    tell: Tell
    follow: str = ""
    receipt: str = ""
    promise: str = ""


def anew(change: Callable[[list[bytes]], list[bytes]]) -> Tell:
    """Sign another log, and have it cosigned by witnesses who forgot."""
    return lambda site, true: site.publish(change(list(true)))


def beside(change: Callable[[LogSite], object]) -> Tell:
    """Sign the true log, and serve something else with it."""

    def tell(site: LogSite, true: list[bytes]) -> None:
        site.publish(true)
        change(site)

    return tell


def with_entry(entry: bytes) -> Tell:
    """Another entry in the place of the submission's."""
    return anew(lambda true: [*true[:PLACE], entry, *true[PLACE + 1 :]])


def void() -> bytes:
    """An entry that stands for nothing."""
    return Blinded(Void.fresh(LAST).commit).to_bytes()


def swapped(entries: list[bytes]) -> list[bytes]:
    """The submission's entry and the next in each other's place."""
    entries[PLACE], entries[PLACE + 1] = entries[PLACE + 1], entries[PLACE]
    return entries


def in_bundle(change: Callable[[list[bytes]], list[bytes]]) -> Tell:
    """Other entries in the bundle that is served, and the tiles as they were."""

    def changed(site: LogSite) -> None:
        path = f"/log/{site.tile('entries')}"
        entries = parse_bundle(site.served[path], len(site.entries))
        site.served[path] = write_bundle(change(list(entries)))

    return beside(changed)


def serving(path: str, content: bytes) -> Tell:
    """Another file in the place of one."""
    return beside(lambda site: site.served.update({path: content}))


BROKEN = f"promise: promised, not logged: {LAST} is closed without it"
OVERDUE = f"frozen: promised, not logged: {LAST} is over and not closed"
FORKED = "fork: the log of 86 does not continue the log of 69"
UNLIKE = "fork: the site's log does not begin with the receipt's 69 entries"
PART = "tile/entries/000.p/86"
FOREIGN = f"tile: {PART} does not belong to the signed log"

# Told while the submission's week is being closed: nobody holds more than a promise.
BEFORE = {
    "drop": Lie(with_entry(blinded(1, "filling")[0]), promise=BROKEN),
    "relabel as void": Lie(with_entry(void()), promise=BROKEN),
    "freeze": Lie(
        anew(lambda _: BEGINNING),
        follow=f"frozen: epoch {LAST} ended %d days ago and is not closed",
        promise=OVERDUE,
    ),
}
# Told after that, of a log that grew by one more week.
AFTER = {
    "drop": Lie(
        anew(lambda t: [*t[:PLACE], *t[PLACE + 1 : END], *blinded(1, "filling"), *t[END:]]),
        FORKED,
        UNLIKE,
        BROKEN,
    ),
    "replace": Lie(with_entry(blinded(1, "other")[0]), FORKED, UNLIKE, BROKEN),
    "relabel as void": Lie(with_entry(void()), FORKED, UNLIKE, BROKEN),
    "reorder": Lie(anew(swapped), FORKED, UNLIKE),
    "fork": Lie(anew(lambda t: [*t[:30], *blinded(1, "x"), *t[31:]]), FORKED, UNLIKE),
    "roll back": Lie(
        anew(lambda _: BEGINNING),
        "rollback: 52 entries after 69",
        "rollback: the site gives 52 entries, the receipt is of 69",
        OVERDUE,
    ),
    "drop a bundle": Lie(
        beside(lambda site: site.served.pop(f"/log/{site.tile('entries')}")),
        *[f"tile: {PART} is missing"] * 3,
    ),
    "replace in a bundle": Lie(
        in_bundle(lambda e: [*e[:PLACE], *blinded(1, "other"), *e[PLACE + 1 :]]), *[FOREIGN] * 3
    ),
    "reorder in a bundle": Lie(in_bundle(swapped), *[FOREIGN] * 3),
    "swap the roster": Lie(
        serving("/roster.note", OTHER_ROSTER),
        f"roster: the site gives {digest(ROSTER_TEXT)}, not the log's newest",
    ),
    "serve other code": Lie(
        serving(MANIFEST, OTHER_CODE),
        f"code: the site's manifest is {digest(OTHER_CODE)}, not the log's newest",
    ),
}


@dataclass
class Watched:
    """One site, who follows its log, and who submitted to it last week."""

    auditor: Auditor
    holder: Holder

    @property
    def true(self) -> list[bytes]:
        """The log of last week."""
        return [*BEGINNING, *week_with(self.holder.leaf, LAST)]

    def all_look(self, lie: Lie, receipt: LogProof | None) -> None:
        """Each with its command: what they find is exactly what the table says."""
        days = (dt.datetime.now(dt.UTC) - LAST.end).days
        expected = [lie.follow.replace("%d", str(days))] * bool(lie.follow)
        lines = self.auditor.look("--late", "0", "--json", code=len(expected))
        findings = json.loads("".join(lines))["findings"]
        assert [f"{f['fault']}: {f['phrase']}" for f in findings] == expected
        self._read(self.holder.promise(), lie.promise, "it was kept: entry ")
        if receipt is not None:
            self._read(receipt.to_bytes(), lie.receipt, "the site's log of 86 entries continues it")

    def _read(self, paper: bytes, fault: str, else_says: str) -> None:
        """The paper by itself holds; then its one fault, or that the site agrees."""
        _, said = self.holder.ask(paper, "--late", "0", code=1 if fault else 0)
        assert said == fault if fault else said.startswith(else_says)


@pytest.fixture
def watched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Watched]:
    """The week of the submission is not closed yet; all before it was followed, and was right."""
    with following(tmp_path, capsys) as auditor:
        holder = Holder(auditor.site, opening(LAST), tmp_path / "paper", auditor.policy, capsys)
        yield Watched(auditor, holder)


@pytest.mark.parametrize("name", BEFORE)
def test_a_lie_while_a_week_is_closed_is_named_by_who_was_promised(
    watched: Watched, name: str
) -> None:
    """Who follows the log alone cannot know: each entry looks like any other."""
    BEFORE[name].tell(watched.auditor.site, watched.true)
    watched.all_look(BEFORE[name], None)


@pytest.mark.parametrize("name", AFTER)
def test_a_lie_after_a_week_is_closed_is_named_by_everybody_whom_it_touches(
    watched: Watched, name: str
) -> None:
    """Each by the fault of that lie and by no other; the truth passes before it and after it."""
    site, grown = watched.auditor.site, [*watched.true, *closed(THIS)]
    site.publish(watched.true)
    watched.auditor.look("--late", "0", code=0)
    receipt = watched.holder.proof()
    AFTER[name].tell(site, grown)
    watched.all_look(AFTER[name], receipt)
    site.publish(grown)
    watched.all_look(Lie(AFTER[name].tell), receipt)


def test_what_is_said_of_an_entry_in_a_bundle_alone_changes_nothing_outside(
    watched: Watched,
) -> None:
    """A forged withdrawal is one blinded entry more, and a void made of a kept entry not even that.

    `intake review import` opens every entry: there both are found.
    """
    forged = Withdrawn.fresh(LAST, os.urandom(32), os.urandom(32))
    true = watched.true
    true[PLACE + 1] = Blinded(forged.commit).to_bytes()
    watched.auditor.site.publish(true)
    watched.auditor.look("--late", "0", code=0)
    receipt = watched.holder.proof()
    watched.auditor.site.publish([*true, *closed(THIS)])
    watched.all_look(Lie(lambda *_: None), receipt)


def test_a_swapped_roster_and_other_code_are_named_by_who_compares_the_files(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole other files, rightly signed or well formed, and each the only one that is named."""
    manifest = audited.write()
    paths = CodeManifest.parse(manifest.read_bytes()).files
    script = next(path for path in paths if path.startswith("/seal-"))
    for path, content in (("/roster.note", OTHER_ROSTER), (script, b"'use strict';\n")):

        def other(code: int, headers: Headers, _: bytes, content: bytes = content):
            kept = [(n, v) for n, v in headers if n != "Content-Encoding"]
            return code, kept, content

        audited.change = {path: other}
        capsys.readouterr()
        assert run(["audit", "site", audited.url, "--manifest", str(manifest)]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert [line.partition(",")[0] for line in lines] == [
            f"{path}: is not what the manifest lists"
        ]
