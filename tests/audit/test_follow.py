"""What `intake audit follow` says of a log that is right, late, long, or not there."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.audit.follow import Outcome, Terms, follow
from intake.audit.followed import Followed
from intake.code_manifest import PATH as MANIFEST
from intake.epoch import Epoch
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.entries import Entry, EpochClosed
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.policy import Log
from tests.audit.auditor import Auditor, following
from tests.audit.log_site import (
    BEGINNING,
    MANIFEST_TEXT,
    THIS,
    LogSite,
    blinded,
    closed,
    digest,
    log_site,
    weeks_ago,
    write_policy,
)
from tests.panel import seed
from tests.ports import free_port
from tests.tlog.logs import LOG, ORIGIN, POLICY, WITNESSES
from tests.tlog.trees import mth

LAST = weeks_ago(1)
WHOLE = [*BEGINNING, *closed(LAST)]
OTHER = Signer("testimony-intake/test-bcdefghi", Algorithm.ED25519, seed("another log"))
STRANGER = Signer(ORIGIN, Algorithm.ED25519, seed("a stranger of the log's name"))


@pytest.fixture
def auditor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Auditor]:
    """Who has followed the log of three weeks ago, all of which was right."""
    with following(tmp_path, capsys) as auditor:
        yield auditor


def test_a_log_that_grows_passes_and_its_public_entries_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Entries first, each once; then who vouches for how much. Again, and there is nothing new."""
    with log_site(tmp_path) as site:
        auditor = Auditor(site, write_policy(tmp_path), tmp_path / "state", capsys)
        site.publish(BEGINNING)
        assert auditor.look("--late", "14", code=0) == [
            f"entry 0: roster-changed 1 {digest(b'roster 1' + bytes([10]))}",
            f"entry 1: code-released {digest(MANIFEST_TEXT)}",
            f"entry 18: epoch-closed {weeks_ago(3)}",
            f"entry 51: epoch-closed {weeks_ago(2)}",
            f"{ORIGIN}: 52 entries, closed to {weeks_ago(2)}, cosigned by w1, w2",
        ]
        signed = site.publish(WHOLE)
        last = f"{ORIGIN}: 69 entries, closed to {LAST}, cosigned by w1, w2"
        assert auditor.look(code=0) == [f"entry 68: epoch-closed {LAST}", last]
        assert auditor.look(code=0) == [last]
        assert auditor.err == ""
        kept = auditor.kept
        assert kept is not None
        assert Followed.parse(kept).signed == signed
        told = json.loads("".join(auditor.look("--all", "--json", code=0)))
        assert [row["index"] for row in told.pop("entries")] == [0, 1, 18, 51, 68]
        assert told == {
            "site": site.url,
            "origin": ORIGIN,
            "size": 69,
            "root": mth(WHOLE).hex(),
            "closed": str(LAST),
            "retired": None,
            "witnesses": ["w1", "w2"],
            "findings": [],
        }
        assert auditor.kept == kept


def test_a_log_in_the_place_of_another_is_a_fork(auditor: Auditor) -> None:
    """Even where the policy believes both."""
    both = replace(POLICY, logs=(Log(LOG.vkey), Log(OTHER.vkey)))
    auditor.policy.write_bytes(both.to_bytes())
    auditor.site.publish(WHOLE, log=OTHER)
    assert auditor.found() == [f"fork: {OTHER.name} stands in the place of {ORIGIN}"]


def test_a_log_that_stands_still_is_named_frozen_when_an_epoch_is_overdue(
    auditor: Auditor,
) -> None:
    """However fresh its cosignatures are."""
    end = dt.datetime.combine(THIS.monday, dt.time(), dt.UTC)
    days = (dt.datetime.now(dt.UTC) - end).days
    auditor.site.publish(BEGINNING[:19])
    auditor.state = auditor.state.with_name("fresh")
    ago = f"frozen: epoch {weeks_ago(2)} ended {days + 7} days ago and is not closed"
    assert auditor.found() == [ago]
    auditor.look("--late", "14", code=0)


