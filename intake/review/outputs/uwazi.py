"""A file that Uwazi imports: one entity for each case, with labels of thesauri from codes alone.

English property labels, so that Uwazi's old and new naming of properties agree; no column `id`, which
would overwrite entities; no coordinates. `uwazi_reading` reads it back the way Uwazi does.
"""

from collections.abc import Iterable
from typing import Final

from intake.review.coding.account import Act
from intake.review.coding.vocabulary import Vocabulary
from intake.review.outputs.archives import archive
from intake.review.outputs.counting import district_of, is_home, kind_of_place
from intake.review.outputs.document import shown
from intake.review.outputs.material import Material, Piece
from intake.review.outputs.naming import labels
from intake.review.outputs.sheets import sheet
from intake.review.outputs.uwazi_reading import check
from intake.review.outputs.wording import DISTRICTS, signed, term

COLUMNS: Final = (
    "title", "summary__en", "summary__ru", "act", "method", "purpose", "place type", "district",
    "affiliation", "relation", "corroboration", "period", "account", "signed", "events", "chain",
)  # fmt: skip


def uwazi_csv(material: Material) -> bytes:
    """The sheet alone, checked as Uwazi would read it."""
    content = sheet([COLUMNS, *(_row(material, piece) for piece in material.quoted)])
    check(content, {})
    return content


def uwazi_zip(material: Material) -> bytes:
    """The sheet and the redacted account of each case as an attachment, checked likewise."""
    files = {f"{piece.case}.txt": _account(material, piece).encode() for piece in material.quoted}
    rows = [(*_row(material, piece), f"{piece.case}.txt") for piece in material.quoted]
    content = sheet([(*COLUMNS, "attachments"), *rows])
    check(content, files)
    return archive({"import.csv": content, **files})


def _row(material: Material, piece: Piece) -> tuple[str, ...]:
    coding, register = piece.coding, material.register
    codes = tuple(sorted({act.code for act in coding.acts}))
    return (
        f"Case {piece.case}",
        *("".join(labels(Vocabulary.ACT, codes, lang)) for lang in ("en", "ru")),
        _labels(Vocabulary.ACT, codes),
        _labels(Vocabulary.METHOD, (code for act in coding.acts for code in act.methods)),
        _labels(Vocabulary.PURPOSE, (code for act in coding.acts for code in act.purposes)),
        _labels(Vocabulary.PLACE_TYPE, (kind_of_place(act, register) for act in coding.acts)),
        _joined(DISTRICTS[code]["en"] for act in coding.acts if (code := _district(material, act))),
        _labels(Vocabulary.AFFILIATION, (one.affiliation for one in coding.involvements)),
        term(Vocabulary.RELATION, piece.relation, "en"),
        _labels(Vocabulary.CORROBORATION, (piece.grade(act).code for act in coding.acts)),
        _period(material, coding.acts),
        _account(material, piece),
        signed(material.alone, "en"),
        _events(material, piece),
        "; ".join(f"{link.event} {link.kind} {link.to}" for link in coding.chain),
    )


def _events(material: Material, piece: Piece) -> str:
    """Each event of an account by number; in public without the reviewers' words, which no extract is."""
    events = piece.coding.events
    if material.published:
        return "; ".join(str(event.number) for event in events)
    return shown("; ".join(f"{event.number} {event.title}" for event in events))


def _district(material: Material, act: Act) -> str:
    """None of a home where anybody may read it."""
    home = is_home(act, material.register)
    return "" if home and material.published else district_of(act, material.register)


def _account(material: Material, piece: Piece) -> str:
    """In public the chosen extracts; for others the redacted fields."""
    if material.published:
        return shown("\n\n".join(piece.words(extract) for extract in piece.extracts))
    return shown("\n\n".join(text for _, text in piece.fields))


def _labels(vocabulary: Vocabulary, codes: Iterable[str]) -> str:
    return _joined(term(vocabulary, code, "en") for code in codes)


def _joined(values: Iterable[str]) -> str:
    return "|".join(sorted(set(values)))


def _period(material: Material, acts: Iterable[Act]) -> str:
    """From the first day to the last, as `2017/03/01:2017/03/31`; in public whole months."""
    days = [day for act in acts for day in (act.when.start, act.when.end) if day]
    if not days:
        return ""
    first, last = min(days), max(days)
    if material.published:
        first = first.replace(day=1)
        last = last.replace(day=_last_day(last.year, last.month))
    return f"{first:%Y/%m/%d}:{last:%Y/%m/%d}"


def _last_day(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1]
