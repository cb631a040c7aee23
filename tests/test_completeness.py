"""What a reviewer can rely on before anything is opened: each lie of a server is named by its check."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import HybridIdentity
from intake.author import withdraw_commit_of
from intake.bundle import Bundle
from intake.collection import Collection
from intake.completeness import (
    Checked,
    Findings,
    Gap,
    Known,
    LogProofs,
    Week,
    examine,
    policy_of,
)
from intake.completeness.faults import MOST
from intake.epoch import Epoch
from intake.errors import ProofError
from intake.event import Collected, Event, Void, Withdrawn
from intake.log.promising import promise_for
from intake.opening import Opening
from intake.reviewer import Revocation, recipient_hash
from intake.roster import Roster
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.cosignature import Cosigner
from intake.tlog.entries import Blinded, RosterChanged
from intake.tlog.merkle import EMPTY, EMPTY_ROOT, leaf_hash
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.policy import NONE, Group, Log, Policy, Witness
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from tests.little_log import LOG, POLICY, Little, LittleLog, this_week
from tests.panel import Panel, make_panel, seed, sign
from tests.review.bad_items import one_stanza_more
from tests.review.workroom import Sealed, sealed_item

NOW = this_week()
LAST = NOW.previous
FIRST = LAST.previous
PREIMAGE = bytes(range(32))
FORGER = Signer(LOG.name, Algorithm.ED25519, seed("a forger"))


@dataclass(frozen=True)
class Scene:
    """A site after two weeks, and one that is not over, of which everything is in order.

    Week 1: `a`, `w`, which is withdrawn in week 2, and `r`, which is released in week 2; then `b`.
    Not over: `c`, and `d`, which was withdrawn at once.
    """

    little: Little
    known: Known
    a: Sealed
    b: Sealed
    c: Sealed
    w: Opening
    r: Opening
    d: Opening

    @property
    def log(self) -> LittleLog:
        assert self.little.log is not None
        return self.little.log

    def with_log(self, log: LittleLog) -> Little:
        return replace(self.little, log=log)

    def reopened(self, event: Event, *data: bytes) -> Little:
        """With these openings in the place of that of an event."""
        index = self.log.openings.index(event.to_bytes())
        openings = (*self.log.openings[:index], *data, *self.log.openings[index + 1 :])
        return self.with_log(replace(self.log, openings=openings))


def statement_of(*openings: Opening, signers: tuple[int, ...] = (1, 2)) -> bytes:
    """The reviewers' word that they have these."""
    made = Collection.of("test-abcdefgh", 0, EMPTY_ROOT, [one.envelope for one in openings])
    return made.signed(
        *(Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in signers)
    ).to_bytes()


def collected(epoch: Epoch, *openings: Opening) -> Collected:
    return Collected.fresh(epoch, [one.envelope for one in openings], ["r1", "r2"])


def item(panel: Panel, epoch: Epoch) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    fits = replace(opening, epoch=epoch, withdraw_commit=withdraw_commit_of(PREIMAGE))
    return fits, sealed


@pytest.fixture(scope="module")
def scene() -> Scene:
    panel = make_panel()
    a, w, r = (item(panel, FIRST) for _ in range(3))
    b, (c, d) = item(panel, LAST), (item(panel, NOW) for _ in range(2))
    log = LittleLog().with_rosters(panel.note).close(FIRST, a[0], w[0], r[0])
    taken = Withdrawn.fresh(LAST, w[0].envelope, PREIMAGE)
    log = log.close(LAST, b[0], taken, collected(LAST, r[0]))
    little = Little(
        panel,
        log,
        items=(a, b),
        unlogged=(c,),
        events=(d[0], Withdrawn.fresh(NOW, d[0].envelope, PREIMAGE)),
        statements=(statement_of(r[0]),),
    )
    known = Known(POLICY, {panel.roster.digest: panel.roster}, today=NOW)
    return Scene(little, known, a, b, c, w[0], r[0], d[0])


def gaps(found: Findings) -> set[Gap]:
    return {finding.gap for finding in found.first}


def whole(bundle: Bundle, known: Known) -> Checked:
    found, checked = examine(bundle, known)
    assert [str(one) for one in found.first] == []
    assert checked is not None
    return checked


def test_a_bundle_in_order_passes_and_says_what_it_holds(scene: Scene) -> None:
    checked = whole(scene.little.bundle(), scene.known)
    assert (checked.size, checked.root) == (35, scene.log.signed().checkpoint.root)
    assert checked.unlogged == {scene.c[0].envelope}
    assert checked.withdrawn == {scene.w.envelope, scene.d.envelope}
    assert checked.weeks == {
        FIRST: Week(submitted=3, void=13),
        LAST: Week(submitted=1, withdrawn=1, collected=1, void=13),
    }
    assert len(checked.events) == 2


def test_an_auditor_needs_no_object_for_it(scene: Scene) -> None:
    checked = whole(replace(scene.little, objects=False).bundle(), scene.known)
    assert checked.weeks[FIRST].submitted == 3


def test_a_site_without_a_published_log_has_promises_alone(scene: Scene) -> None:
    little = Little(scene.little.panel, None, unlogged=(scene.a, scene.c))
    checked = whole(little.bundle(), scene.known)
    assert (checked.size, checked.root, checked.signed) == (0, EMPTY_ROOT, None)
    assert checked.unlogged == {scene.a[0].envelope, scene.c[0].envelope}