def outcome_at(site: LogSite, now: dt.datetime, terms: Terms) -> Outcome:
    """A first look at what a site serves, at this moment."""
    heard: list[Entry] = []
    return follow(site.served.get, terms, None, now, lambda _, entry: heard.append(entry))


@pytest.mark.parametrize(
    ("late", "hours", "frozen"), [(3, 0, 0), (3, 1, 1), (0, -71, 1), (4, 1, 0)]
)
def test_an_epoch_may_be_closed_late_by_days_and_no_more(
    tmp_path: Path, late: int, hours: int, frozen: int
) -> None:
    """To the hour: the week after the last closed one, its end, and so many days."""
    site = LogSite(tmp_path)
    site.publish([*BEGINNING[:2], *closed(Epoch(2026, 10))])
    end = dt.datetime(2026, 3, 16, tzinfo=dt.UTC) + dt.timedelta(days=3, hours=hours)
    outcome = outcome_at(site, end, Terms(POLICY, late))
    expected = [f"frozen: epoch 2026-W11 ended {(3 * 24 + hours) // 24} days ago and is not closed"]
    assert [str(finding) for finding in outcome.findings] == expected * frozen
    assert (outcome.followed is None) == bool(frozen)


@pytest.mark.parametrize(("days", "frozen"), [(0, 0), (9.9, 0), (10.1, 1)])
def test_a_log_that_never_closed_an_epoch_is_judged_by_its_witnesses_times(
    tmp_path: Path, days: float, frozen: int
) -> None:
    """A week and the days of grace after the newest cosignature."""
    site = LogSite(tmp_path)
    now = int(time.time())
    site.publish(BEGINNING[:2], at=now - int(days * 86_400))
    outcome = outcome_at(site, dt.datetime.fromtimestamp(now, dt.UTC), Terms(POLICY))
    assert len(outcome.findings) == frozen
    assert all("no epoch was ever closed" in str(finding) for finding in outcome.findings)


def test_no_witness_keeps_an_old_log_fresh_by_a_time_yet_to_come(tmp_path: Path) -> None:
    """One that says a time far ahead does not outweigh those that say when they looked."""
    site = LogSite(tmp_path)
    now = int(time.time())
    signed = site.publish(BEGINNING[:2], at=now - 60 * 86_400)
    text = signed.note.text
    ahead = (2**62, 2**63 - 1, now + 86_500)
    for at in ahead:
        late = [witness.cosign(signed.checkpoint, at) for witness in WITNESSES[:1]]
        lines = [line for line in signed.note.signatures if line.name != WITNESSES[0].name]
        content = SignedCheckpoint(Note(text, (*lines, *late))).to_bytes()
        site.served["/log/checkpoint"] = content
        outcome = outcome_at(site, dt.datetime.fromtimestamp(now, dt.UTC), Terms(POLICY))
        assert [str(finding) for finding in outcome.findings] == [
            "frozen: no epoch was ever closed, and no cosignature is below 60 days"
        ]
    site.publish(BEGINNING[:2], at=now + 90_000)
    outcome = outcome_at(site, dt.datetime.fromtimestamp(now, dt.UTC), Terms(POLICY))
    assert "each cosignature is of a time yet to come" in str(outcome.findings[0])
    site.publish(BEGINNING[:2], at=now + 86_000)
    outcome = outcome_at(site, dt.datetime.fromtimestamp(now, dt.UTC), Terms(POLICY))
    assert outcome.findings == []


def test_a_site_without_roster_and_manifest_is_judged_by_its_log_alone(tmp_path: Path) -> None:
    """And one that gives them while the log has none is found out for both."""
    site = LogSite(tmp_path)
    site.publish(closed(LAST))
    now, terms = dt.datetime.now(dt.UTC), Terms(POLICY)
    assert [f.fault for f in outcome_at(site, now, terms).findings] == ["roster", "code"]
    del site.served["/roster.note"], site.served[MANIFEST]
    assert outcome_at(site, now, terms).findings == []


