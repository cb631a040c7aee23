"""What a person answered on the form, and what they allowed; valid by construction.

It knows the form's questions and limits, and nothing of pages, keys or storage.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from intake import canonical
from intake.container import Consent, Form, Level
from intake.errors import MalformedError

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
TEXT_BYTES = 61440  # of the fields' canonical JSON; what is left of 64 KiB holds all the rest

ProblemKind = Literal["empty", "long", "odd", "choice"]


@dataclass(frozen=True)
class TextField:
    """A box of at most `most` code points."""

    name: str
    most: int
    required: bool = False


@dataclass(frozen=True)
class ChoiceField:
    """One of `choices`, or nothing."""

    name: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class FormDefinition:
    """A form's questions, in order, and the uses it asks about with the ids of their wording."""

    id: str
    version: int
    fields: tuple[TextField | ChoiceField, ...]
    levels: tuple[tuple[Level, str], ...]


MINIMAL = FormDefinition(
    id="minimal",
    version=1,
    fields=(
        ChoiceField("relation", ("r.self", "r.witness", "r.told", "r.other_role", "r.na")),
        ChoiceField("aware", ("yes", "no", "cannot")),
        TextField("narrative", 20_000, required=True),
        TextField("when_text", 200),
        TextField("where_text", 300),
        TextField("who_text", 1_000),
    ),
    levels=(
        (Level.STATS, "c_stats.1"),
        (Level.PUBLISH, "c_publish.1"),
        (Level.INVESTIGATORS, "c_investigators.1"),
        (Level.COURTS, "c_courts.1"),
    ),
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field; `amount` counts the characters that are too many."""

    field: str
    kind: ProblemKind
    amount: int = 0


class AnswersError(MalformedError):
    """Answers that cannot be sent yet.

    `tidied` holds every answer as it can be shown again: nothing that was typed is lost, but for
    characters that no form can hold, and those are named as `odd`.
    """

    def __init__(self, problems: tuple[Problem, ...], tidied: dict[str, str]) -> None:
        super().__init__(", ".join(f"{p.field}: {p.kind}" for p in problems))
        self.problems = problems
        self.tidied = tidied


@dataclass(frozen=True)
class Testimony:
    """Answers and consent for one form; `fields` are (name, text) in the form's order."""

    form: Form
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    consent: tuple[Consent, ...]

    def __post_init__(self) -> None:
        answers = dict(self.fields)
        problems = tuple(_problems(answers))
        known = [f.name for f in MINIMAL.fields if f.name in answers]
        odd = any(tidy(text) != text or not text for _, text in self.fields)
        if problems or odd or known != [name for name, _ in self.fields]:
            raise AnswersError(problems, answers)

    @classmethod
    def from_answers(cls, lang: str, answers: Mapping[str, str], agreed: Collection[str]) -> Self:
        """Build from what a form sent.

        `answers` may hold names that the form does not ask, which are passed over; `agreed` are
        the levels with a tick. Raises `AnswersError`.
        """
        tidied = {f.name: tidy(answers.get(f.name, "")) for f in MINIMAL.fields}
        changed = [n for n, text in tidied.items() if lines(answers.get(n, "")) != text]
        problems = (*(Problem(n, "odd") for n in changed), *_problems(tidied))
        if problems:
            raise AnswersError(problems, tidied)
        return cls(
            form=Form(MINIMAL.id, MINIMAL.version, lang),
            fields=tuple((name, text) for name, text in tidied.items() if text),
            consent=tuple(
                Consent(level, level.value in agreed, wording, lang)
                for level, wording in MINIMAL.levels
            ),
        )


def lines(text: str) -> str:
    """`text` with LF at the end of each line, whichever way it came."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """`text` with LF line ends and without what is not writing.

    Taken out: control characters but TAB and LF, lone surrogates, and U+FFFD, which stands where
    something could not be decoded.
    """
    return _ODD.sub("", lines(text))


def _problems(answers: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with tidied answers, in the form's order."""
    too_long = False
    for asked in MINIMAL.fields:
        text = answers.get(asked.name, "")
        if isinstance(asked, ChoiceField):
            if text and text not in asked.choices:
                yield Problem(asked.name, "choice")
        elif asked.required and not text.strip("\t\n\r "):
            yield Problem(asked.name, "empty")
        elif len(text) > asked.most:
            too_long = True
            yield Problem(asked.name, "long", len(text) - asked.most)
    if not too_long:
        yield from _bytes_over(answers)


def _bytes_over(answers: Mapping[str, str]) -> Iterator[Problem]:
    """20,000 letters of Latin, Cyrillic or Arabic always fit; of other scripts fewer may."""
    rows = [[f.name, answers[f.name]] for f in MINIMAL.fields if answers.get(f.name)]
    size = len(canonical.encode(rows))
    if size > TEXT_BYTES:
        narrative = answers.get("narrative", "")
        mean = max(1, len(canonical.encode(narrative)) - 2) / max(1, len(narrative))
        yield Problem("narrative", "long", math.ceil((size - TEXT_BYTES) / mean))
