"""The readers of codes, and of what goes to whoever holds one: replies, outboxes, the board."""

from intake.age import decrypt_bytes
from intake.author import HINT_SIZE, Resend
from intake.board import Index
from intake.canonical import b64
from intake.codename import Codename
from intake.container import Reply
from intake.outbox import Outbox, SignedOutbox
from intake.reply import PLAINTEXT, ReplyNote, SignedReply, row_of
from intake.web.return_acts import Once
from tests.fuzz import made
from tests.fuzz.parser import Parser, text_of
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER

CODE = Codename(tuple(range(0, 7776, 1000)))
ADDRESS = Reply(made.HASH, str(made.HYBRID.recipient))
NOTES = tuple(
    ReplyNote.to_address(ADDRESS, DEPLOYMENT, made.EPOCH, "Ӏумар сказал:\n«да».", question)
    for question in ("", "Можно ли передать это суду?")
)
REPLIES = tuple(note.signed(made.R1) for note in NOTES)
ROWS = tuple(sorted(row_of(reply, ADDRESS, n) for n, reply in enumerate(REPLIES)))
OUTBOX = Outbox.of(DEPLOYMENT, made.EPOCH, ROWS).signed(made.R1)


def _opened(row: bytes) -> bytes:
    return decrypt_bytes(row[HINT_SIZE:], [made.HYBRID]).ljust(PLAINTEXT, b"\0")


PARSERS: tuple[Parser, ...] = (
    Parser(
        "code",
        lambda d: Codename.parse(text_of(d)),
        (" ".join(CODE.words).encode(), "\n".join(CODE.words).upper().encode()),
        lambda code: " ".join(code.words).encode(),
        one_spelling=False,
        covers=(Codename.parse,),
    ),
    Parser(
        "code that is sent again",
        lambda d: Resend.parse(text_of(d)),
        (Resend(CODE, 760_000).to_text().encode(),),
        lambda resend: resend.to_text().encode(),
        covers=(Resend.parse,),
    ),
    Parser(
        "what a page carries to be sent once",
        lambda d: Once.parse(*text_of(d).partition("\n")[::2]),
        (f"{Resend(CODE, 760_000).to_text()}\n{b64(bytes(16))}".encode(),),
        lambda once: f"{once.resend.to_text()}\n{once.seed_text}".encode(),
        covers=(Once.parse,),
    ),
    Parser(
        "reply",
        ReplyNote.parse,
        tuple(note.to_bytes() for note in NOTES),
        ReplyNote.to_bytes,
        covers=(ReplyNote.parse,),
    ),
    Parser("signed reply", lambda d: SignedReply.open(d, ROSTER), REPLIES),
    Parser("row of the board", _opened, ROWS),
    Parser(
        "outbox",
        lambda d: SignedOutbox.open(d, ROSTER),
        (OUTBOX,),
        lambda signed: signed.outbox.signed(made.R1),
        one_spelling=False,
        covers=(SignedOutbox.open,),
    ),
    Parser(
        "index of the board",
        Index.parse,
        tuple(Index.of(DEPLOYMENT, rows).to_bytes() for rows in ((), ROWS, ROWS * 99)),
        Index.to_bytes,
        covers=(Index.parse,),
    ),
)