def test_an_empty_log_is_followed_from_its_first_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is in it, and what comes later continues it."""
    with log_site(tmp_path) as site:
        auditor = Auditor(site, write_policy(tmp_path), tmp_path / "state", capsys)
        site.publish([])
        del site.served["/roster.note"], site.served[MANIFEST]
        assert auditor.look(code=0) == [f"{ORIGIN}: 0 entries, no epoch closed, cosigned by w1, w2"]
        site.publish(WHOLE)
        auditor.look(code=0)


def test_a_long_log_is_fetched_once_and_read_again_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Old bundles are asked for with --all alone; then one that the site dropped is named."""
    weeks = [entry for n in range(40, 1, -1) for entry in closed(weeks_ago(n))]
    with log_site(tmp_path) as site:
        auditor = Auditor(site, write_policy(tmp_path), tmp_path / "state", capsys)
        site.publish([*BEGINNING[:2], *weeks])
        auditor.look("--late", "14", code=0)
        whole = [*BEGINNING[:2], *weeks, *closed(LAST)]
        assert len(whole) > 512
        site.publish(whole)
        site.asked.clear()
        auditor.look(code=0)
        asked = [path for path in site.asked if "entries" in path]
        assert asked == [f"/log/{site.tile('entries')}"]
        del site.served["/log/tile/entries/001"]
        auditor.look(code=0)
        assert auditor.found("--all") == ["tile: tile/entries/001 is missing"]


def test_a_log_that_breaks_every_rule_is_cut_off_at_twenty_findings(tmp_path: Path) -> None:
    """A hostile log of any length is read no further."""
    site = LogSite(tmp_path)
    site.publish([EpochClosed(LAST).to_bytes()] * 200)
    heard: list[int] = []
    now = dt.datetime.now(dt.UTC)
    outcome = follow(site.served.get, Terms(POLICY), None, now, lambda at, _: heard.append(at))
    assert len(outcome.findings) == 20
    assert heard == list(range(11))  # the first breaks one rule, the others two each


def test_another_step_is_the_operators_to_choose_and_the_auditors_to_know(
    auditor: Auditor,
) -> None:
    """32 in place of 16: the weeks of 16 do not fit it."""
    auditor.state = auditor.state.with_name("fresh")
    auditor.site.publish(WHOLE)
    assert auditor.found("--step", "32") == [
        f"padding: epoch {week} has 16 blinded entries, not a multiple of 32"
        for week in (weeks_ago(3), LAST)
    ]
    auditor.look("--step", "8", code=0)


def test_a_site_that_does_not_answer_is_exit_2_and_keeps_what_was_kept(auditor: Auditor) -> None:
    """Not reached is neither right nor wrong."""
    kept = auditor.kept
    auditor.site.port = free_port()
    assert auditor.look(code=2) == []
    assert auditor.err.startswith(f"intake: error: {auditor.site.url} does not answer\n")
    assert auditor.kept == kept


def test_what_was_kept_is_read_strictly(auditor: Auditor) -> None:
    """A damaged file is never taken for a first look."""
    auditor.site.publish(WHOLE)
    kept = auditor.kept
    assert kept is not None
    assert Followed.parse(kept).to_bytes() == kept
    title, *lines = kept.split(b"\n")
    swapped = b"\n".join([title, lines[1], lines[0], *lines[2:]])
    doubled = b"\n".join([title, lines[0], *lines])
    blind = b"\n".join([title, blinded(1)[0], *lines])
    for damaged in (b"", kept[:-1], b"x" + kept, swapped, doubled, blind, kept + bytes(1_100_000)):
        (auditor.state / "followed").write_bytes(damaged)
        assert auditor.look(code=1) == []
        assert auditor.err.startswith("intake: error: what was kept in ")
        assert auditor.kept == damaged


def test_a_checkpoint_of_the_kept_size_is_compared_before_anything_is_fetched(
    auditor: Auditor,
) -> None:
    """A fork is named so also where the site gives no tile of it."""
    old = SignedCheckpoint.parse(auditor.site.served["/log/checkpoint"]).checkpoint
    auditor.site.served = {}
    auditor.site.sign(Checkpoint(old.origin, old.size, bytes(32)))
    assert auditor.found() == ["fork: two logs of 52 entries have different roots"]
