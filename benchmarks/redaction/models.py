"""Trains the models that `intake.review.finding` ships: `python -m benchmarks.redaction.models TEXTS`.

TEXTS is the folder with TAB and factRuEval. The same texts and versions give the same bytes; of networks only on
processors of one kind.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pycrfsuite

from benchmarks.redaction import corpora
from benchmarks.redaction.corpora import Document
from benchmarks.redaction.lessons import labels_of, names_in, view_of
from benchmarks.redaction.networks import train_network
from intake.review.finding import models
from intake.review.finding.meaning import LANGUAGES, network_name
from intake.review.finding.routing import Language
from intake.review.finding.tagger import model_name

FOLDER: Final = Path(str(models.__file__)).parent
SAME_NUMPY: Final = {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell"}
"""How numpy is to multiply, so that it adds up in the same order on all of one kind; it looks when it is imported."""

_PARAMETERS: Final = {
    "en": {"c1": 0.1, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 2},
    # Fewer signs: what is rare the network sees better, and a file stays below two megabytes.
    "ru": {"c1": 0.4, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 3},
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


def train(documents: Sequence[Document], path: Path, *, cased: bool) -> None:
    """Train a model on texts as they are, or on all of them in small letters."""
    hidden = names_in(documents)
    trainer = pycrfsuite.Trainer(verbose=False)
    for document in documents:
        view = view_of(document, cased=cased)
        for rows, labels in zip(view.rows(hidden), labels_of(document, view), strict=True):
            trainer.append(rows, labels)
    trainer.set_params(_PARAMETERS[Language(documents[0].language).model])
    trainer.train(str(path))


def train_both(documents: Sequence[Document], folder: Path, language: str, *, cased: bool) -> None:
    """Train a model into a folder, and where words have vectors the network beside it."""
    train(documents, folder / model_name(language, cased=cased), cased=cased)
    if language in LANGUAGES:
        train_network(documents, folder / network_name(language, cased=cased), cased=cased)


def train_shipped(folder: Path, language: str, cased: bool) -> None:  # noqa: FBT001
    """Train what the package has for one way of writing a language."""
    train_both(training_texts(language, folder), FOLDER, language, cased=cased)


def workers() -> ProcessPoolExecutor:
    """As many processes as processors, that import numpy anew and so multiply alike."""
    os.environ.update(SAME_NUMPY)
    return ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))


def main(folder: Path) -> None:
    """Train all."""
    with workers() as given:
        waiting = [
            given.submit(train_shipped, folder, language, cased)
            for language in ("ru", "en")
            for cased in (True, False)
        ]
        for one in waiting:
            one.result()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
