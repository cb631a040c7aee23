"""What is collected from a real site, at any point of a week, is found whole by its reviewers."""

import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from intake.accept import Acceptor
from intake.age import HybridIdentity
from intake.author import Author
from intake.bundle import Bundle, Contents
from intake.cli import run
from intake.collect import Source, collect_bundle
from intake.collection import Collection
from intake.completeness import Checked, Known, examine
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError, StoreError
from intake.event import Withdrawn
from intake.opening import Opening
from intake.seal import seal
from intake.store import Allowance, Store
from intake.testimony import Testimony
from intake.tlog.note import Algorithm, Signer
from intake.tlog.policy import Policy
from intake.web.site import Site
from tests.panel import Panel, seed
from tests.web.serving import site_in

TODAY = dt.datetime.now(dt.UTC).date()
NOW = Epoch.of(TODAY)
TESTIMONY = Testimony.from_answers("ru", {"narrative": "Ӏумар сказал"}, {"stats"})


@dataclass
class Place:
    """A site with its operator's commands, and a reviewer who looks at what is collected."""

    site: Site
    panel: Panel
    folder: Path
    store: Store

    def submit(self, week: Epoch = NOW) -> tuple[Opening, Author]:
        author = Author.fresh(NOW)
        letter = seal(TESTIMONY, self.panel.roster, mode=Mode.TOOL, today=TODAY, author=author)
        if week == NOW:
            opening = Acceptor(self.store, self.site).accept_letter(letter)
            assert opening is not None
            return opening, author
        opening = letter.head.opening.taken_in(week)
        kept = (author.status, opening.envelope, opening.to_bytes(), letter.sealed)
        assert self.store.keep(*kept, Allowance(week, 1 << 30)) is not None
        return opening, author

    def withdraw(self, author: Author) -> None:
        assert self.store.withdraw([author.withdraw], NOW) == 1

    def release(self, *openings: Opening) -> bytes:
        signed = self.site.log_folder.published()
        assert signed is not None
        at = signed.checkpoint
        deployment = self.site.settings.deployment
        made = Collection.of(deployment, at.size, at.root, [o.envelope for o in openings])
        signers = (Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 3))
        note = made.signed(*signers).to_bytes()
        by, gone = ("r1", "r3"), [o.envelope for o in openings]
        assert self.store.release(gone, note, by, NOW) == len(openings)
        return note

    def run(self, command: str, *words: str) -> None:
        assert run([command, str(self.site.folder), *words]) == 0

    @property
    def source(self) -> Source:
        return Source(
            *(self.store, self.site.log_folder, self.site.log_signer),
            *(self.panel.roster, self.site.notes()),
        )

    def collect(self, source: Source | None = None) -> Path:
        path = self.folder / f"bundle-{len(list(self.folder.iterdir()))}"
        collect_bundle(source or self.source, path)
        return path

    def checked(self, path: Path, identity: HybridIdentity | None = None) -> Checked:
        """What the seven checks say of a bundle; nothing may be wrong."""
        policy = Policy.parse(self.site.log_policy_path.read_bytes())
        identities = [identity or self.panel.identities[1]]
        with path.open("rb") as file, Bundle.open(file, identities, self.folder) as bundle:
            known = Known(policy, {self.panel.roster.digest: self.panel.roster})
            found, checked = examine(bundle, known)
            assert [str(finding) for finding in found.first] == []
            assert checked is not None
            assert sum(1 for _ in bundle) == (len(bundle.contents.items) if not identity else 0)
            return checked


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    site, panel = site_in(tmp_path / "site")
    store = Store.open(site.store_path)
    yield Place(site, panel, tmp_path, store)
    store.close()


def test_a_week_is_whole_at_every_point_of_its_way(place: Place) -> None:
    kept, _ = place.submit()
    gone, author = place.submit()
    early, early_author = place.submit()
    place.withdraw(early_author)

    # Nothing is published: all is promised.
    checked = place.checked(place.collect())
    assert (checked.size, checked.unlogged) == (0, {kept.envelope, gone.envelope})
    assert {type(waiting.event) for waiting in checked.events} == {Opening, Withdrawn}

    # Closed, and cosigned by nobody yet: no different to a reviewer.
    place.run("epoch", "--now")
    assert place.checked(place.collect()).unlogged == {kept.envelope, gone.envelope}

    place.run("cosign")
    checked = place.checked(place.collect())
    assert (checked.unlogged, checked.events) == (frozenset(), ())
    assert (checked.weeks[NOW].submitted, checked.weeks[NOW].withdrawn) == (3, 1)
    assert checked.withdrawn == {early.envelope}

    # Withdrawn and released after it was logged; then the next week is closed as well.
    place.withdraw(author)
    place.release(kept)
    checked = place.checked(place.collect())
    assert checked.contents.items == ()
    assert checked.withdrawn == {early.envelope, gone.envelope}
    assert len(checked.events) == 2


def test_a_withdrawal_counts_from_its_week_on_though_nobody_cosigned_it_yet(place: Place) -> None:
    """Its entry stands in the store alone, behind the published checkpoint."""
    gone, author = place.submit(week=NOW.previous)
    place.run("epoch")
    place.run("cosign")
    place.withdraw(author)
    place.run("epoch", "--now")
    checked = place.checked(place.collect())
    assert checked.weeks[NOW.previous].submitted == 1
    assert checked.withdrawn == {gone.envelope}
    assert [type(waiting.event) for waiting in checked.events] == [Withdrawn]