def test_the_log_may_go_on_and_what_was_promised_may_arrive(scene: Scene) -> None:
    awaited = {scene.b[0].commit: LAST, scene.c[0].commit: NOW, bytes(32): NOW}
    for size in (0, 1, 18, 35):
        seen = scene.log.signed(size=size).checkpoint
        known = replace(scene.known, seen=seen, awaited=awaited)
        checked = whole(scene.little.bundle(), known)
        assert checked.missing == {scene.c[0].commit, bytes(32)}, "their week is not over"


def test_an_opening_may_be_erased_once_a_year_is_over(scene: Scene) -> None:
    little = scene.reopened(scene.w, b"")
    later = Epoch.of(FIRST.monday + dt.timedelta(weeks=53))
    assert whole(little.bundle(), replace(scene.known, today=later)).weeks[FIRST].erased == 1
    found, _ = examine(little.bundle(), replace(scene.known, today=later.previous))
    assert gaps(found) == {Gap.UNOPENED}


# What a server, a courier or a thief of the log's key could try; each is found by its own check.

Lie = Callable[[Scene], tuple[Little, Known]]
LIES: list[tuple[Gap, str, Lie]] = []


def lie(gap: Gap, says: str) -> Callable[[Lie], Lie]:
    def add(make: Lie) -> Lie:
        LIES.append((gap, says, make))
        return make

    return add


@lie(Gap.CHECKPOINT, "it is of the log testimony-intake/else-abcdefgh")
def other_log(s: Scene) -> tuple[Little, Known]:
    signer = Signer("testimony-intake/else-abcdefgh", Algorithm.ED25519, LOG.seed)
    return replace(s.little, signed=s.log.signed(signer)), s.known


@lie(Gap.UNSIGNED, "did not sign the checkpoint")
def another_key(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, signed=s.log.signed(FORGER)), s.known


@lie(Gap.UNSIGNED, "did not sign the checkpoint")
def log_that_nobody_knows(s: Scene) -> tuple[Little, Known]:
    return s.little, replace(s.known, policy=Policy((), (), (), NONE))


@lie(Gap.UNSIGNED, "does not hold")
def false_signature(s: Scene) -> tuple[Little, Known]:
    signed = s.log.signed()
    (line,) = signed.note.signatures
    note = replace(signed.note, signatures=(replace(line, signature=bytes(64)),))
    return replace(s.little, signed=replace(signed, note=note)), s.known


@lie(Gap.QUORUM, "no cosignature of")
def without_a_witness(s: Scene) -> tuple[Little, Known]:
    witness = Cosigner("w.example", Algorithm.COSIGNATURE_ED25519, seed("witness"))
    policy = Policy(POLICY.logs, (Witness("w", witness.vkey),), (), "w")
    return s.little, replace(s.known, policy=policy)


@lie(Gap.CUT, "signed 35 entries, and the bundle has only 34")
def entry_cut_off(s: Scene) -> tuple[Little, Known]:
    cut = replace(s.log, entries=s.log.entries[:-1])
    return replace(s.little, log=cut, signed=s.log.signed()), s.known


@lie(Gap.CUT, "signed 34 entries, and the bundle has more")
def entry_too_many(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, signed=s.log.signed(size=34)), s.known


@lie(Gap.ROOT, "the 35 entries are not those that the log signed")
def entries_exchanged(s: Scene) -> tuple[Little, Known]:
    head, one, other, *rest = s.log.entries
    swapped = replace(s.log, entries=(head, other, one, *rest))
    return replace(s.little, log=swapped, signed=s.log.signed()), s.known


@lie(Gap.ENTRY, "entry 35: a public log entry is of an unknown event")
def unknown_entry(s: Scene) -> tuple[Little, Known]:
    return s.with_log(replace(s.log, entries=(*s.log.entries, b"Pnews x"))), s.known


@lie(Gap.ORDER, "not a multiple of 16")
def void_entry_saved(s: Scene) -> tuple[Little, Known]:
    entries = (*s.log.entries[:-2], s.log.entries[-1])
    return s.with_log(LittleLog(entries, s.log.openings[:-1])), s.known


@lie(Gap.ORDER, "are of no closed epoch")
def week_that_is_not_closed(s: Scene) -> tuple[Little, Known]:
    return s.with_log(replace(s.log, entries=s.log.entries[:-1])), s.known


@lie(Gap.OLDER, "its log has 18 entries, and 35 were seen before")
def old_root(s: Scene) -> tuple[Little, Known]:
    log = LittleLog(s.log.entries[:18], s.log.openings[:16])
    older = Little(s.little.panel, log, items=(s.a, (s.w, b"w"), (s.r, b"r")), objects=False)
    return older, replace(s.known, seen=s.log.signed().checkpoint)


@lie(Gap.OLDER, "it has no log, and one of 35 entries was seen before")
def no_log_any_more(s: Scene) -> tuple[Little, Known]:
    little = Little(s.little.panel, None, unlogged=(s.c,))
    return little, replace(s.known, seen=s.log.signed().checkpoint)


@lie(Gap.REWRITTEN, "the first 18 entries are not those that were seen before")
def history_rewritten(s: Scene) -> tuple[Little, Known]:
    other = LittleLog().with_rosters(s.little.panel.note).close(FIRST, s.a[0], s.w, s.r)
    return s.little, replace(s.known, seen=other.signed().checkpoint)


