"""The report and the press pack: what the public may read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from intake.container import Level
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.outputs.counting import Name, Table, tables
from intake.review.outputs.document import (
    Block,
    Document,
    Grid,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quotation,
)
from intake.review.outputs.material import Extract, Material, Piece
from intake.review.outputs.naming import Names
from intake.review.outputs.pictures import Chart, districts, matrix
from intake.review.outputs.timeline import by_act
from intake.review.outputs.wording import say, term


def report(material: Material) -> Document:
    """Method, limits, findings with their levels, timeline, tables, extracts by case code."""
    return Document((material.title,), material.lang, material.week, tuple(_report(material)))


def press(material: Material) -> Document:
    """Short extracts, what was changed and why, what may not be asked, and whom to ask."""
    return Document((material.title,), material.lang, material.week, tuple(_press(material)))


def _report(material: Material) -> Iterator[Block]:
    lang = material.lang
    yield from front(material)
    yield _heading(1, "method", lang)
    for key in ("method_1", "method_2", "method_3", "method_4"):
        yield Paragraph((say(key, lang),))
    yield from (Paragraph((text,)) for text in material.method)
    yield _heading(1, "limits", lang)
    for key in ("limits_1", "limits_2", "limits_3"):
        yield Paragraph((say(key, lang),))
    yield from (Paragraph((text,)) for text in material.limits)
    yield _heading(1, "findings", lang)
    yield levels(lang)
    for finding in material.findings:
        cases = [part for case in finding.cases for part in (case, ", ")][:-1]
        level = term(Vocabulary.CORROBORATION, finding.grade, lang)
        yield Paragraph((finding.text,))
        yield Paragraph((say("level", lang), ": ", _letter(finding.grade), " (", level, "). ",
                         say("cases", lang), ": ", *cases, "."))  # fmt: skip
    counted = tables(material.counted, material.register, inside=False)
    yield _heading(1, "timeline", lang)
    yield from _charted(by_act(counted[Name.MONTH_ACT], lang))
    yield _heading(1, "tables", lang)
    for name in (Name.MONTH_ACT, Name.PLACE_AFFILIATION, Name.RELATION_ACT):
        yield _heading(2, f"title_{name}", lang)
        yield from _charted(matrix(counted[name], lang))
    yield _heading(2, "title_district", lang)
    yield from _charted(districts(counted[Name.DISTRICT], lang))
    yield _heading(1, "extracts", lang)
    names, told = Names.of(material), _Shown.of(counted)
    for piece in material.quoted:
        if piece.extracts:
            yield from _case(material, names, piece, told)
    yield from changes(material)
    yield _heading(1, "contact", lang)
    yield Paragraph((material.contact,))


def _press(material: Material) -> Iterator[Block]:
    lang = material.lang
    yield from front(material)
    yield Paragraph((say("press_1", lang),))
    yield _heading(1, "extracts", lang)
    for piece in material.quoted:
        if piece.extracts:
            yield Heading(2, (say("case", lang), " ", piece.case))
            yield from (_quoted(material, piece, one) for one in piece.extracts)
    yield from changes(material)
    yield _heading(1, "not_asked", lang)
    asked = [(say(f"not_asked_{i}", lang),) for i in range(1, 6)]
    yield Listing((*asked, *((text,) for text in material.not_asked)))
    yield _heading(1, "contact", lang)
    yield Paragraph((material.organisation, ": ", material.contact))


def front(material: Material) -> Iterator[Block]:
    """By whom and for whom, what it is, and whether one person alone signed."""
    lang = material.lang
    yield Paragraph((say("first_account", lang),))
    yield Listing(
        (
            (say("organisation", lang), ": ", material.organisation),
            (say("recipient", lang), ": ", material.recipient_name, " (",
             term(Vocabulary.RECIPIENT, material.recipient, lang), ")"),
            (say("week", lang), ": ", str(material.week)),
        )
    )  # fmt: skip
    if material.alone:
        yield Paragraph((say("alone", lang),))


def levels(lang: str) -> Grid:
    """What the levels of corroboration mean."""
    rows = tuple(
        ((_letter(code),), (term(Vocabulary.CORROBORATION, code, lang),))
        for code in TERMS[Vocabulary.CORROBORATION]
    )
    return Grid((say("levels", lang),), ((say("level", lang),), (say("meaning", lang),)), rows)


def changes(material: Material) -> Iterator[Block]:
    """What was taken out or said in other words, why, and how often."""
    lang = material.lang
    counts: Counter[str] = Counter()
    for piece in material.quoted:
        counts.update(dict(piece.reasons))
    yield _heading(1, "changes", lang)
    yield Paragraph((say("changes_1", lang),))
    # How often in one case is a mark of that case: the sums of all are given, and not under 5.
    rows = tuple(
        ((term(Vocabulary.REASON, reason, lang),), (_few(counts[reason], lang),))
        for reason in sorted(counts)
    )
    if rows:
        head: tuple[Line, ...] = ((say("reason", lang),), (say("times", lang),))
        yield Grid((say("changes_2", lang),), head, rows)


def _few(count: int, lang: str) -> str:
    return str(count) if count >= 5 else say("several", lang)


@dataclass(frozen=True)
class _Shown:
    """What the tables show: a case says nothing of itself that they hide."""

    acts: frozenset[str]
    relations: frozenset[str]
    sides: frozenset[str]

    @classmethod
    def of(cls, counted: Mapping[Name, Table]) -> Self:
        by_relation = counted[Name.RELATION_ACT]
        sides = counted[Name.PLACE_AFFILIATION].columns
        return cls(frozenset(by_relation.rows), frozenset(by_relation.columns), frozenset(sides))


def _case(material: Material, names: Names, piece: Piece, told: _Shown) -> Iterator[Block]:
    lang = material.lang
    hidden = say("not_shown", lang)
    yield Heading(2, (say("case", lang), " ", piece.case))
    known = piece.relation in told.relations
    relation = term(Vocabulary.RELATION, piece.relation, lang) if known else hidden
    yield Paragraph((say("relation", lang), ": ", relation))
    rows: list[tuple[Line, ...]] = []
    for act in piece.coding.acts:
        if act.code not in told.acts:
            continue
        grade = piece.grade(act)
        people: list[str] = []
        for one in piece.coding.involvements:
            if one.act == act.number:
                shown = one.affiliation in told.sides
                side = term(Vocabulary.AFFILIATION, one.affiliation, lang) if shown else hidden
                name = names.named(one, grade)
                # Without a name no number: it would join this case to others.
                people += ["; "] if people else []
                people += [name, " (", side, ")"] if name else [side]
        line = tuple(people) or (say("not_said", lang),)
        rows.append(((term(Vocabulary.ACT, act.code, lang),), line, (_letter(grade.code),)))
    if rows:
        head: tuple[Line, ...] = tuple((say(key, lang),) for key in ("act", "by_whom", "level"))
        yield Grid((say("coded", lang),), head, tuple(rows))
    for extract in piece.extracts:
        yield _quoted(material, piece, extract)


def _quoted(material: Material, piece: Piece, extract: Extract) -> Quotation:
    key = "rewritten" if extract.rewritten else "own_words"
    row = piece.allows(Level.PUBLISH)
    wording = (" (", say("agreed", material.lang), ": ", row.wording, ")") if row else ()
    return Quotation((say(key, material.lang), *wording), piece.words(extract))


def _charted(chart: Chart) -> Iterator[Block]:
    yield chart.picture
    yield chart.grid


def _heading(level: int, key: str, lang: str) -> Heading:
    return Heading(level, (say(key, lang),))


def _letter(grade: str) -> str:
    return grade.removeprefix("g.").upper()
