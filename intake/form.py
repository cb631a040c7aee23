"""A form as data: its pages and fields in order, what is asked again for every time it happened.

It knows no words but the ids of the words of consent, and no answers; `testimony` checks those.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self, cast

from intake.container import MAX_FIELDS, Level
from intake.errors import MalformedError
from intake.field import NAME, ChoiceField, Field, MultiField, TextField, demand

_KEY = re.compile(r"([a-z][a-z0-9_]*)(?:\.([1-9]))?", re.ASCII)
_MOST_TIMES = 9  # so that a page's key has one digit


@dataclass(frozen=True)
class Condition:
    """A page is for those whose answer to the choice `field` is one of `codes`."""

    field: str
    codes: tuple[str, ...]

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether it is for whoever gave these answers."""
        return answers.get(self.field) in self.codes


@dataclass(frozen=True)
class Page:
    """Fields that are asked together; `each` time anew, or once; `consent` asks for the uses."""

    id: str
    fields: tuple[Field, ...] = ()
    each: bool = False
    consent: bool = False
    when: Condition | None = None

    def __post_init__(self) -> None:
        demand(bool(NAME.fullmatch(self.id)), "a page's id is letters, digits and _")

    def to_json(self) -> dict[str, object]:
        """As the script reads it."""
        row: dict[str, object] = {"id": self.id, "fields": [f.to_json() for f in self.fields]}
        if self.when is not None:
            row["when"] = [self.when.field, list(self.when.codes)]
        return row | {n: True for n in ("each", "consent") if getattr(self, n)}


@dataclass(frozen=True)
class Place:
    """A page of a form for one person: which page, and for which time (0 where asked once)."""

    page: Page
    time: int = 0

    @property
    def key(self) -> str:
        """As forms carry it: `place.2`, or `age`."""
        return f"{self.page.id}.{self.time}" if self.time else self.page.id


@dataclass(frozen=True)
class FormDefinition:
    """A form's pages, in order, and the uses it asks about with the ids of their wording.

    `repeat` names the group that is asked for each time, "" where nothing repeats; `most` is how
    many times there can be.
    """

    id: str
    version: int
    pages: tuple[Page, ...]
    levels: tuple[tuple[Level, str], ...]
    repeat: str = ""
    most: int = 0

    def __post_init__(self) -> None:
        """Check that the form can be filled in.

        1. names and codes are each used once, and a container holds all the answers;
        2. the first page is for everybody and has the one required field;
        3. the last page, and no other, asks for consent;
        4. the pages that repeat stand together, and there are some exactly where a group is named;
        5. a page's condition asks for codes of an earlier choice that is asked once.
        """
        # (1)
        names = [field.name for field in self.fields]
        keys = [page.id for page in self.pages]
        demand(len(set(names)) == len(names), "a field's name is used twice")
        demand(len(set(keys)) == len(keys), "a page's id is used twice")
        demand(len(names) * max(1, self.most) <= MAX_FIELDS, "a form with too many fields")
        # (2)
        required = [f.name for f in self.fields if isinstance(f, TextField) and f.required]
        first = self.pages[0] if self.pages else Page("none")
        demand(required == ["narrative"], "a form requires the narrative, and nothing else")
        demand("narrative" in [f.name for f in first.fields], "the narrative is not asked first")
        demand(not first.each and first.when is None, "the first page is not for everybody")
        # (3)
        demand(
            [page.consent for page in self.pages] == [False] * (len(keys) - 1) + [True],
            "the last page, and only that, asks for consent",
        )
        # (4)
        runs = "".join("e" if page.each else "-" for page in self.pages).strip("-")
        demand("-" not in runs and bool(runs) == bool(self.repeat), "the repeated pages are apart")
        demand(0 < self.most <= _MOST_TIMES if self.repeat else self.most == 0, "most is 1 to 9")
        demand(not self.repeat or bool(NAME.fullmatch(self.repeat)), "a group's name is a name")
        # (5)
        self._check_conditions()

    def _check_conditions(self) -> None:
        known: dict[str, tuple[str, ...]] = {}
        for page in self.pages:
            if page.when is not None:
                offered = known.get(page.when.field, ())
                demand(set(page.when.codes) <= set(offered), f"page {page.id} can never be asked")
            if not page.each:
                known |= {f.name: f.choices for f in page.fields if isinstance(f, ChoiceField)}

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, each once."""
        return tuple(field for page in self.pages for field in page.fields)

    def times(self, answers: Mapping[str, str]) -> int:
        """How many times it happened: the last with any answer, at least 1; 0 in other forms."""
        names = {field.name for page in self.pages if page.each for field in page.fields}
        answered = [
            n
            for n in range(1, self.most + 1)
            if any(answers.get(f"{self.repeat}.{n}.{name}") for name in names)
        ]
        return max(answered, default=min(1, self.most))

    def places(self, times: int) -> Iterator[Place]:
        """Every page in order, those that repeat `times` times."""
        repeated = [page for page in self.pages if page.each]
        for page in self.pages:
            if not page.each:
                yield Place(page)
            elif page is repeated[0]:
                for n in range(1, times + 1):
                    yield from (Place(each, n) for each in repeated)

    def paths_of(self, place: Place) -> tuple[tuple[str, Field], ...]:
        """The path in a container of each field of a page (docs/format.md 3)."""
        start = f"{self.repeat}.{place.time}." if place.time else ""
        return tuple((start + field.name, field) for field in place.page.fields)

    @property
    def key(self) -> str:
        """The form's id and version, as pages carry it: `minimal.1`."""
        return f"{self.id}.{self.version}"

    def paths(self, times: int | None = None) -> Iterator[tuple[str, Field]]:
        """The path of every field there can be for so many times, in the form's order."""
        for place in self.places(self.most if times is None else times):
            yield from self.paths_of(place)

    def route(self, answers: Mapping[str, str], here: str = "") -> tuple[Place, ...]:
        """The pages for whoever gave these answers and is at the page with the key `here`.

        A page whose condition does not hold is passed over, unless somebody is on it or something
        is written on it: whatever will be sent can be seen and changed.
        """
        at = self.place(here)
        times = max(self.times(answers), at.time if at else 0)
        return tuple(
            place
            for place in self.places(times)
            if place.page.when is None
            or place.page.when.holds(answers)
            or place == at
            or any(answers.get(path) for path, _ in self.paths_of(place))
        )

    def place(self, key: str) -> Place | None:
        """The page with this key; None for a key that the form never gave."""
        found = _KEY.fullmatch(key)
        page = next((p for p in self.pages if found and p.id == found[1]), None)
        if found is None or page is None or bool(found[2]) != page.each:
            return None
        time = int(found[2] or 0)
        return Place(page, time) if time <= self.most else None

    def place_of(self, path: str) -> Place:
        """The page on which a path is asked."""
        return next(
            place
            for place in self.places(self.most)
            if any(path == known for known, _ in self.paths_of(place))
        )

    def to_json(self) -> dict[str, object]:
        """The form as the script reads it."""
        return {
            "id": self.id,
            "version": self.version,
            "repeat": self.repeat,
            "most": self.most,
            "pages": [page.to_json() for page in self.pages],
            "levels": [[level.value, wording] for level, wording in self.levels],
        }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a form's TOML; raises `MalformedError`. An unknown key is an error."""
        try:
            table = tomllib.loads(text)
        except (ValueError, RecursionError):
            raise MalformedError("a form is not TOML") from None
        _keys(table, {"id": str, "version": int, "consent": dict, "page": list}, {"repeat": dict})
        once: dict[str, Any] = {"name": "", "most": 0}
        repeat = _keys(table.get("repeat", once), {"name": str, "most": int})
        try:
            levels = tuple((Level(name), str(words)) for name, words in table["consent"].items())
        except ValueError:
            raise MalformedError("a form asks for a use that there is not") from None
        return cls(
            id=table["id"],
            version=table["version"],
            pages=tuple(_page(row) for row in table["page"]),
            levels=levels,
            repeat=repeat["name"],
            most=repeat["most"],
        )


