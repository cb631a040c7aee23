"""No bytes of a stranger, nor of a damaged disk, end in anything but one of our own errors."""

import contextlib
import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.audit.follow import Terms, follow
from intake.audit.followed import Followed
from intake.audit.receipt import check_receipt
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError
from intake.log_reading import Passed
from intake.opening import Opening
from intake.tlog.entries import Blinded, CodeReleased, ConfigChanged, RosterChanged
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from tests.tlog.logs import LOG, ORIGIN, POLICY, checkpoint_of, signed

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
OPENING = Opening(Epoch(2026, 47), *[bytes(32)] * 3, "sha256:" + "0" * 64, *[bytes(32)] * 2)
SIGNED = signed(checkpoint_of([Blinded(OPENING.commit).to_bytes()]))
RECEIPT = LogProof(0, (), SIGNED, OPENING.to_bytes()).to_bytes()
PROMISE = Promise(ORIGIN, OPENING.epoch, OPENING.commit).signed(LOG).to_bytes()
DIGEST = "sha256:" + "0" * 64
PASSED = Passed(
    Epoch(2026, 47), RosterChanged(3, DIGEST), ConfigChanged(DIGEST), CodeReleased(DIGEST)
)
KEPT = Followed(PASSED, SIGNED).to_bytes()

changes = st.tuples(st.integers(0, 6000), st.integers(0, 40), st.binary(max_size=40))


def changed(data: bytes, change: tuple[int, int, bytes]) -> bytes:
    """The same bytes with some of them cut out and others put in."""
    at, cut, put = change
    at %= len(data) + 1
    return data[:at] + put + data[at + cut :]


@settings(deadline=None)
@given(changes)
def test_what_was_kept_reads_back_or_is_refused(change: tuple[int, int, bytes]) -> None:
    """Whatever a disk made of it."""
    data = changed(KEPT, change)
    try:
        followed = Followed.parse(data)
    except MalformedError:
        return
    assert followed.to_bytes() == data


def test_each_kind_of_entry_is_kept() -> None:
    """All four, some, or none."""
    for passed in (PASSED, Passed(), replace(PASSED, closed=None), Passed(code=PASSED.code)):
        followed = Followed(passed, SIGNED)
        assert Followed.parse(followed.to_bytes()) == followed


@settings(deadline=None)
@given(st.sampled_from([RECEIPT, PROMISE]), changes)
def test_a_changed_receipt_or_promise_is_never_another_one(
    paper: bytes, change: tuple[int, int, bytes]
) -> None:
    """It holds only if it says just the same; a further line of a stranger changes nothing."""
    assert check_receipt(paper, Terms(POLICY), None, NOW).findings == []
    with contextlib.suppress(IntakeError):
        checked = check_receipt(changed(paper, change), Terms(POLICY), None, NOW)
        if not checked.findings:
            holds = check_receipt(paper, Terms(POLICY), None, NOW).holds
            # A whole cosignature line can go while two are left.
            assert [text.partition(", cos")[0] for text in checked.holds] == [
                text.partition(", cos")[0] for text in holds
            ]


@settings(deadline=None)
@given(changes, st.binary(max_size=60))
def test_whatever_a_site_answers_is_a_finding(
    change: tuple[int, int, bytes], anything: bytes
) -> None:
    """A changed checkpoint, and the same bytes for every tile, note and manifest."""
    note = changed(SIGNED.to_bytes(), change)

    def ask(path: str) -> bytes:
        return note if path == "/log/checkpoint" else anything

    outcome = follow(ask, Terms(POLICY), None, NOW, lambda *_: None)
    assert outcome.findings
    assert outcome.followed is None