@lie(Gap.REWRITTEN, "the first 35 entries are not those that were seen before")
def fork_of_one_size(s: Scene) -> tuple[Little, Known]:
    head, one, other, *rest = s.log.entries
    forked = LittleLog((head, other, one, *rest)).signed().checkpoint
    return s.little, replace(s.known, seen=forked)


@lie(Gap.UNOPENED, f"week {LAST}: entry 33 has no opening in the bundle")
def not_opened(s: Scene) -> tuple[Little, Known]:
    return s.with_log(replace(s.log, openings=s.log.openings[:-1])), s.known


@lie(Gap.UNOPENED, f"week {LAST}: entry 18 has no opening in the bundle")
def erased_too_early(s: Scene) -> tuple[Little, Known]:
    return replace(s.reopened(s.b[0], b""), items=(s.a,)), s.known


@lie(Gap.MISMATCH, f"week {LAST}: entry 18 has an opening that is not its own")
def passed_off_as_void(s: Scene) -> tuple[Little, Known]:
    void = Void.fresh(LAST).to_bytes()
    return replace(s.reopened(s.b[0], void), items=(s.a,)), s.known


@lie(Gap.MISMATCH, "has an opening that is not its own")
def opening_that_is_none(s: Scene) -> tuple[Little, Known]:
    return replace(s.reopened(s.b[0], b"nothing"), items=(s.a,)), s.known


@lie(Gap.MISMATCH, "more openings than the log has entries")
def opening_of_no_entry(s: Scene) -> tuple[Little, Known]:
    openings = (*s.log.openings, Void.fresh(LAST).to_bytes())
    return s.with_log(replace(s.log, openings=openings)), s.known


@lie(Gap.WEEK, f"week {NOW}: entry 35 has an opening of week {LAST}")
def logged_in_another_week(s: Scene) -> tuple[Little, Known]:
    late = (replace(s.b[0], salt=os.urandom(32), envelope=s.c[0].envelope), s.c[1])
    log = s.log.close(NOW, late[0])
    little = replace(s.little, log=log, items=(s.a, s.b, late), unlogged=(), events=())
    return little, s.known


@lie(Gap.WITHHELD, f"week {LAST}: entry 18 has an opening, and its object is not in the bundle")
def withheld(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, items=(s.a,)), s.known


@lie(Gap.WITHHELD, f"week {FIRST}: entry 3 has an opening, and its object is not in the bundle")
def released_without_a_statement(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, statements=()), s.known


@lie(Gap.WITHHELD, "has an opening, and its object is not in the bundle")
def deleted_before_its_week_is_over(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, events=(s.d,)), s.known


@lie(Gap.REPLACED, f"week {LAST}: entry 18 has another object than its opening names")
def replaced(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, items=(s.a, (s.b[0], s.c[1]))), s.known


@lie(Gap.REPLACED, "is another one")
def replaced_before_its_week_is_over(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, unlogged=((s.c[0], s.a[1]),)), s.known


@lie(Gap.FORGED, f"week {FIRST}: entry 2 was withdrawn, and not authorised by its author")
def forged_withdrawal(s: Scene) -> tuple[Little, Known]:
    forged = Withdrawn.fresh(LAST, s.w.envelope, bytes(32))
    return relogged(s, s.b[0], forged, collected(LAST, s.r)), s.known


@lie(Gap.FORGED, "was withdrawn, and not authorised by its author")
def forged_withdrawal_before_its_week_is_over(s: Scene) -> tuple[Little, Known]:
    forged = Withdrawn.fresh(NOW, s.d.envelope, bytes(32))
    return replace(s.little, events=(s.d, forged)), s.known


@lie(Gap.FORGED, "was withdrawn, and was never submitted")
def withdrawal_of_nothing(s: Scene) -> tuple[Little, Known]:
    taken = Withdrawn.fresh(LAST, s.w.envelope, PREIMAGE)
    more = Withdrawn.fresh(LAST, bytes(32), PREIMAGE)
    return relogged(s, s.b[0], taken, collected(LAST, s.r), more), s.known


@lie(Gap.KEPT, f"week {LAST}: entry 18 was withdrawn, and its object is in the bundle")
def withdrawn_and_kept(s: Scene) -> tuple[Little, Known]:
    more = Withdrawn.fresh(NOW, s.b[0].envelope, PREIMAGE)
    return replace(s.little, events=(*s.little.events, more)), s.known


@lie(Gap.KEPT, "was withdrawn, and its object is in the bundle")
def withdrawn_and_kept_before_its_week_is_over(s: Scene) -> tuple[Little, Known]:
    more = Withdrawn.fresh(NOW, s.c[0].envelope, PREIMAGE)
    return replace(s.little, events=(*s.little.events, more)), s.known


@lie(Gap.DOUBLE, "opens to a submission that another entry opens to")
def logged_twice(s: Scene) -> tuple[Little, Known]:
    taken = Withdrawn.fresh(LAST, s.w.envelope, PREIMAGE)
    return relogged(s, s.b[0], s.b[0], taken, collected(LAST, s.r)), s.known


@lie(Gap.DOUBLE, "was withdrawn twice in the log")
def withdrawn_twice(s: Scene) -> tuple[Little, Known]:
    more = Withdrawn.fresh(NOW, s.w.envelope, PREIMAGE)
    return replace(s.little, events=(*s.little.events, more)), s.known


