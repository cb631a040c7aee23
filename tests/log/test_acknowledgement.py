"""What a sender is given names one submission, and reads back as it was given."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import IntakeError, MalformedError
from intake.log.acknowledgement import Acknowledgement
from intake.opening import Opening
from intake.tlog.note import VerifierKey
from intake.tlog.promise import Promise
from tests.tlog.logs import LOG
from tests.vectors.core.generate import FOLDER

ROWS = json.loads((FOLDER / "acknowledgement.json").read_text("ascii"))
GIVEN = Acknowledgement.parse(ROWS[0]["answer"].encode())
# Whose it is and who signed it is for others to say: it parses all the same.
WELL_FORMED = {
    *("as it was kept", "kept in the next week", "another's", "another log's", "a stranger's"),
    *("another salt", "another withdraw-commit", "the signature changed", "another object"),
    *("another redaction root", "another roster", "another salt2", "kept two weeks on"),
    *("kept the week before", "of a week that never comes"),
}


@pytest.mark.parametrize("row", ROWS, ids=[row["why"] for row in ROWS])
def test_promise_and_opening_belong_together_or_are_refused(row: dict[str, str]) -> None:
    data = row["answer"].encode()
    if row["why"] not in WELL_FORMED:
        with pytest.raises(MalformedError):
            Acknowledgement.parse(data)
        return
    assert Acknowledgement.parse(data).to_bytes() == data


def test_it_holds_a_promise_of_the_log_for_its_opening() -> None:
    made = Acknowledgement.give(GIVEN.opening, LOG)
    assert made == GIVEN
    promise = Promise.open(made.note.to_bytes(), VerifierKey.parse(ROWS[0]["log"]))
    assert (promise.epoch, promise.commit) == (GIVEN.opening.epoch, GIVEN.opening.commit)


def test_it_is_of_one_length_whatever_was_sent() -> None:
    other = replace(GIVEN.opening, redact=bytes(32), epoch=GIVEN.opening.epoch.next)
    assert len(Acknowledgement.give(other, LOG).to_bytes()) == len(GIVEN.to_bytes())


def test_no_opening_stands_beside_another_ones_promise() -> None:
    other = replace(GIVEN.opening, redact=bytes(32))
    with pytest.raises(MalformedError, match="another submission"):
        Acknowledgement(GIVEN.note, other)


@given(st.binary(max_size=400), st.booleans())
def test_other_bytes_raise_nothing_but_our_errors(data: bytes, behind: bool) -> None:
    with suppress(IntakeError):
        Acknowledgement.parse(GIVEN.to_bytes() + data if behind else data)


def test_the_opening_is_that_of_the_letter() -> None:
    assert isinstance(GIVEN.opening, Opening)
    assert GIVEN.to_bytes().endswith(b"\n\n" + GIVEN.opening.to_bytes())
