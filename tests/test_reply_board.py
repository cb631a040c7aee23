"""The fixed rows of a board: what is a reply to the holder of a code, and what is passed over.

`node --test` reads the same rows (intake/web/js/tests/reply.test.ts).
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from intake.author import Holder
from intake.codename import Codename
from intake.reply import SignedReply, replies_on
from intake.roster import Roster

BOARD = json.loads((Path(__file__).parent / "vectors/board/board.json").read_text("ascii"))
ROSTER = Roster.parse(BOARD["roster"].encode())
HOLDER = Holder(bytes.fromhex(BOARD["prk"]))
ROWS = [b64decode(row["row"], validate=True) for row in BOARD["rows"]]


def shown(reply: SignedReply) -> dict[str, str]:
    """What its reader sees of a reply, and by which they answer."""
    note = reply.note
    return {
        "text": note.text,
        "question": note.question,
        "epoch": str(note.epoch),
        "digest": note.digest,
    }


@pytest.mark.parametrize("case", BOARD["rows"], ids=lambda case: case["why"])
def test_each_row_alone_is_a_reply_or_passed_over(case: dict[str, Any]) -> None:
    found = [shown(reply) for reply in replies_on([b64decode(case["row"])], HOLDER, ROSTER)]
    assert found == ([case["shown"]] if case["shown"] else [])


def test_of_the_whole_board_each_reply_is_found_once_and_in_order() -> None:
    expected = [BOARD["rows"][place]["shown"] for place in BOARD["order"]]
    for rows in (ROWS, ROWS[::-1]):
        found = [shown(reply) for reply in replies_on(rows, HOLDER, ROSTER)]
        assert sorted(found, key=str) == sorted(expected, key=str)
    assert [shown(reply) for reply in replies_on(ROWS, HOLDER, ROSTER)] == expected


def test_another_code_finds_nothing_of_it() -> None:
    """The twin: its own row, and no other."""
    other = Holder.of(Codename.fresh(), ROSTER.deployment)
    assert not replies_on(ROWS, other, ROSTER)
    assert Holder.of(Codename.parse(BOARD["words"]), ROSTER.deployment) == HOLDER