@lie(Gap.STATEMENT, "statement number 2 is not signed by two reviewers of one roster")
def statement_of_one_reviewer(s: Scene) -> tuple[Little, Known]:
    alone = statement_of(s.r, signers=(1,))
    return replace(s.little, statements=(*s.little.statements, alone)), s.known


@lie(Gap.STATEMENT, "statement number 2 is named by no entry of the log")
def statement_that_the_log_does_not_name(s: Scene) -> tuple[Little, Known]:
    more = statement_of(s.a[0])
    return replace(s.little, statements=(*s.little.statements, more)), s.known


@lie(Gap.STATEMENT, "statement number 2 is named by no entry of the log")
def statement_of_others_than_the_log_says(s: Scene) -> tuple[Little, Known]:
    more = statement_of(s.a[0], signers=(1, 3))
    event = collected(NOW, s.a[0])
    little = replace(s.little, events=(*s.little.events, event))
    return replace(little, statements=(*s.little.statements, more)), s.known


def revoking(s: Scene, *names: str, reason: str = "compromised") -> Roster:
    """The roster in which these reviewers stand no more, and why."""
    now = s.little.panel.roster
    gone = [one for one in now.reviewers if one.name in names]
    lines = (
        Revocation(one.name, recipient_hash(one.recipient), now.issued, reason)  # type: ignore[arg-type]
        for one in gone
    )
    left = tuple(one for one in now.reviewers if one not in gone)
    return replace(now, version=2, previous=now.digest, reviewers=left, k=1, revoked=tuple(lines))


def with_roster(s: Scene, roster: Roster) -> Known:
    return replace(s.known, rosters={**s.known.rosters, roster.digest: roster})


@lie(
    Gap.STATEMENT,
    "statement number 2, which came into the log after a key that signed it was revoked",
)
def let_go_with_a_stolen_key(s: Scene) -> tuple[Little, Known]:
    """Both weeks are logged; what the thieves of one key sign comes after."""
    roster = revoking(s, "r2")
    log = s.log.with_rosters(sign(roster)).close(NOW, collected(NOW, s.b[0]))
    statements = (*s.little.statements, statement_of(s.b[0]))
    little = Little(s.little.panel, log, items=(s.a,), statements=statements)
    return little, with_roster(s, roster)


@lie(
    Gap.STATEMENT,
    "statement number 2, which came into the log after a key that signed it was revoked",
)
def let_go_with_a_stolen_key_that_stood_beside_another_recipient(s: Scene) -> tuple[Little, Known]:
    """A revocation names the recipient; the thieves have the signing key of an earlier month too."""
    now = s.little.panel.roster
    first, second, third = now.reviewers
    before = replace(
        now,
        reviewers=(first, replace(second, recipient=HybridIdentity.generate().recipient), third),
    )
    little, known = let_go_with_a_stolen_key(s)
    return little, replace(known, rosters={before.digest: before, **known.rosters})


@lie(
    Gap.STATEMENT,
    "statement number 2, which came into the log after a key that signed it was revoked",
)
def let_go_between_two_rosters_that_revoke_the_stolen_key(s: Scene) -> tuple[Little, Known]:
    """The first one counts, of those that revoke one recipient and of the recipients beside one key."""
    now = s.little.panel.roster
    other = HybridIdentity.generate().recipient
    before = replace(
        now,
        reviewers=tuple(
            replace(r, recipient=other) if r.name == "r2" else r for r in now.reviewers
        ),
    )
    roster = revoking(s, "r2")
    line = Revocation("r2", recipient_hash(other), now.issued, "compromised")
    later = replace(roster, version=3, previous=roster.digest, revoked=(*roster.revoked, line))
    log = s.log.with_rosters(sign(roster)).close(NOW, collected(NOW, s.b[0]))
    little = Little(
        s.little.panel,
        log.with_rosters(sign(later)),
        items=(s.a,),
        statements=(*s.little.statements, statement_of(s.b[0])),
    )
    rosters = {one.digest: one for one in (now, before, roster, later)}
    return little, replace(s.known, rosters=rosters)


@lie(
    Gap.STATEMENT,
    "statement number 2, which came into the log after a key that signed it was revoked",
)
def let_go_with_a_stolen_key_and_not_yet_logged(s: Scene) -> tuple[Little, Known]:
    little = replace(
        s.little,
        items=(s.a,),
        statements=(*s.little.statements, statement_of(s.b[0])),
        events=(*s.little.events, collected(NOW, s.b[0])),
    )
    return little, with_roster(s, revoking(s, "r2"))


@lie(Gap.ROSTER, "the log has roster 2, which is not in the bundle, or not signed by the root")
def let_go_with_a_stolen_key_and_the_roster_that_revokes_it_kept_back(
    s: Scene,
) -> tuple[Little, Known]:
    """Who has never seen it finds it in the log, which witnesses saw."""
    return let_go_with_a_stolen_key(s)[0], s.known


@lie(Gap.ROSTER, "is sealed to roster 2, which the log does not have")
def logged_under_a_roster_that_is_not(s: Scene) -> tuple[Little, Known]:
    roster = revoking(s, "r2", reason="retired")
    later = item(replace(s.little.panel, roster=roster), NOW)
    log = s.log.close(NOW, later[0])
    little = replace(s.little, log=log, items=(s.a, s.b, later), unlogged=(), events=())
    return little, with_roster(s, roster)


