"""The readers of a log: notes, checkpoints, entries, tiles, proofs, requests, and ledgers."""

import contextlib
import datetime as dt
from io import BytesIO

from intake.audit.follow import Terms
from intake.audit.followed import Followed
from intake.audit.receipt import check_receipt
from intake.errors import ProofError
from intake.ledger.act import Act
from intake.ledger.record import Head, Record, read_head, read_records
from intake.log.cosigning import _size
from intake.opening import PublicHalf
from intake.publication import Publication
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint, parse_decimal
from intake.tlog.cosignature import cosigned_at
from intake.tlog.entries import (
    CodeReleased,
    ConfigChanged,
    EpochClosed,
    Restored,
    Retired,
    RosterChanged,
    parse_entry,
)
from intake.tlog.note import Note, Signature, VerifierKey, decode_base64, encode_base64
from intake.tlog.policy import Policy
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tiles import TileName, parse_bundle, split_tile, write_bundle
from intake.tlog.witness import AddCheckpoint, KnownLog, decide, parse_answer, write_answer
from intake.witness.record import _parse_logs
from tests.fuzz import made
from tests.fuzz.parser import Parser, bytes_of, text_of
from tests.publications import hidden_names
from tests.tlog.logs import LOG, POLICY, WITNESSES, checkpoint_of
from tests.vectors.publication.edits import usual
from tests.vectors.roster.fixed import root

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
TERMS = Terms(POLICY)
NOTE = made.ROSTER_NOTE


def _known(origin: str) -> KnownLog | None:
    return KnownLog((LOG.vkey,), checkpoint_of(made.LEAVES[:2])) if origin == LOG.name else None


def _cosigned(data: bytes) -> None:
    signed = SignedCheckpoint.parse(data)
    for witness in WITNESSES:
        cosigned_at(signed, witness.vkey)
    POLICY.endorsed(signed)


def _ledger(data: bytes) -> list[bytes]:
    file = BytesIO(data)
    head = read_head(file)
    return [head.to_bytes(), *(record.to_bytes() for record in read_records(file, head))]


def _published(data: bytes) -> Publication:
    publication = Publication.parse(data)
    with contextlib.suppress(ProofError):
        publication.verify(POLICY)
    return publication


PUBLICATIONS: tuple[Parser, ...] = (
    Parser(
        "publication",
        _published,
        tuple(usual().published(hidden).to_bytes() for hidden in (hidden_names(), ())),
        Publication.to_bytes,
        covers=(Publication.parse,),
    ),
    Parser(
        "public half of an opening",
        lambda d: PublicHalf.parse(d, bytes(32)),
        (PublicHalf.of(made.OPENING).public,),
        lambda half: half.public,
        covers=(PublicHalf.parse,),
    ),
)

LEDGERS: tuple[Parser, ...] = (
    Parser(
        "act",
        Act.parse,
        tuple(act.to_bytes() for act in made.ACTS),
        Act.to_bytes,
        covers=(Act.parse,),
    ),
    Parser(
        "head of a ledger",
        Head.parse,
        (made.MACHINE.to_bytes(),),
        Head.to_bytes,
        covers=(Head.parse,),
    ),
    Parser("record of a ledger", Record.parse, made.LINES, Record.to_bytes, covers=(Record.parse,)),
    Parser("ledger", _ledger, (made.MACHINE.to_bytes() + b"".join(made.LINES),), b"".join),
)

