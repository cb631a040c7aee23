"""A name that was found once in a text, wherever else it stands in it."""

from collections.abc import Iterator, Sequence
from typing import Final

from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.view import View

_LETTERS_LEAST: Final = 3
_SURE: Final = 0.3  # how sure a find must be for its words to be looked for elsewhere
_CONFIDENCE: Final = 0.3


def repeated(view: View, found: Sequence[Span]) -> Iterator[Span]:
    """Each word with a capital that stands in a name that was found, wherever it stands again.

    Only names of persons are looked for: the word of a place or an office is often an ordinary one.
    """
    words = {
        word
        for span in found
        if span.label is Label.PERSON and span.confidence >= _SURE
        for word in view.text[span.start : span.end].replace("-", " ").replace(".", " ").split()
        if len(word) >= _LETTERS_LEAST and word[0].isupper()
    }
    if not words:
        return
    for sentence in view.sentences:
        for token in sentence:
            if token.text in words:
                yield Span(
                    token.start, token.end, Label.PERSON, Kind.PROPOSAL, "again", _CONFIDENCE
                )