@lie(Gap.ROSTER, "is sealed to roster 2, which the log does not have")
def a_second_roster_of_the_version_that_the_log_has(s: Scene) -> tuple[Little, Known]:
    """Two of one version, both signed by the root holders: only one of them is announced."""
    roster, other = revoking(s, "r2", reason="retired"), revoking(s, "r3", reason="retired")
    later = item(replace(s.little.panel, roster=other), NOW)
    log = s.log.with_rosters(sign(roster))
    known = replace(with_roster(s, roster), rosters={**s.known.rosters, other.digest: other})
    return replace(s.little, log=log, unlogged=(later,)), known


@lie(Gap.STRANGER, "is in the bundle, and neither in the log nor promised to it")
def slipped_in(s: Scene) -> tuple[Little, Known]:
    return replace(s.little, items=(*s.little.items, s.c), unlogged=()), s.known


@lie(Gap.PROMISE, "has a promise that does not hold")
def slipped_in_under_a_false_promise(s: Scene) -> tuple[Little, Known]:
    return promising(s, promise_for(s.c[0], FORGER)), s.known


@lie(Gap.PROMISE, "has a promise that does not hold")
def promise_of_another(s: Scene) -> tuple[Little, Known]:
    return promising(s, promise_for(s.d, LOG)), s.known


@lie(Gap.PROMISE, "has a promise that does not hold")
def promise_of_another_week(s: Scene) -> tuple[Little, Known]:
    promise = Promise(LOG.name, NOW.next, s.c[0].commit)
    return promising(s, promise.signed(LOG).to_bytes()), s.known


@lie(Gap.PROMISE, "is promised to a week that has not begun")
def promise_for_a_time_that_does_not_come(s: Scene) -> tuple[Little, Known]:
    late = (replace(s.c[0], epoch=NOW.next.next), s.c[1])
    return replace(s.little, unlogged=(late,)), s.known


@lie(Gap.PROMISE, "has a promise that does not hold")
def promise_that_is_none(s: Scene) -> tuple[Little, Known]:
    return promising(s, b"soon\n"), s.known


@lie(Gap.BROKEN, f"week {LAST}: object ")
def promised_to_a_week_that_is_over(s: Scene) -> tuple[Little, Known]:
    late = (replace(s.c[0], epoch=LAST), s.c[1])
    return replace(s.little, unlogged=(late,)), s.known


@lie(Gap.BROKEN, f"week {LAST}: what an earlier bundle promised as 000000000000 is not in the log")
def promise_broken(s: Scene) -> tuple[Little, Known]:
    return s.little, replace(s.known, awaited={bytes(32): LAST, s.b[0].commit: LAST})


@lie(Gap.READERS, "the sealed object has 4 stanzas and the roster 3 reviewers")
def hidden_reader(s: Scene) -> tuple[Little, Known]:
    opening, sealed = one_stanza_more(s.little.panel)
    return replace(s.little, unlogged=((replace(opening, epoch=NOW), sealed),)), s.known


@lie(Gap.ROSTER, "is sealed to roster 1, which the log does not have")
def roster_that_is_not_logged(s: Scene) -> tuple[Little, Known]:
    log = LittleLog().close(LAST, s.b[0])
    return Little(s.little.panel, log, items=(s.b,)), s.known


@lie(Gap.ROSTER, "is sealed to roster 1, which the log does not have")
def roster_of_which_another_is_logged(s: Scene) -> tuple[Little, Known]:
    changed = RosterChanged(1, f"sha256:{'0' * 64}").to_bytes()
    log = LittleLog((changed,)).close(LAST, s.b[0])
    return Little(s.little.panel, log, items=(s.b,)), s.known


@lie(Gap.ROSTER, "entry 18 names a roster that the log does not")
def roster_of_a_withdrawn_one_that_is_not_logged(s: Scene) -> tuple[Little, Known]:
    gone = replace(s.w, roster=f"sha256:{'1' * 64}", epoch=LAST, envelope=bytes([7]) * 32)
    events = (gone, Withdrawn.fresh(LAST, gone.envelope, PREIMAGE))
    taken = Withdrawn.fresh(LAST, s.w.envelope, PREIMAGE)
    return replace(relogged(s, *events, taken, collected(LAST, s.r)), items=(s.a,)), s.known


@lie(Gap.ROSTER, "not in the bundle, or not signed by the root holders")
def roster_that_nobody_signed(s: Scene) -> tuple[Little, Known]:
    log = LittleLog().with_rosters(s.little.panel.note).close(LAST, s.b[0])
    return Little(s.little.panel, log, items=(s.b,)), replace(s.known, rosters={})


@lie(Gap.ROSTER, "the log has roster 1, which is not in the bundle, or not signed by the root")
def the_first_roster_exchanged_for_another_of_its_version(s: Scene) -> tuple[Little, Known]:
    """Both signed by the root holders: the log has the one, and the bundle shows the other."""
    log = LittleLog().with_rosters(s.little.panel.note).close(LAST)
    roster = s.little.panel.roster
    other = replace(roster, reviewers=roster.reviewers[:-1])
    return Little(s.little.panel, log), replace(s.known, rosters={other.digest: other})


def relogged(s: Scene, *events: Event) -> Little:
    """The scene with other events in its second week."""
    first = LittleLog(s.log.entries[:18], s.log.openings[:16])
    return s.with_log(first.close(LAST, *events))