PARSERS: tuple[Parser, ...] = (
    Parser("note", Note.parse, (NOTE, made.SIGNED.to_bytes()), Note.to_bytes, covers=(Note.parse,)),
    Parser(
        "verifier key",
        lambda d: VerifierKey.parse(text_of(d)),
        tuple(bytes_of(key.vkey) for key in (LOG, *WITNESSES, *root(0))),
        bytes_of,
        covers=(VerifierKey.parse,),
    ),
    Parser(
        "signature line",
        lambda d: Signature.parse(text_of(d)),
        tuple(map(bytes_of, made.SIGNED.note.signatures)),
        bytes_of,
        covers=(Signature.parse,),
    ),
    Parser(
        "base64 of a note",
        lambda d: decode_base64(text_of(d), "a value"),
        (b"AAE=", b"////"),
        lambda raw: encode_base64(raw).encode(),
        covers=(decode_base64,),
    ),
    Parser(
        "decimal",
        lambda d: parse_decimal(text_of(d)),
        (b"0", b"9223372036854775807"),
        bytes_of,
        covers=(parse_decimal,),
    ),
    Parser(
        "checkpoint",
        Checkpoint.parse,
        (made.SIGNED.note.text,),
        Checkpoint.to_bytes,
        covers=(Checkpoint.parse,),
    ),
    Parser(
        "signed checkpoint",
        SignedCheckpoint.parse,
        (made.SIGNED.to_bytes(),),
        SignedCheckpoint.to_bytes,
        covers=(SignedCheckpoint.parse,),
    ),
    Parser("cosigned checkpoint", _cosigned, (made.SIGNED.to_bytes(),)),
    Parser(
        "entry",
        parse_entry,
        (*made.LEAVES, b"Prestored 2026-W48", b"Pretired 2026-W49"),
        lambda entry: entry.to_bytes(),
        covers=(
            parse_entry,
            RosterChanged.parse_value,
            ConfigChanged.parse_value,
            CodeReleased.parse_value,
            EpochClosed.parse_value,
            Restored.parse_value,
            Retired.parse_value,
        ),
    ),
    Parser("tile", lambda d: split_tile(d, 4), (bytes(128),), b"".join),
    Parser(
        "bundle of entries",
        lambda d: parse_bundle(d, len(made.LEAVES)),
        (made.BUNDLE,),
        write_bundle,
        covers=(parse_bundle,),
    ),
    Parser(
        "name of a tile",
        lambda d: TileName.parse(text_of(d)),
        (b"tile/0/x001/234.p/5", b"tile/entries/000", b"tile/8/x001/x234/067"),
        bytes_of,
        covers=(TileName.parse,),
    ),
    Parser(
        "policy",
        Policy.parse,
        (POLICY.to_bytes(),),
        Policy.to_bytes,
        one_spelling=False,
        covers=(Policy.parse,),
    ),
    Parser(
        "proof",
        LogProof.parse,
        (made.PROOF.to_bytes(), made.RECEIPT.to_bytes()),
        LogProof.to_bytes,
        covers=(LogProof.parse,),
    ),
    Parser(
        "promise",
        Promise.parse,
        tuple(promise.to_bytes() for promise in made.PROMISES),
        Promise.to_bytes,
        covers=(Promise.parse,),
    ),
    Parser("signed promise", lambda d: Promise.open(d, LOG.vkey), made.SIGNED_PROMISES),
    Parser(
        "receipt",
        lambda d: check_receipt(d, TERMS, None, NOW),
        (made.RECEIPT.to_bytes(), *made.SIGNED_PROMISES),
    ),
    Parser(
        "request to a witness",
        AddCheckpoint.parse,
        (made.REQUEST.to_bytes(),),
        AddCheckpoint.to_bytes,
        covers=(AddCheckpoint.parse,),
    ),
    Parser(
        "verdict of a witness", lambda d: decide(d, _known), (made.REQUEST.to_bytes(),), refuses=()
    ),
    Parser(
        "answer of a witness", parse_answer, (made.ANSWER,), write_answer, covers=(parse_answer,)
    ),
    Parser("size of a witness", _size, (b"12\n",), lambda size: b"%d\n" % size),
    Parser(
        "logs of a witness",
        _parse_logs,
        (bytes_of(LOG.vkey) + b"\n", b""),
        lambda keys: b"".join(bytes_of(key) + b"\n" for key in keys),
    ),
    Parser(
        "followed",
        Followed.parse,
        (made.FOLLOWED.to_bytes(),),
        Followed.to_bytes,
        covers=(Followed.parse,),
    ),
    *LEDGERS,
    *PUBLICATIONS,
)
