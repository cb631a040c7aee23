"""What models learn from a marked text: what each of its words is, and which words no model may hold."""

from collections.abc import Iterable

from benchmarks.redaction import corpora
from benchmarks.redaction.corpora import Document
from intake.review.finding import rules
from intake.review.finding.features import LITTLE
from intake.review.finding.meaning import NOTHING
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Language
from intake.review.finding.view import View


def names_in(documents: Iterable[Document]) -> frozenset[str]:
    """Every word of a person's name in the texts, small, but for of and the like: no model holds one."""
    found: set[str] = set()
    for document in documents:
        view = view_of(document, cased=True)
        for sentence, labels in zip(view.sentences, labels_of(document, view), strict=True):
            for token, label in zip(sentence, labels, strict=True):
                word = token.text.lower()
                if label == "PERSON" and len(word) > 1 and LITTLE not in view.marks(word):
                    found.add(word)
    return frozenset(found)


def view_of(document: Document, *, cased: bool) -> View:
    """A text as models see it, with its capitals or as if it had none."""
    return View.of(Reading.of(document.text), Language(document.language), cased=cased)


def labels_of(document: Document, view: View) -> list[list[str]]:
    """What each token of a view is in the marked text.

    Where only names are marked, what rules find of other kinds counts as marked: else a model would learn
    that a date gives nobody away in news and does in testimony.
    """
    marked: list[str] = [NOTHING] * len(document.text)
    if document.names_only:
        for span in rules.found(document.text, document.language):
            if span.label not in corpora.NAMES_ONLY:
                marked[span.start : span.end] = [span.label.value] * (span.end - span.start)
    for mention in document.masked:
        for i in range(mention.start, mention.end):
            marked[i] = mention.label
    reading = Reading.of(document.text)
    return [
        [marked[reading.place(token.start, token.end)[0]] for token in sentence]
        for sentence in view.sentences
    ]