def promising(s: Scene, promise: bytes) -> Little:
    return replace(s.little, promises={s.c[0].commit: promise})


@pytest.mark.parametrize(("gap", "says", "make"), LIES, ids=[row[2].__name__ for row in LIES])
def test_each_lie_is_named_by_its_own_check_and_by_no_other(
    scene: Scene, gap: Gap, says: str, make: Lie
) -> None:
    little, known = make(scene)
    found, checked = examine(little.bundle(), known)
    assert checked is None
    assert gaps(found) == {gap}, [str(one) for one in found.first]
    assert any(says in one.phrase for one in found.first), [one.phrase for one in found.first]


def test_every_kind_of_finding_has_a_lie_that_shows_it() -> None:
    assert {gap for gap, _, _ in LIES} == set(Gap)


def test_a_finding_says_its_check_and_no_two_kinds_have_one_name() -> None:
    assert len({str(gap) for gap in Gap}) == len(Gap)
    assert all(gap.hint for gap in Gap)
    checks = [gap.check for gap in Gap]
    assert set(checks) == set(range(1, 8))
    assert all(one <= other for one, other in pairwise(checks))


def test_a_thousand_faults_are_counted_and_the_first_are_told(scene: Scene) -> None:
    events = [replace(scene.b[0], salt=os.urandom(32), envelope=os.urandom(32)) for _ in range(60)]
    log = LittleLog().with_rosters(scene.little.panel.note).close(LAST, *events)
    found, _ = examine(Little(scene.little.panel, log).bundle(), scene.known)
    assert (found.count, len(found.first)) == (60, MOST)
    assert [one.phrase.split()[3] for one in found.first[:2]] == ["1", "2"]


def test_a_statement_outlives_the_opening_that_named_it(scene: Scene) -> None:
    """After a year the log's openings are gone; but an unnamed statement lets nothing newer go."""
    (released,) = (o for o in scene.log.openings if o.startswith(b"event collected"))
    first, second = (openings_of(scene, epoch) for epoch in (FIRST, LAST))
    log = replace(scene.log, openings=(*[b""] * len(first), *[b""] * len(second)))
    little = replace(scene.little, log=log, items=())
    later = Epoch.of(LAST.monday + dt.timedelta(weeks=53))
    whole(little.bundle(), replace(scene.known, today=later))
    kept = (
        b"" if one == released or one in (first[1], first[3]) else one for one in scene.log.openings
    )
    little = replace(scene.little, log=replace(scene.log, openings=tuple(kept)))
    found, _ = examine(little.bundle(), replace(scene.known, today=later))
    assert gaps(found) == {Gap.WITHHELD}
    assert any("entry 3 has an opening" in one.phrase for one in found.first)


def openings_of(scene: Scene, epoch: Epoch) -> list[bytes]:
    line = f"\nepoch {epoch}\n".encode()
    return [opening for opening in scene.log.openings if line in opening]


def test_a_fault_is_told_once(scene: Scene) -> None:
    """What was promised before, is promised still, and has missed its week."""
    late = (replace(scene.c[0], epoch=LAST), scene.c[1])
    little = replace(scene.little, unlogged=(late,))
    known = replace(scene.known, awaited={late[0].commit: LAST})
    found, _ = examine(little.bundle(), known)
    assert (found.count, gaps(found)) == (1, {Gap.BROKEN})


def test_a_release_counts_from_its_promise_on(scene: Scene) -> None:
    """Its objects are gone at once, and its entry comes at the end of the week."""
    statements = (*scene.little.statements, statement_of(scene.a[0], scene.b[0]))
    events = (*scene.little.events, collected(NOW, scene.a[0], scene.b[0]))
    little = replace(scene.little, items=(), statements=statements, events=events)
    assert whole(little.bundle(), scene.known).contents.items[0].opening == scene.c[0]


def test_a_statement_counts_under_any_roster_in_which_its_signers_stand(scene: Scene) -> None:
    panel = scene.little.panel
    first, second, third = panel.roster.reviewers
    fewer = replace(panel.roster, reviewers=(first, third))
    rosters = {fewer.digest: fewer, panel.roster.digest: panel.roster}
    assert next(iter(rosters)) == fewer.digest
    statement = statement_of(scene.r, signers=(1, 2, 3))
    event = Collected.fresh(NOW, [scene.r.envelope], ["r1", "r2", "r3"])
    little = replace(
        scene.little,
        statements=(*scene.little.statements, statement),
        events=(*scene.little.events, event),
    )
    whole(little.bundle(), replace(scene.known, rosters=rosters))
    assert second not in fewer.reviewers


def test_statements_that_are_cut_short_are_a_finding(scene: Scene) -> None:
    little = replace(scene.little, objects=False)
    contents, _ = little.contents()
    for less in (1, 3, contents.statements - 3):
        told = replace(contents, statements=contents.statements - less)
        bundle = Bundle(BytesIO(b"".join(little.body())[:-less]), told, 0)
        found, _ = examine(bundle, scene.known)
        assert found.first[0].phrase == "the bundle's statements are cut short"
        assert found.first[0].gap is Gap.STATEMENT


