"""Makes the fixed rows of this folder: run once for a new set, never to replace one.

`python -m tests.vectors.board.generate` from the repository's root. Sealing is random, so every run
gives other bytes. What is committed must be read alike for ever, here and in the browser.
"""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from intake.age import HybridIdentity, encrypt_bytes
from intake.author import HINT_SIZE, REPLIES, Holder, hint_of
from intake.codename import Codename
from intake.container import Reply
from intake.epoch import Epoch
from intake.reply import PLAINTEXT, ROW, ReplyNote, row_of
from intake.seal import reply_of
from intake.tlog.note import Algorithm, Note, Signer
from tests.vectors.core.inputs import CODES
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, seed

FILE = Path(__file__).with_name("board.json")
CODE = Codename(CODES[3])
HOLDER = Holder.of(CODE, DEPLOYMENT)
OTHER = Holder(seed("another holder"))
R1, R2 = (Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
STRANGER = Signer("r1", Algorithm.ED25519, seed("stranger"))
WEEK = Epoch(2026, 47)


def note(text: str, question: str = "", holder: Holder = HOLDER, epoch: Epoch = WEEK) -> ReplyNote:
    """A reply to the holder."""
    return ReplyNote.to_address(reply_of(holder), DEPLOYMENT, epoch, text, question)


def sealed(number: int, plaintext: bytes, *holders: Holder) -> bytes:
    """A row with a hint of the code, holding just these bytes, for these holders or the code's."""
    readers = [holder.identity.recipient for holder in holders or (HOLDER,)]
    return hint_of(HOLDER.mailbox, number) + encrypt_bytes(plaintext, readers)


def padded(signed: bytes, size: int = PLAINTEXT) -> bytes:
    """A note with zeros behind it."""
    return signed + bytes(size - len(signed))


def signed_text(text: bytes, *signers: Signer) -> bytes:
    """The note of a text that may be no reply."""
    return Note(text, tuple(signer.sign(text) for signer in signers)).to_bytes()


def rows() -> Iterator[tuple[str, bytes, ReplyNote | None]]:
    """Each row: what it is, its bytes, and what of it is shown to the holder of the code."""
    mine, others = reply_of(HOLDER), reply_of(OTHER)
    first = note("We have read it.\n\nOne more thing: <b>bold</b>, https://example.org/")
    asked = note("Мы прочитали.", "Можно ли сообщить об этом правительству Норвегии?")
    later = note("\u2028Long after. Ӏ", epoch=Epoch(2026, 48))
    yield "a reply", row_of(first.signed(R1), mine, 0), first
    yield "one with a question", row_of(asked.signed(R2), mine, 63), asked
    yield "one of the next week under the same number", row_of(later.signed(R1), mine, 63), later
    yield "the first once more, delivered twice", row_of(first.signed(R1), mine, 7), first
    yield "another's", row_of(note("x", holder=OTHER).signed(R1), others, 0), None
    for n in (1, 2):
        nobody = Reply(os.urandom(32), str(HybridIdentity.generate().recipient))
        yield f"decoy {n}", row_of(b"", nobody, n), None
    bait = note("bait").signed(R1)
    yield "sealed to another", sealed(1, padded(bait), OTHER), None
    # Of one length with all the rest: two stanzas, and less in it.
    room = PLAINTEXT - (len(sealed(1, b"", HOLDER, OTHER)) - len(sealed(1, b"")))
    yield "sealed to two codes", sealed(1, padded(bait, room), HOLDER, OTHER), None
    yield "sealed to the code twice", sealed(1, padded(bait, room), HOLDER, HOLDER), None
    yield "something behind the zeros", sealed(1, padded(bait)[:-1] + b"x"), None
    yield "no zeros but spaces", sealed(1, bait.ljust(PLAINTEXT, b" ")), None
    yield "shorter", sealed(1, padded(bait, PLAINTEXT - 1)), None
    yield "nothing but zeros", sealed(1, bytes(PLAINTEXT)), None
    yield "signed by a stranger of that name", sealed(1, padded(note("x").signed(STRANGER))), None
    both = signed_text(note("x").to_bytes(), R1, R2)
    yield "signed by two reviewers", sealed(1, padded(both)), None
    broken = signed_text(note("x").to_bytes(), R1).replace(b"text", b"test")
    yield "the text was changed", sealed(1, padded(broken)), None
    yield (
        "to another, sealed to the code",
        row_of(note("x", holder=OTHER).signed(R1), mine, 1),
        None,
    )
    elsewhere = replace(note("x"), deployment="other-abcdefgh")
    yield "of another deployment", row_of(elsewhere.signed(R1), mine, 1), None
    for why, old, new in (
        ("no reply but something signed", b"/reply/v1", b"/reply/v2"),
        ("another spelling of the text", b'"x"', b'"\\u0078"'),
        ("no text but a number", b'"x"', b"1"),
        ("a text without a letter", b'"x"', b'"\\n \xc2\xa0"'),
        ("a control character", b'"x"', b'"\\u0007"'),
        ("one line more", b'text "x"\n', b'text "x"\nmore\n'),
        ("a question of two lines", b"text", b'question "a\\nb"\ntext'),
        ("an empty question", b"text", b'question ""\ntext'),
        ("a week that is none", b"2026-W47", b"2026-W54"),
    ):
        changed = note("x").to_bytes().replace(old, new)
        assert changed != note("x").to_bytes()
        yield why, sealed(1, padded(signed_text(changed, R1))), None
    yield (
        "a number that no reply has",
        hint_of(HOLDER.mailbox, REPLIES) + sealed(1, padded(bait))[HINT_SIZE:],
        None,
    )


def main() -> None:
    """Write `board.json`; refuse to replace one."""
    made = [
        {
            "why": why,
            "row": b64encode(row).decode(),
            "shown": shown
            and {
                "text": shown.text,
                "question": shown.question,
                "epoch": str(shown.epoch),
                "digest": shown.digest,
            },
        }
        for why, row, shown in rows()
    ]
    assert sum(len(b64encode(bytes(ROW))) != len(row["row"]) for row in made) == 1  # type: ignore[arg-type]
    listing = {
        "words": " ".join(CODE.words),
        "prk": HOLDER.prk.hex(),
        "roster": ROSTER.to_bytes().decode(),
        "rows": made,
        # To the code, in order: the first, the one asked this week, the one of the next.
        "order": [0, 1, 2],
    }
    with FILE.open("x", encoding="ascii") as out:
        json.dump(listing, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
