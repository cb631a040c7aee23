"""A step that is answered in words, as a form: what is asked, what was typed, and what is wrong with it.

It only reads and says; whether the answers are kept is for the gates. The questions are the table `ASKED`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from intake.errors import MalformedError
from intake.review.coding.vocabulary import TERMS, UNCHECKED, Vocabulary, label
from intake.review.journal import Mark
from intake.review.steps import Step
from intake.review.work import ABOUT_REDACTION, ASKED, TEXT_LIMIT, Answers, Ask

LOCKED: Final = frozenset({Step.READ, Step.SECOND})
"""What a reader wrote at once after reading is never changed: a later note stands beside it."""


@dataclass(frozen=True)
class Asked:
    """One question with what was typed; an option without a label has its phrase; `wrong` is the key of the phrase for what is wrong with it."""

    name: str
    required: bool
    options: tuple[tuple[str, str], ...]
    value: str = field(repr=False)
    wrong: str = ""


def asked(step: Step, given: Mapping[str, str], lang: str, *, judged: bool) -> list[Asked]:
    """Every question of a step with what was typed; `judged` where that is to be an answer."""
    return [
        Asked(
            ask.name,
            ask.required,
            tuple((code, "") for code in ask.choices) or options(ask.vocabulary, lang),
            given.get(ask.name, ""),
            _wrong(ask, given.get(ask.name, "")) if judged else "",
        )
        for ask in ASKED[step]
    ]


def options(vocabulary: Vocabulary | None, lang: str) -> tuple[tuple[str, str], ...]:
    """The codes of a vocabulary with their labels, in order; none where words are asked for."""
    if vocabulary is None:
        return ()
    return tuple((code, label(vocabulary, code, lang)) for code in TERMS[vocabulary])


def is_unchecked(step: Step, lang: str) -> bool:
    """Whether a label of the step is shown in a language in which nobody has checked it."""
    return lang in UNCHECKED and any(ask.vocabulary is not None for ask in ASKED[step])


def _wrong(ask: Ask, text: str) -> str:
    if not text.strip():
        return "missing" if ask.required else ""
    if len(text.strip()) > TEXT_LIMIT:
        return "long"
    return "" if ask.accepts(text.strip()) else "code"


def of_form(step: Step, form: Mapping[str, str]) -> dict[str, str]:
    """What a form sent for the questions of a step, with the line ends that a text has here."""
    names = (ask.name for ask in ASKED[step])
    return {
        name: form.get(f"a.{name}", "").replace("\r\n", "\n").replace("\r", "\n") for name in names
    }


def mark_in(text: str) -> Mark | None:
    """The redaction that a form was about, as the form has it: `3 r1`; None where it has none."""
    number, _, by = text.partition(" ")
    return Mark(int(number), by) if number.isascii() and number.isdigit() and by else None


def parsed(step: Step, given: Mapping[str, str], about: Mark | None) -> Answers:
    """The answers; raises `MalformedError` where something is wrong with one."""
    if step in ABOUT_REDACTION and about is None:
        raise MalformedError("it is about a redacted version", "look at the newest one")
    return Answers.of(step, given, about)
