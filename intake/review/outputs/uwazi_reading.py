"""Reads a sheet the way Uwazi's importer does, and refuses what that would take wrongly or in part.

Rules of Uwazi as read in its code at 849f7d9 (domain.md 5.6), with its old naming of properties, which
is the stricter.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.errors import MalformedError
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.outputs.sheets import read_sheet
from intake.review.outputs.wording import DISTRICTS

DEFAULT: Final = "en"
"""The default language of the site to which the file goes."""


class Type(StrEnum):
    """How Uwazi reads a property's cells."""

    TEXT = "text"
    SELECT = "select"
    MULTISELECT = "multiselect"
    DATERANGE = "daterange"
    GEOLOCATION = "geolocation"
    FILES = "attachments"


@dataclass(frozen=True)
class Property:
    """A property of the template, with the labels of its thesaurus."""

    type: Type
    labels: frozenset[str] = frozenset()


def _terms(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(one.labels[DEFAULT] for one in TERMS[vocabulary].values())


TEMPLATE: Final[Mapping[str, Property]] = {
    "title": Property(Type.TEXT),
    "summary": Property(Type.TEXT),
    "act": Property(Type.MULTISELECT, _terms(Vocabulary.ACT)),
    "method": Property(Type.MULTISELECT, _terms(Vocabulary.METHOD)),
    "purpose": Property(Type.MULTISELECT, _terms(Vocabulary.PURPOSE)),
    "place_type": Property(Type.MULTISELECT, _terms(Vocabulary.PLACE_TYPE)),
    "district": Property(
        Type.MULTISELECT, frozenset(names[DEFAULT] for names in DISTRICTS.values())
    ),
    "affiliation": Property(Type.MULTISELECT, _terms(Vocabulary.AFFILIATION)),
    "relation": Property(Type.SELECT, _terms(Vocabulary.RELATION)),
    "corroboration": Property(Type.MULTISELECT, _terms(Vocabulary.CORROBORATION)),
    "period": Property(Type.DATERANGE),
    "account": Property(Type.TEXT),
    "events": Property(Type.TEXT),
    "chain": Property(Type.TEXT),
    "signed": Property(Type.TEXT),
    "place_geolocation": Property(Type.GEOLOCATION),
    "attachments": Property(Type.FILES),
}
"""The template that the site's operator makes first, by its cleaned names."""

_LANGUAGE = re.compile(r"(.+)__([a-z]{2})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}", re.ASCII)

Entity = dict[str, object]


def cleaned(header: str) -> str:
    """The name of a property as the old naming makes it of a label."""
    return re.sub("[^a-z0-9]", "_", header.strip().lower())


def check(content: bytes, files: Mapping[str, bytes]) -> list[Entity]:
    """The entities that Uwazi would make of a sheet beside these files; raises `MalformedError`.

    1. every header is known, no two are the same once cleaned, and none is `id`;
    2. a language copy has its default language beside it and no plain column;
    3. there is a title in every row;
    4. values are of the property's type, and of a thesaurus only ones that it has.
    """
    head, *rows = read_sheet(content) or [[]]
    names = _headers(head)
    entities: list[Entity] = []
    for row in rows:
        if len(row) != len(names):
            raise MalformedError("a row has more or fewer cells than the head")
        entity: Entity = {}
        for (name, lang), cell in zip(names, row, strict=True):
            value = _value(name, TEMPLATE[name], cell, files)
            entity[f"{name}__{lang}" if lang else name] = value
        # (3)
        if not entity.get("title") and not entity.get(f"title__{DEFAULT}"):
            raise MalformedError("an entity has no title")
        entities.append(entity)
    return entities


def _headers(head: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for header in head:
        match = _LANGUAGE.fullmatch(header.strip().lower())
        label, lang = (match[1], match[2]) if match else (header, "")
        name = cleaned(label)
        # (1)
        if name == "id":
            raise MalformedError("a column `id` overwrites entities of the site")
        if name not in TEMPLATE:
            raise MalformedError("a column is no property of the template")
        if (name, lang) in found:
            raise MalformedError("two columns are one property once their names are cleaned")
        found.append((name, lang))
    # (2)
    for name in {name for name, lang in found if lang}:
        if (name, DEFAULT) not in found or (name, "") in found:
            raise MalformedError("a language copy needs the default language, and no plain column")
    if not {("title", ""), ("title", DEFAULT)} & set(found):
        raise MalformedError("there is no column for the title")
    return found


def _value(name: str, kind: Property, cell: str, files: Mapping[str, bytes]) -> object:
    # (4)
    match kind.type:
        case Type.SELECT:
            return _labels(cell, kind.labels, most=1)
        case Type.MULTISELECT:
            return _labels(cell, kind.labels, most=1_000)
        case Type.DATERANGE:
            return [_range(part) for part in cell.split("|")] if cell else []
        case Type.GEOLOCATION:
            raise MalformedError("a place is never exported by its coordinates")
        case Type.FILES:
            return _files(cell, files)
        case Type.TEXT:
            if name == "title" and "\n" in cell:
                raise MalformedError("a title is one line")
            return cell


def _labels(cell: str, known: frozenset[str], *, most: int) -> list[str]:
    values = [value.strip() for value in cell.split("|")] if cell else []
    if len(values) > most or len({value.lower() for value in values}) != len(values):
        raise MalformedError("a cell has more values than its property takes, or one twice")
    for value in values:
        if value.count("::") > 1 or value not in known:
            raise MalformedError("a value is not in the thesaurus, and the import would add it")
    return values


def _range(part: str) -> tuple[dt.date, dt.date]:
    ends = part.split(":")
    if len(ends) != 2 or not all(_DAY.fullmatch(end) for end in ends):
        raise MalformedError("a range of dates is written 2017/03/01:2017/03/15")
    try:
        first, last = (dt.date(*map(int, end.split("/"))) for end in ends)
    except ValueError:
        raise MalformedError("a range of dates has a day that there is not") from None
    if last < first:
        raise MalformedError("a range of dates ends before it begins")
    return first, last


def _files(cell: str, files: Mapping[str, bytes]) -> list[str]:
    names = cell.split("|") if cell else []
    if not set(names) <= set(files):
        raise MalformedError("an attachment is not in the archive")
    return names
