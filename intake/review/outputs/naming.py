"""How people, places and dates of a coding are called in one output, and whether by name.

A pseudonym of the register is the same in everything the case holds, so it never leaves: each output
has labels of its own, by chance and with no order, so that two of them cannot be joined and nobody can
be counted.
"""

from dataclasses import dataclass
from typing import Final

from intake.container import Level
from intake.review.coding.account import Act, Involvement, When
from intake.review.coding.register import Of, Register, Scope
from intake.review.coding.vocabulary import Vocabulary
from intake.review.export import language
from intake.review.outputs.codes import labels_of
from intake.review.outputs.counting import district_of, is_home, kind_of_place
from intake.review.outputs.document import Line
from intake.review.outputs.material import Grade, Material, Piece
from intake.review.outputs.wording import district, say, term

SITES_LEAST: Final = 3
"""Accounts that must tell of a place of detention before the public reads its name."""

_CORROBORATED: Final = frozenset({"g.a", "g.b"})


@dataclass(frozen=True)
class Names:
    """The names that one output uses; made by `of`."""

    material: Material
    labels: dict[str, str]
    victims: frozenset[str]
    telling: dict[str, int]

    @classmethod
    def of(cls, material: Material) -> "Names":
        """Label everybody and every place of the pieces whose words may be shown: one label a person."""
        register = material.register
        victims, others = set[str](), set[str]()
        telling: dict[str, set[str]] = {}
        for piece in material.quoted:
            for act in piece.coding.acts:
                if act.victim:
                    victims.add(register.now(act.victim))
                if act.place:
                    name = register.now(act.place)
                    others.add(name)
                    if not piece.addition:
                        telling.setdefault(name, set()).add(piece.case)
            for one in piece.coding.involvements:
                others.add(register.now(one.person))
        counts = {name: len(cases) for name, cases in telling.items()}
        labels = labels_of(material.secret, victims | others)
        return cls(material, labels, frozenset(victims), counts)

    def victim(self, act: Act) -> Line:
        """A victim, by the label of this output alone."""
        if not act.victim:
            return (say("not_said", self.material.lang),)
        return (self.labels[self._register.now(act.victim)],)

    @property
    def _register(self) -> Register:
        return self.material.register

    def person(self, one: Involvement, grade: Grade) -> Line:
        """Who had a part in an act: by label, and by name where `named` allows it."""
        number, name = self.number(one), self.named(one, grade)
        return (number, " ", name) if name else (number,)

    def number(self, one: Involvement) -> str:
        """The label of a person in this output alone."""
        return self.labels[self._register.now(one.person)]

    def named(self, one: Involvement, grade: Grade) -> str:
        """The name of a person, empty where it may not be said.

        1. only officials and units have names here; a relative's name would say whose brother he is;
        2. nobody who is a victim in the same output, as those who were forced to take part;
        3. in public only for an act of level A or B, with a lawyer's word and a decision on a right
           of reply.
        """
        person = self._register.person(one.person)
        # (1)
        if person is None or not person.names or not (person.official or person.of is Of.UNIT):
            return ""
        # (2)
        if person.name in self.victims:
            return ""
        # (3)
        if not self.material.published:
            return "; ".join(person.names)
        cleared = self.material.lawyer and self.material.reply
        return person.names[0] if cleared and grade.code in _CORROBORATED else ""

    def place(self, act: Act) -> Line:
        """Where: label, type, district, and the name where that may be.

        A home is a type in public, and its district for others; a site is named in public only where
        three accounts tell of it and reviewers found that none depends on that.
        """
        lang = self.material.lang
        kind = kind_of_place(act, self._register)
        line: Line = (term(Vocabulary.PLACE_TYPE, kind, lang),)
        place = self._register.place(act.place)
        if not (is_home(act, self._register) and self.material.published):
            line = (*line, ", ", self.district(act))
        if place is None:
            return line
        line = (self.labels[place.name], " ", *line)
        name = self.site(act)
        return (*line, ": ", name) if name else line

    def site(self, act: Act) -> str:
        """The name of a place, empty where it may not be said: see `place`."""
        place = self._register.place(act.place)
        if place is None:
            return ""
        home = is_home(act, self._register)
        named = not home and bool(place.names) and place.scope is not Scope.DISTRICT
        if self.material.published:
            sure = place.name in self.material.sites
            named = named and sure and self.telling.get(place.name, 0) >= SITES_LEAST
        return place.names[0] if named else ""

    def place_number(self, act: Act) -> str:
        """The label of a place in this output alone; empty where none was said."""
        return self.labels[self._register.now(act.place)] if act.place else ""

    def district(self, act: Act) -> str:
        """The name of the bundled district."""
        return district(district_of(act, self._register), self.material.lang)

    def when(self, when: When) -> Line:
        """A date: in public the month, or the year where it is longer; for others as it is known."""
        lang = self.material.lang
        if self.material.published:
            return (when.month or _years(when) or say("not_known", lang),)
        precision = term(Vocabulary.PRECISION, when.precision, lang)
        days = [day.isoformat() for day in (when.start, when.end) if day]
        if not days:
            return (say("not_known", lang),)
        if len(days) == 2 and days[0] != days[1]:
            return days[0], " – ", days[1], " (", precision, ")"  # noqa: RUF001
        return days[0], " (", precision, ")"


def _years(when: When) -> str:
    years = sorted({f"{day.year:04d}" for day in (when.start, when.end) if day})
    return "–".join(years)  # noqa: RUF001


def consent(piece: Piece, level: Level, lang: str) -> Line:
    """The use to which the person said yes, with the wording that was shown; no other use."""
    row = piece.allows(level)
    if row is None:
        return (say("none", lang),)
    return say(f"use_{level}", lang), " (", row.wording, ", ", language(row.lang), ")"


def labels(vocabulary: Vocabulary, codes: tuple[str, ...], lang: str) -> Line:
    """Several codes by their labels; the phrase for nothing coded where there are none."""
    parts = [part for code in codes for part in (term(vocabulary, code, lang), "; ")]
    return tuple(parts[:-1]) or (say("not_coded", lang),)