def _page(row: object) -> Page:
    table = _keys(row, {"id": str, "fields": list}, {"each": bool, "consent": bool, "when": dict})
    when = None
    if "when" in table:
        asked = _keys(table["when"], {"field": str, "is": list})
        when = Condition(asked["field"], _codes(asked["is"]))
    return Page(
        id=table["id"],
        fields=tuple(_field(field) for field in table["fields"]),
        each=table.get("each", False),
        consent=table.get("consent", False),
        when=when,
    )


def _field(row: object) -> Field:
    kind = _table(row).get("kind")
    if kind == "text":
        table = _keys(row, {"name": str, "kind": str, "most": int}, {"required": bool})
        return TextField(table["name"], table["most"], table.get("required", False))
    table = _keys(row, {"name": str, "kind": str, "codes": list})
    if kind == "choice":
        return ChoiceField(table["name"], _codes(table["codes"]))
    demand(kind == "multi", "a field is a text, a choice or a multi")
    return MultiField(table["name"], _codes(table["codes"]))


def _codes(values: list[object]) -> tuple[str, ...]:
    demand(all(isinstance(code, str) for code in values), "a code is a text")
    return tuple(str(code) for code in values)


def _keys(
    value: object, needed: Mapping[str, type], allowed: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """A table with the `needed` keys, none but them and the `allowed`, each of its kind."""
    table = _table(value)
    kinds = {**needed, **(allowed or {})}
    odd = sorted(set(needed) - set(table) | set(table) - set(kinds))
    demand(not odd, f"a form lacks, or should not have: {', '.join(odd)}")
    for key, item in table.items():
        demand(type(item) is kinds[key], f"{key} in a form is of another kind")
    return table


def _table(value: object) -> dict[str, Any]:
    demand(isinstance(value, dict), "a part of a form is not a table")
    return cast("dict[str, Any]", value)


def _packaged(name: str) -> FormDefinition:
    return FormDefinition.parse((files("intake") / "forms" / f"{name}.toml").read_text("utf-8"))


MINIMAL = _packaged("minimal")
GUIDED = _packaged("guided")
ADDITION = _packaged("addition")
FORMS = {(form.id, form.version): form for form in (MINIMAL, GUIDED)}
"""Every form that a site may begin with, by id and version."""
EVERY_FORM = FORMS | {(ADDITION.id, ADDITION.version): ADDITION}
"""Every form whose answers this software makes or reads."""
