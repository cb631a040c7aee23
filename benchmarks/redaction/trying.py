"""Tries finding on marked texts that the models in use never saw, beside doing nothing and the trivial."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.redaction import corpora
from benchmarks.redaction.corpora import Document
from benchmarks.redaction.models import train_both, workers
from benchmarks.redaction.scoring import Score, trivial
from intake.review.finding.find import Taggers, find, shipped, sweep
from intake.review.finding.routing import Language
from intake.review.finding.tagger import Tagger

FOLDS: Final = 5
ROWS: Final = ("nothing", "trivial", "ours", "+ sweep")
Places = dict[str, list[tuple[int, int]]]


@dataclass
class Try:
    """One set, as it is or in small letters, and a score for each row."""

    set: str
    cased: bool
    texts: int = 0
    scores: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in ROWS})

    def add(self, document: Document, places: Places) -> None:
        """Count a document."""
        self.texts += 1
        for name in ROWS:
            self.scores[name].add(document, places[name])


def trained_sets(language: str, folder: Path) -> dict[str, list[Document]]:
    """The sets on parts of which the models of a language are trained."""
    if language == "en":
        return {
            "TAB": corpora.tab(folder),
            "lives en": corpora.biographies("en"),
            "dev en": corpora.gold("dev", "en"),
        }
    return {
        "factRu": corpora.factru(folder),
        "lives ru": corpora.biographies("ru"),
        "dev ru": corpora.gold("dev", "ru"),
        "dev ce": corpora.gold("dev", "ce"),
    }


def tries(folder: Path) -> Iterator[Try]:
    """Every set, each as it is and in small letters."""
    found: dict[tuple[str, bool], Try] = {}
    with workers() as given:
        jobs = [
            given.submit(_fold, folder, language, fold)
            for language in ("en", "ru")
            for fold in range(FOLDS)
        ]
        for job in (*jobs, given.submit(_accounts), given.submit(_held)):
            for name, cased, document, places in job.result():
                for one in (name, "held") if name.startswith("held") else (name,):
                    found.setdefault((one, cased), Try(one, cased)).add(document, places)
    for name, cased in sorted(
        found, key=lambda key: (key[0].startswith("held"), key[0], not key[1])
    ):
        yield found[name, cased]


Result = tuple[str, bool, Document, Places]


def _fold(folder: Path, language: str, fold: int) -> list[Result]:
    """Train on all but one part of each set, and try on that."""
    sets = trained_sets(language, folder)
    rest = [d for documents in sets.values() for i, d in enumerate(documents) if i % FOLDS != fold]
    rest += corpora.more(language)
    with TemporaryDirectory() as temporary:
        models: dict[bool, Tagger] = {}
        for cased in (True, False):
            train_both(rest, Path(temporary), language, cased=cased)
            models[cased] = Tagger.in_folder(Path(temporary), language, cased=cased)

        def taggers(_: Language, *, cased: bool) -> Tagger:
            return models[cased]

        return [
            result
            for name, documents in sets.items()
            for i, document in enumerate(documents)
            if i % FOLDS == fold
            for result in _tried(name, document, taggers)
        ]


def _accounts() -> list[Result]:
    """The accounts that no model was trained on, with the models that are shipped."""
    return [
        result
        for part in ("fresh", "unseen")
        for language in ("ru", "ce")
        for document in corpora.accounts(part, language)
        for result in _tried(f"{part} {language}", document, shipped)
    ]


def _held() -> list[Result]:
    """The held-out gold set with the models that are shipped."""
    return [
        result
        for language in ("en", "ru", "ce")
        for document in corpora.gold("held", language)
        for result in _tried(f"held {language}", document, shipped)
    ]


def _tried(name: str, document: Document, taggers: Taggers) -> Iterator[Result]:
    for cased in (True, False):
        given = document if cased else corpora.lowered(document)
        found = find(given.text, taggers=taggers)
        left = sweep(given.text, found)
        if document.names_only:
            # What is proposed as something else is not held against anybody there.
            found = [span for span in found if span.label in corpora.NAMES_ONLY]
        ours = [(span.start, span.end) for span in found]
        places: Places = {
            "nothing": [],
            "trivial": trivial(given.text),
            "ours": ours,
            "+ sweep": [*ours, *((span.start, span.end) for span in left)],
        }
        yield name, cased, given, places
