"""Words that stand out by how they are written: capitals that no dictionary explains."""

from collections.abc import Iterator
from typing import Final

from intake.review.finding.bare import CHECHEN
from intake.review.finding.features import LITTLE, ORDINARY
from intake.review.finding.russian import LATIN
from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.view import View

UNEXPLAINED: Final = 0.5  # how sure it is that such a word is a name
EXPLAINED: Final = 0.2
_PLACE: Final = "p"

# What is written with a capital for its office and names nobody, in English.
_OFFICES: Final = (
    "court courts government convention article articles section sections rule rules "
    "protocol commission president chamber judge judges prosecutor prosecutors public state "
    "states council ministry minister authority authorities act acts law laws code party "
    "parties applicant applicants application applications registrar agent european "
    "community constitution constitutional assembly office officer department committee "
    "paragraph paragraphs annex appendix supreme high regional district administrative "
    "criminal civil police appeal appeals security military human rights member vice "
    "general justice first second third grand facts procedure mr mrs ms dr sir madam god "
    "internet"
)
ROLES: Final = frozenset(_OFFICES.split())


def unexplained(view: View, *, explained_too: bool) -> Iterator[Span]:
    """Words with a capital that are not ordinary.

    With `explained_too` also ordinary ones inside a sentence that this text never writes small,
    unless they name an office.
    """
    for sentence in view.sentences:
        for token in sentence:
            text = token.text
            if not text[0].isupper() or len(text) == 1:
                continue
            low = text.lower()
            if low in CHECHEN:
                continue
            lists = view.marks(low)
            label = Label.LOC if _PLACE in lists and "g" not in lists else Label.PERSON
            if ORDINARY not in lists and LATIN not in lists:
                yield Span(token.start, token.end, label, Kind.PROPOSAL, "capital", UNEXPLAINED)
            elif (
                explained_too
                and not token.first
                and LITTLE not in lists
                and low not in ROLES
                and low not in view.seen.lower
            ):
                yield Span(token.start, token.end, Label.MISC, Kind.PROPOSAL, "capital", EXPLAINED)