@pytest.mark.parametrize("more", [b"\x00", b"\xff\xff and less than it says", bytes(2)])
def test_nothing_stands_behind_the_last_opening(scene: Scene, more: bytes) -> None:
    """Also what is no whole opening: nobody signed it, and no entry commits to it."""
    little = replace(scene.little, objects=False)
    contents, _ = little.contents()
    entries, openings = contents.log
    told = replace(contents, log=(entries, openings + len(more)))
    body = b"".join(little.body())
    at = entries + openings
    found, checked = examine(Bundle(BytesIO(body[:at] + more + body[at:]), told, 0), scene.known)
    assert [str(one) for one in found.first] == [
        "check 4, mismatch: the bundle has more openings than the log has entries for them"
    ]
    assert checked is None


def test_what_was_let_go_before_a_key_was_stolen_stays_let_go(scene: Scene) -> None:
    """By the log's order; and what a retired reviewer signed counts for ever."""
    for roster in (revoking(scene, "r1", "r2"), revoking(scene, "r2", reason="retired")):
        log = scene.log.with_rosters(sign(roster))
        for little in (scene.little, scene.with_log(log)):
            whole(little.bundle(), with_roster(scene, roster))
    late = scene.log.with_rosters(sign(roster)).close(NOW, collected(NOW, scene.b[0]))
    statements = (*scene.little.statements, statement_of(scene.b[0]))
    little = Little(scene.little.panel, late, items=(scene.a,), statements=statements)
    whole(little.bundle(), with_roster(scene, roster))


def test_a_stolen_key_takes_nothing_from_what_two_others_signed_or_sign_anew(scene: Scene) -> None:
    roster = revoking(scene, "r2")
    known = with_roster(scene, roster)
    log = scene.log.with_rosters(sign(roster))
    three = Collected.fresh(NOW, [scene.b[0].envelope], ["r1", "r2", "r3"])
    little = replace(
        scene.with_log(log),
        items=(scene.a,),
        statements=(*scene.little.statements, statement_of(scene.b[0], signers=(1, 2, 3))),
        events=(*scene.little.events, three),
    )
    whole(little.bundle(), known)
    old, anew = statement_of(scene.b[0]), statement_of(scene.b[0], signers=(1, 3))
    events = collected(NOW, scene.b[0]), Collected.fresh(NOW, [scene.b[0].envelope], ["r1", "r3"])
    little = replace(
        little,
        statements=(*scene.little.statements, old, anew),
        events=(*scene.little.events, *events),
    )
    whole(little.bundle(), known)


def test_a_new_roster_stops_nobody_before_it_is_cosigned(scene: Scene) -> None:
    """What was sealed to it since is read now: the root holders signed it, and it must be logged."""
    roster = revoking(scene, "r2", reason="retired")
    fresh = item(replace(scene.little.panel, roster=roster), NOW)
    little = replace(scene.little, unlogged=(scene.c, fresh), notes=(sign(roster),))
    checked = whole(little.bundle(), with_roster(scene, roster))
    assert fresh[0].envelope in checked.unlogged
    found, _ = examine(little.bundle(), scene.known)
    assert gaps(found) == {Gap.ROSTER}, "a roster that nobody verified is none"


