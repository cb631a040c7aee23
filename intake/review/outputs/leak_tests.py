"""The tests that a finished file must pass before anybody may sign it: domain.md 5.5.

They read the very bytes: pages, cells, strings, names of files, and what no page shows. What was taken
out of any piece must stand nowhere in them, however it is spelled or bent.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from intake.errors import MalformedError
from intake.review.outputs.archives import read_archive
from intake.review.outputs.counting import Name
from intake.review.outputs.court import COLUMNS as COURT_COLUMNS
from intake.review.outputs.document import Document, joined, shown, squeezed
from intake.review.outputs.events import CHAIN_COLUMNS
from intake.review.outputs.events import COLUMNS as EVENT_COLUMNS
from intake.review.outputs.letters import FIELDS
from intake.review.outputs.looking import Fault, Looking
from intake.review.outputs.material import Material, Output
from intake.review.outputs.pdf_reading import Paper, read_pdf
from intake.review.outputs.refusing import K
from intake.review.outputs.sheets import GUARD, dangerous, read_sheet
from intake.review.outputs.typesetting import on_paper
from intake.review.outputs.uwazi import COLUMNS as UWAZI_COLUMNS
from intake.review.outputs.wording import is_ours

_NAMES: Final = frozenset(
    [f"{output}.{kind}" for output in Output for kind in ("pdf", "txt", "json", "csv", "zip")]
    + [f"{name}.csv" for name in (*Name, "import", "index", "chain")]
    + ["README.txt", "cover.pdf", "index.json"]
)
_OF_A_CASE: Final = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{6}\.txt", re.ASCII)
_KEYS: Final = frozenset(
    [
        "format",
        "form",
        "deployment",
        "week",
        "source",
        "organisation",
        "contact",
        "recipient",
        "for_a_government",
        "event",
        "one_person_signed",
        "cases",
        "case",
        "fields",
        "gaps",
        "told",
        "items",
        "events",
        "acts",
        "involvements",
        "information",
        "act",
        "victim",
        "what",
        "methods",
        "purposes",
        "effects",
        "from",
        "to",
        "precision",
        "place",
        "place_name",
        "place_type",
        "district",
        "status_at_end",
        "whereabouts",
        "attribution",
        "stated_reason",
        "corroboration",
        "who",
        "who_name",
        "involvement",
        "affiliation",
        "rank",
        "relation",
        "language",
        "addition",
        "related",
        "code",
        "esf",
        "caption",
        "n",
        "k",
        "tables",
        "name",
        "rows",
        "columns",
        "cells",
        "row_totals",
        "column_totals",
        "suppressed",
        "number",
        "actor",
        "action",
        "object",
        "reason",
        "previous",
        "signature",
        "root",
        "ledger",
        "sealed_to",
        "title",
        "description",
        "impact",
        "monitoring_status",
        "chain",
        "kind",
    ]
).union(
    COURT_COLUMNS, EVENT_COLUMNS, CHAIN_COLUMNS, UWAZI_COLUMNS, *FIELDS.values(), ["attachments"]
)


def check_file(
    name: str, content: bytes, document: Document | None, material: Material
) -> list[Fault]:
    """Every fault of one finished file, by its place; none where it may be signed.

    `document` is what was approved for its pages.
    """
    return list(_file(name, content, Looking(material, document)))


def _file(name: str, content: bytes, looking: Looking) -> Iterator[Fault]:
    if name not in _NAMES and not _OF_A_CASE.fullmatch(name):
        yield Fault("the name of a file", "it is not one that an output gives")
        yield from looking.raw("the name of a file", re.sub(r"[._-]", " ", name))
    kind = name.rpartition(".")[2]
    try:
        match kind:
            case "pdf":
                yield from _paper(name, read_pdf(content), looking)
            case "csv":
                yield from _cells(name, content, looking)
            case "json":
                yield from _json(name, content, looking)
            case "zip":
                for inner, part in read_archive(content).items():
                    yield from _file(inner, part, looking)
            case _:
                yield from _plain(name, content, looking)
    except MalformedError as error:
        yield Fault(name, error.phrase)


def _plain(name: str, content: bytes, looking: Looking) -> Iterator[Fault]:
    text = content.decode(errors="replace")
    if looking.document is not None and not _OF_A_CASE.fullmatch(name):
        if text != looking.document.text():
            yield Fault(name, "it does not read as what was approved")
            yield from looking.raw(name, text)
        yield from _approved(name, looking)
        return
    # In one, since a name may be broken at the end of a line; but names of fields and codes are ours.
    yield from looking.raw(name, "\n".join(row for row in text.split("\n") if not is_ours(row)))


def _approved(name: str, looking: Looking) -> Iterator[Fault]:
    """What was approved is searched line by line, since there it is known which words are ours."""
    assert looking.document is not None  # noqa: S101 - both callers asked
    for where, line in looking.document.lines():
        # Somebody's words are theirs even where they are one of our labels.
        look = looking.raw if where == "extract" else looking.text
        yield from look(f"{name}: {where}", shown(joined(line)))


def _cells(name: str, content: bytes, looking: Looking) -> Iterator[Fault]:
    rows = read_sheet(content)
    for i, row in enumerate(rows):
        for cell in row:
            where = f"{name}: a cell of row {i + 1}"
            if dangerous(cell):
                yield Fault(where, "it begins like a formula")
            if cell in _KEYS:
                continue
            yield from looking.text(where, cell.removeprefix(GUARD))
            if name in {"month_act.csv", "place_affiliation.csv", "relation_act.csv"}:
                yield from _small(where, row, cell)


def _small(where: str, row: list[str], cell: str) -> Iterator[Fault]:
    if row[0] != "suppressed" and cell.isdecimal() and int(cell) < K:
        yield Fault(where, f"a count under {K} is shown")


def _json(name: str, content: bytes, looking: Looking) -> Iterator[Fault]:
    try:
        value = cast("object", json.loads(content.decode(), object_pairs_hook=_once))
    except (ValueError, RecursionError):
        yield Fault(name, "it is not JSON, or says something twice")
        return
    for where, text in _strings(value, name):
        if where.endswith(": a key"):
            if text not in _KEYS and not is_ours(text):
                yield Fault(where, "it is not one of this format")
                yield from looking.raw(where, text.replace("_", " "))
        elif text not in _KEYS:
            yield from looking.text(where, text)
    if name == "statistics.json":
        yield from _counts(name, value)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)


def _strings(value: object, where: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield where, value
        case list():
            for one in cast("list[object]", value):
                yield from _strings(one, where)
        case dict():
            for key, one in cast("dict[str, object]", value).items():
                yield f"{where}: a key", key
                yield from _strings(one, f"{where}: {key if key in _KEYS else 'a value'}")
        case _:
            return


def _counts(name: str, value: object) -> Iterator[Fault]:
    tables = cast("Mapping[str, list[Mapping[str, list[object]]]]", value)["tables"]
    for table in tables:
        cells = [cell for row in cast("list[list[object]]", table["cells"]) for cell in row]
        for cell in (*cells, *table["row_totals"], *table["column_totals"]):
            if cell is not None and (not isinstance(cell, int) or cell < K):
                yield Fault(f"{name}: {table['name']}", f"a count under {K} is shown")


def _paper(name: str, paper: Paper, looking: Looking) -> Iterator[Fault]:
    """1. what the structure of the file itself says; 2. what no page shows; 3. the pages."""
    # (1)
    yield from (Fault(f"{name}: {where}", what) for where, what in paper.faults)
    document = looking.document
    if document is None:
        yield Fault(name, "nobody approved what is on its pages")
        return
    # (2)
    title = on_paper(shown(joined(document.title)))
    moment = document.week.monday
    expected = {
        "metadata": [title, document.lang, moment.isoformat(), f"{moment:%Y%m%d}"],
        "bookmark": [on_paper(shown(text)) for text in document.headings()],
        "title of a heading": [on_paper(shown(text)) for text in document.headings()],
        "alt text of a picture": [on_paper(shown(text)) for text in document.alts()],
    }
    for where, text in paper.unseen:
        known = expected.get(where, [])
        if text not in known:
            yield Fault(f"{name}: {where}", "it is not one that was approved")
            yield from looking.raw(f"{name}: {where}", text)
    for where in ("bookmark", "title of a heading", "alt text of a picture"):
        if [text for at, text in paper.unseen if at == where] != expected[where]:
            yield Fault(f"{name}: {where}", "they are not those that were approved")
    # (3)
    approved = "".join(on_paper(shown(joined(line))) for _, line in document.lines())
    if squeezed(paper.text).replace("•", "") != squeezed(approved).replace("•", ""):
        yield Fault(f"{name}: the pages", "they do not read as what was approved")
        yield from looking.raw(f"{name}: the pages", paper.text)
    yield from _approved(name, looking)
