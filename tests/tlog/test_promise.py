"""What a person may rely on in the promise that a log gives at once (docs/format.md, Log)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.note import Note
from intake.tlog.promise import Promise
from tests.tlog.logs import LOG, LOG_ML_DSA, ORIGIN, WITNESSES

PROMISE = Promise(ORIGIN, Epoch(2026, 47), bytes(range(32)))
GOOD = PROMISE.signed(LOG).to_bytes()


def test_a_promise_is_four_lines_and_the_logs_signature() -> None:
    """Nothing but the log, the week and the commitment: no time, no size, no name."""
    assert PROMISE.to_bytes().decode() == (
        "testimony-intake/promise/v1\n"
        "testimony-intake/test-abcdefgh\n"
        "2026-W47\n"
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )
    assert len(GOOD) == 242
    assert Promise.open(GOOD, LOG.vkey) == PROMISE


def test_only_the_log_that_it_names_can_give_it() -> None:
    """Another key, another name, or a text altered after it was signed: refused."""
    with pytest.raises(ProofError):
        Promise.open(GOOD, LOG_ML_DSA.vkey)
    with pytest.raises(ProofError):
        Promise.open(GOOD.replace(b"2026-W47", b"2026-W48"), LOG.vkey)
    other = replace(LOG, name="testimony-intake/test-bcdefghi")
    with pytest.raises(ProofError):
        Promise.open(GOOD, other.vkey)
    with pytest.raises(ProofError):
        Promise.open(
            Note(PROMISE.to_bytes(), (other.sign(PROMISE.to_bytes()),)).to_bytes(), other.vkey
        )
    with pytest.raises(ValueError, match="names"):
        PROMISE.signed(other)
    with pytest.raises(ValueError, match="texts"):
        Promise.open(GOOD, WITNESSES[0].vkey)


def test_no_signature_serves_for_a_promise_and_a_checkpoint() -> None:
    """The same key signs both, so neither text may ever read as the other."""
    with pytest.raises(MalformedError):
        Checkpoint.parse(PROMISE.to_bytes())
    with pytest.raises(MalformedError):
        Promise.parse(Checkpoint(ORIGIN, 47, bytes(32)).to_bytes())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"promise/v1", b"promise/v2"),
        (b"2026-W47", b"2026-W54"),
        (b"2026-W47", b"2026-47"),
        (b"2026-W47\n", b""),
        (b"AAEC", b"AAE"),
        (b"Hh8=\n", b"Hh9=\n"),
        (b"Hh8=\n", b"Hh8="),
        (b"Hh8=\n", b"Hh8=\n\n"),
        (b"Hh8=\n", b"Hh8=\nmore\n"),
        (ORIGIN.encode(), b""),
        (ORIGIN.encode(), b"a b"),
        (ORIGIN.encode(), b"\xff"),
    ],
)
def test_a_promise_has_one_spelling(old: bytes, new: bytes) -> None:
    """Four lines, each in its one form."""
    with pytest.raises(MalformedError):
        Promise.parse(PROMISE.to_bytes().replace(old, new))


def test_a_promise_that_exists_is_a_valid_one() -> None:
    """Its commitment is 32 bytes."""
    with pytest.raises(MalformedError):
        Promise(ORIGIN, Epoch(2026, 47), bytes(33))


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_altered_bytes_are_the_same_promise_or_refused(at: int, inserted: bytes, cut: int) -> None:
    """Never another error than ours, never another promise."""
    try:
        found = Promise.open(GOOD[:at] + inserted + GOOD[at + cut :], LOG.vkey)
    except IntakeError:
        return
    assert found == PROMISE
