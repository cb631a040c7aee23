"""A package for a court or a prosecutor: an index, a cover note, redacted texts; originals apart and sealed.

The package names each original by its hash, and is signed without them: sealing is random. Nothing in this
module can read one.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from intake.container import Level
from intake.errors import MalformedError
from intake.ledger.act import Kind
from intake.review.coding.vocabulary import Vocabulary
from intake.review.outputs.archives import archive
from intake.review.outputs.document import (
    Block,
    Document,
    Grid,
    Heading,
    Line,
    Listing,
    Paragraph,
    shown,
)
from intake.review.outputs.events import chain_csv, events_csv, events_json
from intake.review.outputs.material import Material, Piece
from intake.review.outputs.naming import Names
from intake.review.outputs.report import front
from intake.review.outputs.sheets import sheet
from intake.review.outputs.typesetting import pdf
from intake.review.outputs.wording import say, term

FORMAT: Final = "testimony-intake/outputs/court/v1"
_AGE: Final = b"age-encryption.org/v1\n"
_HASH: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_KEY: Final = re.compile("sha256:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Custody:
    """One line of a ledger, as the exported copy has it: a week, and no text.

    `root` and `previous` are of the ledger's tree with this line and before it; `signature` (hex) is the
    actor's of the first, under the origin `ledger` and the size `number` + 1.
    """

    number: int
    week: str
    actor: str
    action: Kind
    object: str
    giver: str
    taker: str
    reason: str
    previous: str
    signature: str
    root: str = ""
    ledger: str = ""

    def __post_init__(self) -> None:
        if self.action not in set(Kind) or self.number < 0:
            raise MalformedError("an act of custody is not in the list")
        if not _HASH.fullmatch(self.object):
            raise MalformedError("an act of custody names its object by SHA-256")


@dataclass(frozen=True)
class Held:
    """The original of a case: how it came, through whose hands, and what its sealed copy opens to.

    `digest` (SHA-256 in hex) and `size` are of the object as it arrived, `original` and `original_size`
    of what the recipient finds when the sealed copy is opened; `files` that are in no copy. `translation_of`
    names the language of the original where the redacted text is a translation.
    """

    digest: str
    size: int
    collector: str
    custody: tuple[Custody, ...]
    original: str
    original_size: int
    files: int = 0
    translation_of: str = ""

    def __post_init__(self) -> None:
        if not _HASH.fullmatch(self.digest) or self.size < 1 or not self.custody:
            raise MalformedError("an original has a hash, a size and its custody")
        if not _HASH.fullmatch(self.original) or self.original_size < 1 or self.files < 0:
            raise MalformedError("what a sealed original opens to has a hash and a size")


COLUMNS: Final = (
    "id", "title", "type", "language", "original_or_translation", "dates", "precision", "source", "collector",
    "custody", "sha256", "size", "original_sha256", "original_size", "files_left_out", "format", "places",
    "confidentiality", "consent", "redaction", "related", "lead_only",
)  # fmt: skip


def originals(sealed: Mapping[str, bytes]) -> bytes:
    """The sealed originals by case, as one archive; raises `MalformedError` for one that is not sealed."""
    if not sealed or not all(content.startswith(_AGE) for content in sealed.values()):
        raise MalformedError(
            "an original is not sealed", "seal it to the recipient's key: it never leaves open"
        )
    return archive({f"{case}.age": content for case, content in sealed.items()})


def court(material: Material, held: Mapping[str, Held]) -> bytes:
    """The package; raises `MalformedError`."""
    cases = [piece.case for piece in material.quoted]
    if sorted(held) != cases:
        raise MalformedError("each case of a court's package has its sealed original, and no other")
    if not _KEY.fullmatch(material.sealed_to):
        raise MalformedError(
            "a court's package names no key to which its originals are sealed",
            "the recipient makes one with `age-keygen -pq`; compare it with them by another way",
        )
    rows = [_row(material, piece, held[piece.case]) for piece in material.quoted]
    listed = [
        {**dict(zip(COLUMNS, row, strict=True)), "custody": _lines(held[row[0]])} for row in rows
    ]
    index = {
        "format": FORMAT,
        "deployment": material.deployment,
        "week": str(material.week),
        "recipient": material.recipient_name,
        "sealed_to": material.sealed_to,
        "one_person_signed": material.alone,
        "items": listed,
    }
    texts = {f"{piece.case}.txt": _text(piece) for piece in material.quoted}
    note = cover(material, held)
    package = {
        "README.txt": note.text().encode(),
        "cover.pdf": pdf(note),
        "index.json": json.dumps(index, ensure_ascii=False, indent=2).encode() + b"\n",
        "index.csv": sheet([COLUMNS, *rows]),
        "events.json": events_json(material),
        "events.csv": events_csv(material),
        **({"chain.csv": links} if (links := chain_csv(material)) else {}),
        **texts,
    }
    return archive(package)


def cover(material: Material, held: Mapping[str, Held]) -> Document:
    """The cover note: what this is not, who may see it, and what is in it."""
    return Document((material.title,), material.lang, material.week, tuple(_cover(material, held)))


def _cover(material: Material, held: Mapping[str, Held]) -> Iterator[Block]:
    lang = material.lang
    yield from front(material)
    for key in ("not_sworn", "defence", "sealed_apart"):
        yield Paragraph((say(key, lang),))
    if material.lead_only:
        yield Paragraph((say("lead_only", lang),))
    yield Heading(1, (say("how_to_check", lang),))
    yield Listing(tuple((say(f"check_{n}", lang),) for n in range(1, 6)))
    yield Paragraph((say("sealed_to", lang), " ", material.sealed_to))
    yield Heading(1, (say("contents", lang),))
    head: tuple[Line, ...] = tuple(
        (say(key, lang),) for key in ("case", "language", "relation", "hash", "original_hash")
    )
    rows = tuple(
        (
            (piece.case,),
            (piece.language,),
            (term(Vocabulary.RELATION, piece.relation, lang),),
            (held[piece.case].digest,),
            (held[piece.case].original,),
        )
        for piece in material.quoted
    )
    yield Grid((say("contents", lang),), head, rows)


def _text(piece: Piece) -> bytes:
    """A redacted account: each field under its name, behind four spaces."""
    rows: list[str] = []
    for path, text in piece.fields:
        rows += shown(path), *("    " + row for row in shown(text).split("\n")), ""
    return "\n".join(rows).encode()


def _row(material: Material, piece: Piece, held: Held) -> tuple[str, ...]:
    """Each cell is one value, or several with bars between them."""
    lang, names, acts = material.lang, Names.of(material), piece.coding.acts
    days = (day.isoformat() for act in acts for day in (act.when.start, act.when.end) if day)
    translated = ("translation_of", held.translation_of) if held.translation_of else ("original",)
    return (
        piece.case,
        say("first_account_title", lang),
        say("type_account", lang),
        piece.language,
        "|".join((say(translated[0], lang), *translated[1:])),
        _several(days),
        _several(term(Vocabulary.PRECISION, act.when.precision, lang) for act in acts),
        term(Vocabulary.RELATION, piece.relation, lang),
        held.collector,
        "|".join(f"{one.week} {one.actor} {one.action}" for one in held.custody),
        held.digest,
        str(held.size),
        held.original,
        str(held.original_size),
        str(held.files),
        "text/plain|application/age",
        _several(part for act in acts for part in names.place(act) if part.strip(" ,:")),
        say("confidential", lang),
        row.wording if (row := piece.allows(Level.COURTS)) else "",
        "|".join(
            (say("redacted", lang), *(reason for reason, _ in piece.reasons), *_left(piece, lang))
        ),
        "|".join(piece.related),
        say("yes" if material.lead_only else "no", lang),
    )


def _left(piece: Piece, lang: str) -> tuple[str, ...]:
    return (say("left_out", lang), str(len(piece.withheld))) if piece.withheld else ()


def _several(values: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(values))


def _lines(held: Held) -> list[dict[str, object]]:
    return [
        {
            "number": one.number, "week": one.week, "actor": one.actor, "action": one.action,
            "object": one.object, "from": one.giver, "to": one.taker, "reason": one.reason,
            "previous": one.previous, "signature": one.signature, "root": one.root, "ledger": one.ledger,
        }
        for one in held.custody
    ]  # fmt: skip
