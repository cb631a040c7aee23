"""Trains the models that `intake.review.finding` ships: `python -m benchmarks.redaction.models TEXTS`.

TEXTS is the folder with TAB and factRuEval. The same texts and versions give the same bytes.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import pycrfsuite

from benchmarks.redaction import corpora
from benchmarks.redaction.corpora import Document
from intake.review.finding import models, rules
from intake.review.finding.features import LITTLE
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Language
from intake.review.finding.tagger import NOTHING, model_name
from intake.review.finding.view import View

FOLDER: Final = Path(str(models.__file__)).parent
_PARAMETERS: Final = {
    "c1": 0.1,
    "c2": 0.05,
    "max_iterations": 60,
    "feature.minfreq": 2,
}


def training_texts(language: str, folder: Path) -> list[Document]:
    """Everything that a model of a language is trained on."""
    own = [
        *corpora.biographies(language),
        *corpora.gold("dev", language),
        *corpora.more(language),
    ]
    if language == "en":
        return [*corpora.tab(folder), *own]
    return [*corpora.factru(folder), *own, *corpora.gold("dev", "ce")]


def names_in(documents: Iterable[Document]) -> frozenset[str]:
    """Every word of a person's name in the texts, small, but for of and the like: no model holds one."""
    found: set[str] = set()
    for document in documents:
        view = _view(document, cased=True)
        for sentence, labels in zip(view.sentences, labels_of(document, view), strict=True):
            for token, label in zip(sentence, labels, strict=True):
                word = token.text.lower()
                if label == "PERSON" and len(word) > 1 and LITTLE not in view.marks(word):
                    found.add(word)
    return frozenset(found)


def train(documents: Sequence[Document], path: Path, *, cased: bool) -> None:
    """Train a model on texts as they are, or on all of them in small letters."""
    hidden = names_in(documents)
    trainer = pycrfsuite.Trainer(verbose=False)
    for document in documents:
        view = _view(document, cased=cased)
        for rows, labels in zip(view.rows(hidden), labels_of(document, view), strict=True):
            trainer.append(rows, labels)
    trainer.set_params(_PARAMETERS)
    trainer.train(str(path))


def _view(document: Document, *, cased: bool) -> View:
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


def train_shipped(folder: Path, language: str, cased: bool) -> None:  # noqa: FBT001
    """Train one model of the package."""
    documents = training_texts(language, folder)
    train(documents, FOLDER / model_name(language, cased=cased), cased=cased)


def main(folder: Path) -> None:
    """Train all four."""
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        waiting = [
            workers.submit(train_shipped, folder, language, cased)
            for language in ("en", "ru")
            for cased in (True, False)
        ]
        for one in waiting:
            one.result()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