def test_after_eighty_weeks_of_statements_that_name_everything_a_bundle_is_still_read(
    tmp_path: Path,
) -> None:
    """100 a week, each statement with all before it, as `intake review confirm` makes them: 18 MB."""
    panel, envelopes = make_panel(), list[bytes]()
    log, statements = LittleLog().with_rosters(panel.note), list[bytes]()
    opening = item(panel, FIRST)[0]
    for back in range(81, 1, -1):
        epoch = Epoch.of(NOW.monday - dt.timedelta(weeks=back))
        week = [
            replace(opening, epoch=epoch, salt=os.urandom(32), envelope=os.urandom(32))
            for _ in range(100)
        ]
        envelopes += [one.envelope for one in week]
        by = Collected.fresh(epoch, envelopes, ["r1", "r2"])
        log = log.close(epoch, *week, by)
        made = Collection.of("test-abcdefgh", 0, EMPTY_ROOT, envelopes)
        statements.append(
            made.signed(
                *(Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
            ).to_bytes()
        )
    little = Little(panel, log, statements=tuple(statements))
    assert sum(map(len, statements)) > 16 << 20
    data = little.to_bytes()
    with Bundle.open(BytesIO(data), panel.identities, tmp_path) as bundle:
        known = Known(POLICY, {panel.roster.digest: panel.roster}, today=NOW)
        assert sum(week.submitted for week in whole(bundle, known).weeks.values()) == 8000


def test_what_the_log_says_in_public_may_stand_anywhere_between_weeks(scene: Scene) -> None:
    other = replace(scene.little.panel.roster, version=2, previous=scene.little.panel.roster.digest)
    changed = RosterChanged(2, other.digest).to_bytes()
    log = replace(scene.log, entries=(*scene.log.entries, changed)).close(NOW, scene.c[0], scene.d)
    little = replace(scene.little, log=log, items=(scene.a, scene.b, scene.c), unlogged=())
    # The withdrawal of `d` came after its week was closed early.
    late = Withdrawn.fresh(NOW.next, scene.d.envelope, PREIMAGE)
    checked = whole(replace(little, events=(late,)).bundle(), with_roster(scene, other))
    assert checked.weeks[NOW].submitted == 2


def test_a_roster_that_names_a_log_says_what_is_believed(panel: Panel) -> None:
    assert policy_of(panel.roster) is None
    named = replace(panel.roster, log=LOG.vkey)
    assert policy_of(named) == Policy((Log(LOG.vkey),), (), (), NONE)
    keys = [
        Cosigner(f"w{n}.example", Algorithm.COSIGNATURE_ED25519, seed(f"witness {n}"))
        for n in (1, 2)
    ]
    both = policy_of(replace(named, quorum=2, witnesses=tuple(key.vkey for key in keys)))
    assert both is not None
    assert both.groups == (Group("quorum", 2, tuple(w.name for w in both.witnesses)),)
    assert both.quorum == "quorum"
    assert Policy.parse(both.to_bytes()) == both
    log = LittleLog().close(LAST)
    known = Known(both, {}, today=NOW)
    signed = log.signed()
    for key, gaps_found in ((keys[0], {Gap.QUORUM}), (keys[1], set())):
        line = key.cosign(signed.checkpoint, 1)
        signed = replace(signed, note=signed.note.with_signature(line))
        found, _ = examine(Little(panel, log, signed=signed).bundle(), known)
        assert gaps(found) == gaps_found


def test_a_commitment_in_the_log_needs_all_of_its_bytes(scene: Scene) -> None:
    """The entry is `B` and the commitment, and its last byte counts."""
    entry = scene.log.entries[scene.log.number(scene.b[0])]
    flipped = entry[:-1] + bytes([entry[-1] ^ 1])
    assert Blinded(flipped[1:]).to_bytes() == flipped
    entries = tuple(flipped if one == entry else one for one in scene.log.entries)
    log = replace(scene.log, entries=entries)
    found, _ = examine(replace(scene.little, log=log, items=(scene.a,)).bundle(), scene.known)
    assert gaps(found) == {Gap.MISMATCH}


def test_a_proof_is_of_the_entry_and_not_of_bytes_across_two(scene: Scene) -> None:
    """Hashes are looked for in all of them joined."""
    leaf = leaf_hash(Blinded(scene.b[0].commit).to_bytes())
    across = [bytes(16) + leaf[:16], leaf[16:] + bytes(16)]
    for leaves, index in ((across, None), ([*across, leaf], 2), ([leaf, *across], 0)):
        edge = EMPTY.extended(leaves)
        text = Checkpoint(LOG.name, edge.size, edge.root).to_bytes()
        proofs = LogProofs(b"".join(leaves), SignedCheckpoint(Note(text, (LOG.sign(text),))))
        if index is None:
            with pytest.raises(ProofError, match="not in the log"):
                proofs.proof_of(scene.b[0])
        else:
            assert LogProof.parse(proofs.proof_of(scene.b[0])).index == index


LONG = """
import sys
from tempfile import TemporaryFile
from datetime import timedelta
from benchmarks.high_water import forget, most
from intake.bundle import Bundle, Contents, framed
from intake.completeness import Known, examine
from intake.epoch import Epoch
from intake.event import Void
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.entries import Blinded, EpochClosed
from intake.tlog.merkle import EMPTY, leaf_hashes
from intake.tlog.note import Note
from tests.little_log import LOG, POLICY
today, spool, other, edge, lengths = Epoch.now(), TemporaryFile(), TemporaryFile(), EMPTY, [0, 0]
for week in reversed(range(20)):
    epoch = Epoch.of(today.monday - timedelta(weeks=week))
    voids = [Void.fresh(epoch) for _ in range(2000)]
    entries = [*(Blinded(v.commit).to_bytes() for v in voids), EpochClosed(epoch).to_bytes()]
    edge = edge.extended(leaf_hashes(entries))
    for part, (file, values) in enumerate(((spool, entries), (other, [v.to_bytes() for v in voids]))):
        for block in framed(values):
            lengths[part] += file.write(block)
other.seek(0)
spool.write(other.read())
text = Checkpoint(LOG.name, edge.size, edge.root).to_bytes()
signed = SignedCheckpoint(Note(text, (LOG.sign(text),)))
contents = Contents("test-abcdefgh", today, (), (), signed.to_bytes(), tuple(lengths))
forget()
before = most()
found, checked = examine(Bundle(spool, contents, 0), Known(POLICY, {}, today=today))
print(checked.size, sum(week.void for week in checked.weeks.values()), (most() - before) // 1024)
"""


def test_a_long_log_takes_no_memory() -> None:
    """40,020 entries; a million take no more than they do, some 5 MiB."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", LONG]
    done = subprocess.run(
        command, capture_output=True, check=True, timeout=180, text=True, env=environment
    )
    size, voids, mebibytes = map(int, done.stdout.split())
    assert (size, voids) == (40_020, 40_000)
    assert mebibytes < 16


@settings(deadline=None, max_examples=60)
@given(
    openings=st.lists(st.binary(max_size=80), max_size=40),
    tail=st.binary(max_size=40),
    cut=st.integers(0, 60),
    resign=st.booleans(),
)
def test_whatever_the_log_holds_is_a_finding_and_never_an_accident(
    scene: Scene, openings: list[bytes], tail: bytes, cut: int, *, resign: bool
) -> None:
    entries = (*scene.log.entries[:cut], *([tail] if tail else []))
    log = LittleLog(entries, (*scene.log.openings[: cut // 2], *openings))
    little = replace(scene.little, log=log, signed=None if resign else scene.log.signed())
    found, checked = examine(little.bundle(), scene.known)
    assert (checked is None) == (found.count > 0)
    assert all(one.phrase.isprintable() for one in found.first)
