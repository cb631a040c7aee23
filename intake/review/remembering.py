"""What a case remembers when a text is looked through: names that were taken out, and words that were left.

What was taken out is not written down a second time: the signed redactions say where it stands in the
originals. What was looked at and left is a signed record of its item, of places as a redaction is. Both
are sealed to the item's key and go with it, so nothing is remembered of what is gone. Format:
docs/format.md 12.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self, cast

from intake import canonical, shape
from intake.canonical import b64, unb64
from intake.container import Container
from intake.errors import IntakeError, MalformedError
from intake.review.case import REDACTED, Case
from intake.review.coding.register import Of
from intake.review.finding.memory import Names
from intake.review.journal import Mark
from intake.review.redacting import Redaction
from intake.review.registering import register_of

RECORD: Final = "seen"
PLACES_LIMIT: Final = 20_000
REGISTER: Final = "the register"
VERSION: Final = 1

Spot = tuple[str, int, int]


@dataclass(frozen=True)
class Seen:
    """Words of one original that a reviewer looked at and left: one place for each distinct string.

    `envelope` is the SHA-256 of the sealed original; a place is (field, start, end) in code points, the
    end exclusive; sorted. It holds no word.
    """

    envelope: bytes
    places: tuple[Spot, ...] = ()

    def __post_init__(self) -> None:
        if len(self.envelope) != 32 or len(self.places) > PLACES_LIMIT:
            raise MalformedError(
                f"words that were left are of one original, {PLACES_LIMIT:,} at most"
            )
        if sorted(set(self.places)) != list(self.places) or any(
            not 0 <= start < end for _, start, end in self.places
        ):
            raise MalformedError("words that were left are not in order")

    def words(self, container: Container) -> list[str]:
        """The strings themselves, out of the original; raises `MalformedError` where it has no such place."""
        answers = container.answers
        if any(end > len(answers.get(path, "")) for path, _, end in self.places):
            raise MalformedError("words that were left are of another text")
        return [answers[path][start:end] for path, start, end in self.places]

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        places = [list(place) for place in self.places]
        return {"v": VERSION, "envelope": b64(self.envelope), "places": places}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            rows = cast("list[list[object]]", row["places"])
            places = tuple(
                (shape.text(path), shape.integer(start), shape.integer(end))
                for path, start, end in rows
            )
            seen = cls(unb64(str(row["envelope"]), 32), places)
        except (KeyError, TypeError, ValueError):
            raise MalformedError("words that were left have another shape") from None
        if canonical.encode(seen.to_json()) != canonical.encode(value):
            raise MalformedError("words that were left have another shape")
        return seen


def seen_of(case: Case, item: str, envelope: bytes) -> Seen:
    """What was looked at and left in the original with this envelope, by the newest record."""
    newest = case.journal(item).newest(RECORD)
    seen = Seen(envelope) if newest is None else Seen.from_json(newest.value)
    return seen if seen.envelope == envelope else Seen(envelope)


def keep_seen(case: Case, item: str, seen: Seen) -> Mark:
    """Keep what was looked at and left, signed by this reviewer; asked of the gates by `gates.leave`."""
    return case.journal(item).add(RECORD, seen.to_json())


def learn(names: Names, item: str, container: Container, redaction: Redaction | None) -> None:
    """Know the names that the newest redaction of an item takes out; none where there is none."""
    if redaction is None:
        names.forget(item)
    else:
        names.learn(item, redaction.removed(container))


def learn_register(names: Names, case: Case) -> None:
    """Know every spelling of the people and places that the register has; units are nobody's name."""
    register = register_of(case)
    people = (one for one in register.people if one.of is not Of.UNIT)
    spelled = [(name, "person") for one in people for name in one.names]
    names.learn(
        REGISTER, spelled + [(name, "place") for one in register.places for name in one.names]
    )


def names_of(case: Case, items: Iterable[str] | None = None) -> Names:
    """All that a case knows: about 5 milliseconds for each redacted item. One that cannot be read is left."""
    names = Names()
    learn_register(names, case)
    for item in case.items() if items is None else items:
        if case.marks(item, REDACTED):
            try:
                container, redaction = case.read(item)
                learn(names, item, container, redaction)
            except IntakeError:
                continue  # its own page says why
    return names