def test_an_auditor_gets_the_same_without_an_object(place: Place) -> None:
    place.submit()
    place.run("epoch", "--now")
    place.run("cosign")
    place.submit()
    auditor = HybridIdentity.generate()
    path = place.folder / "for-auditor"
    place.run("collect", str(path), "--for-auditor", str(auditor.recipient))
    checked = place.checked(path, auditor)
    assert len(checked.contents.items) == 2
    assert not checked.contents.objects
    assert checked.weeks[NOW].submitted == 1
    with pytest.raises(AssertionError):
        place.run("collect", str(place.folder / "no"), "--for-auditor", "age1notpostquantum")
    assert not (place.folder / "no").exists()


class Meanwhile(Store):
    """A store in which something happens right before or after its sizes are read.

    Of `happenings` the first comes before the first reading, the second after it, and so on.
    """

    happenings: ClassVar[list[Callable[[], object] | None]] = []

    def sizes(self) -> dict[bytes, int]:
        self._happen()
        found = super().sizes()
        self._happen()
        return found

    def _happen(self) -> None:
        if self.happenings and (happen := self.happenings.pop(0)) is not None:
            happen()


@pytest.mark.parametrize("turn", range(5))
@pytest.mark.parametrize(
    "what",
    [
        *("submit", "withdraw", "submit and withdraw", "submit, withdraw"),
        *("release", "withdraw what is logged", "close"),
    ],
)
def test_what_happens_meanwhile_never_makes_it_less_than_whole(
    place: Place, what: str, turn: int
) -> None:
    """At the fourth turn the last look is over. An auditor's file has no object to be missing."""
    logged, its_author = place.submit()
    if what in {"release", "withdraw what is logged"}:
        place.run("epoch", "--now")
        place.run("cosign")
    _, author = place.submit()
    others: list[Author] = []

    def come() -> None:
        others.append(place.submit()[1])

    def go() -> None:
        place.withdraw(others.pop())

    happen: dict[str, list[Callable[[], object]]] = {
        "submit": [come],
        "withdraw": [lambda: place.withdraw(author)],
        "submit and withdraw": [lambda: (come(), go())],
        "submit, withdraw": [come, go],
        "release": [lambda: place.release(logged)],
        "withdraw what is logged": [lambda: place.withdraw(its_author)],
        "close": [lambda: (place.run("epoch", "--now"), place.run("cosign"))],
    }
    auditor = HybridIdentity.generate()
    Meanwhile.happenings = [*[None] * turn, *happen[what]]
    store = Meanwhile.open(place.site.store_path)
    path = place.folder / "for-auditor"
    try:
        collect_bundle(replace(place.source, store=store), path, auditor.recipient)
    finally:
        store.close()
        Meanwhile.happenings = []
    place.checked(path, auditor)


def test_an_object_that_goes_while_it_is_written_makes_it_begin_anew(place: Place) -> None:
    """It is destroyed between the manifest and its place in the file."""
    _, author = place.submit()
    kept, _ = place.submit()

    class Destroying(Store):
        def sealed(self, opening: bytes) -> bytes:
            place.store.withdraw([author.withdraw], NOW)
            return super().sealed(opening)

    store = Destroying.open(place.site.store_path)
    try:
        checked = place.checked(place.collect(replace(place.source, store=store)))
    finally:
        store.close()
    assert checked.unlogged == {kept.envelope}


def test_a_store_that_lost_an_object_or_its_log_is_not_collected(place: Place) -> None:
    place.submit()

    class Losing(Store):
        def sealed(self, opening: bytes) -> bytes:
            raise StoreError(f"the store does not keep such a submission {opening!r}"[:44])

    store = Losing.open(place.site.store_path)
    with pytest.raises(StoreError, match="does not keep"):
        place.collect(replace(place.source, store=store))
    store.close()
    place.run("epoch", "--now")
    place.run("cosign")
    other = place.folder / "older.sqlite"
    Store.create(other, place.site.settings.deployment).close()
    older = Store.open(other)
    with pytest.raises(ProofError, match="does not hold the entries that the log signed"):
        place.collect(replace(place.source, store=older))
    older.close()
    assert not list(place.folder.glob("bundle-*"))


def test_statements_are_collected_however_many_reviewers_signed(place: Place) -> None:
    """They are never trimmed, and 18 MB of them are some years'; else one day nothing could be read."""
    logged, _ = place.submit()
    place.run("epoch", "--now")
    place.run("cosign")
    noted = [place.release(logged), *(os.urandom(1_000_000) for _ in range(18))]
    with sqlite3.connect(place.site.store_path) as connection:
        rows = [(os.urandom(16), os.urandom(32), note) for note in noted[1:]]
        connection.executemany("INSERT INTO statement (id, digest, content) VALUES (?, ?, ?)", rows)
    connection.close()
    path = place.collect()
    with path.open("rb") as file, Bundle.open(file, place.panel.identities, place.folder) as bundle:
        assert list(bundle.statements()) == sorted(noted)


def test_nothing_is_overwritten(place: Place) -> None:
    path = place.collect()
    before = path.read_bytes()
    with pytest.raises(MalformedError, match="exists already"):
        collect_bundle(place.source, path)
    assert path.read_bytes() == before


def test_the_command_says_how_much_is_not_logged_yet(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.submit()
    place.run("collect", str(place.folder / "one"))
    assert "1 submissions in" in (told := capsys.readouterr().out)
    assert told.endswith("; 1 of them not yet logged\n")
    place.run("epoch", "--now")
    place.run("cosign")
    capsys.readouterr()
    place.run("collect", str(place.folder / "two"))
    assert capsys.readouterr().out.endswith("; 0 of them not yet logged\n")


def test_what_a_bundle_says_of_itself_is_what_was_written(place: Place) -> None:
    place.submit()
    path = place.folder / "bundle"
    contents = collect_bundle(place.source, path)
    with path.open("rb") as file, Bundle.open(file, place.panel.identities, place.folder) as bundle:
        assert isinstance(contents, Contents)
        assert bundle.contents == contents
