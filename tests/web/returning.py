"""What tests of the return page need: a board, replies on it, and a person with a code."""

import os
from collections.abc import Sequence
from pathlib import Path

from intake.author import Holder
from intake.board import Index, parts_of
from intake.codename import Codename
from intake.epoch import Epoch
from intake.reply import ROW, ReplyNote, row_of
from intake.seal import reply_of
from intake.tlog.note import Algorithm, Signer
from tests.panel import seed
from tests.web.follow import Page, Visitor

REVIEWER = Signer("r1", Algorithm.ED25519, seed("signer 1"))
STRANGER = Signer("r1", Algorithm.ED25519, seed("a stranger"))
WORDS = {
    "ru": {
        "open": "Открыть",
        "none": "Сообщений нет.",
        "some": "Для вас есть сообщение.",
        "more": "Написать ещё",
        "choices": "Изменить разрешения",
        "withdraw": "Отозвать",
        "send": "Отправить",
        "back": "Назад к сообщениям",
    },
    "en": {
        "open": "Open",
        "none": "There are no messages.",
        "some": "There is a message for you.",
        "more": "Write more",
        "choices": "Change what we may do",
        "withdraw": "Withdraw it",
        "send": "Send",
        "back": "Back to the messages",
    },
}


def code_of(codename: Codename) -> str:
    """The words as a person types them."""
    return " ".join(codename.words)


def reply_row(
    deployment: str,
    codename: Codename,
    text: str,
    question: str = "",
    number: int = 0,
    signer: Signer = REVIEWER,
) -> bytes:
    """A reply to a code, as it lies on the board."""
    address = reply_of(Holder.of(codename, deployment))
    note = ReplyNote.to_address(address, deployment, Epoch.now(), text, question)
    return row_of(note.signed(signer), address, number)


def nobodys_rows(count: int) -> list[bytes]:
    """Rows that look like any other to whoever only reads hints."""
    rest = os.urandom(ROW - 16)
    return [os.urandom(16) + rest for _ in range(count)]


def write_board(folder: Path, deployment: str, rows: Sequence[bytes]) -> None:
    """The board's files, as a site serves them."""
    rows = sorted(rows)
    (folder / "board").mkdir(exist_ok=True)
    for number, part in enumerate(parts_of(rows)):
        (folder / "board" / str(number)).write_bytes(part)
    (folder / "board" / "index").write_bytes(Index.of(deployment, rows).to_bytes())


def opened(visitor: Visitor, code: str, lang: str = "ru") -> Page:
    """What there is for a code, without script."""
    return visitor.press(visitor.get(f"/r/{lang}"), WORDS[lang]["open"], {"code": code})
