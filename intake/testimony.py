"""What a person answered on a form, and what they allowed; valid by construction.

It knows what a form's fields may hold, and nothing of how they are shown, of keys or of storage.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from intake import canonical
from intake.codename import holds_code
from intake.container import ASKED, Consent, Form, Kind, Level
from intake.errors import MalformedError
from intake.field import Field, MultiField, TextField
from intake.form import ADDITION, EVERY_FORM, MINIMAL, FormDefinition

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_QUESTION = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
CHANGE = "consent"
"""The id of the form on which consent is changed."""
GOVERNMENT = "c_government.1"
"""The words under a question whether a State may be told: the question itself stands in the reply."""
TEXT_BYTES = 61440  # of the fields' canonical JSON; what is left of 64 KiB holds all the rest

ProblemKind = Literal["empty", "long", "odd", "choice", "code_in_text"]


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
    """Answers and consent for one form; `fields` are (path, text) in the form's order.

    What is added later is one too, of the form `ADDITION`.
    """

    form: Form
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    consent: tuple[Consent, ...]

    def __post_init__(self) -> None:
        definition = EVERY_FORM.get((self.form.id, self.form.version))
        if definition is None:
            raise MalformedError("there is no such form")
        answers = dict(self.fields)
        problems = tuple(_problems(definition, answers))
        asked = dict(definition.paths())
        known = [path for path in asked if path in answers]
        odd = any(_tidied(asked.get(path), text) != text or not text for path, text in self.fields)
        if problems or odd or known != [path for path, _ in self.fields]:
            raise AnswersError(problems, answers)

    @property
    def kind(self) -> Kind:
        """What it is sealed as."""
        return Kind.ADDITION if self.form.id == ADDITION.id else Kind.TESTIMONY

    @classmethod
    def from_answers(
        cls,
        lang: str,
        answers: Mapping[str, str],
        agreed: Collection[str],
        definition: FormDefinition = MINIMAL,
    ) -> Self:
        """Build from what a form sent.

        `answers`, by path, may hold names that the form does not ask, which are passed over;
        `agreed` are the levels with a tick. Raises `AnswersError`.
        """
        asked = dict(definition.paths(definition.times(answers)))
        tidied = {path: _tidied(asked[path], answers.get(path, "")) for path in asked}
        problems = problems_of(definition, answers)
        if problems:
            raise AnswersError(problems, tidied)
        return cls(
            form=Form(definition.id, definition.version, lang),
            fields=tuple((path, text) for path, text in tidied.items() if text),
            consent=tuple(
                Consent(level, level.value in agreed, wording, lang)
                for level, wording in definition.levels
            ),
        )


@dataclass(frozen=True)
class ConsentChange:
    """What somebody allows from now on, in place of what they allowed before.

    Either every use that a form asks about, yes or no; or the answer to one question in a reply.
    """

    form: Form
    consent: tuple[Consent, ...]
    fields: tuple[tuple[str, str], ...] = ()

    kind = Kind.CONSENT

    @classmethod
    def of(cls, lang: str, agreed: Collection[str]) -> Self:
        """Yes to the levels in `agreed`, and no to all others, in the words that were shown."""
        rows = (Consent(lv, lv.value in agreed, words, lang) for lv, words in MINIMAL.levels)
        return cls(Form(CHANGE, 1, lang), tuple(rows))

    @classmethod
    def answer(cls, lang: str, question: str, *, agreed: bool) -> Self:
        """Yes or no to a question: `sha256:` and the hex of the note that asks it."""
        if not _QUESTION.fullmatch(question):
            raise MalformedError("a question is named by its sha256")
        row = Consent(Level.GOVERNMENT, agreed, GOVERNMENT, lang)
        return cls(Form(CHANGE, 1, lang), (row,), ((ASKED, question),))


def lines(text: str) -> str:
    """`text` with LF at the end of each line, whichever way it came."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """`text` with LF line ends and without what is not writing.

    Taken out: control characters but TAB and LF, lone surrogates, and U+FFFD, which stands where
    something could not be decoded.
    """
    return _ODD.sub("", lines(text))


def problems_of(definition: FormDefinition, answers: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with answers as they came: first what is no writing, then each in order."""
    asked = dict(definition.paths(definition.times(answers)))
    tidied = {path: _tidied(asked[path], answers.get(path, "")) for path in asked}
    odd = [path for path in asked if lines(answers.get(path, "")) != tidy(answers.get(path, ""))]
    return (*(Problem(path, "odd") for path in odd), *_problems(definition, tidied))


def _tidied(asked: Field | None, text: str) -> str:
    return asked.canonical(tidy(text)) if isinstance(asked, MultiField) else tidy(text)


def _problems(definition: FormDefinition, answers: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with tidied answers, in the form's order."""
    too_long = False
    for path, asked in definition.paths(definition.times(answers)):
        text = answers.get(path, "")
        if not isinstance(asked, TextField):
            chosen = text.split(" ") if isinstance(asked, MultiField) else [text]
            if text and not set(chosen) <= set(asked.choices):
                yield Problem(path, "choice")
        elif asked.required and not text.strip("\t\n\r "):
            yield Problem(path, "empty")
        elif len(text) > asked.most:
            too_long = True
            yield Problem(path, "long", len(text) - asked.most)
        elif holds_code(text):
            # Reviewers, and whoever reads it later, could do all that its author can.
            yield Problem(path, "code_in_text")
    if not too_long:
        yield from _bytes_over(definition, answers)


def _bytes_over(definition: FormDefinition, answers: Mapping[str, str]) -> Iterator[Problem]:
    """20,000 letters of Latin, Cyrillic or Arabic always fit beside a full minimal form.

    Of other scripts fewer may, and of a guided form not every box can be full at once. It is said
    of the longest text.
    """
    asked = dict(definition.paths(definition.times(answers)))
    rows = [[path, answers[path]] for path in asked if answers.get(path)]
    size = len(canonical.encode(rows))
    if size > TEXT_BYTES:
        lengths = {path: len(canonical.encode(text)) - 2 for path, text in rows}
        longest = max(lengths, key=lambda path: lengths[path])
        mean = max(1, lengths[longest]) / max(1, len(answers[longest]))
        yield Problem(longest, "long", math.ceil((size - TEXT_BYTES) / mean))
