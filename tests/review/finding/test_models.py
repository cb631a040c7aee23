"""What a shipped model holds: little, no name, and the same bytes whoever trains it."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
import pytest

from benchmarks.redaction import corpora
from benchmarks.redaction.corpora import Document, Mention
from benchmarks.redaction.models import FOLDER, labels_of, names_in, train
from intake.review.finding import english, news, russian
from intake.review.finding.english import WORDS
from intake.review.finding.features import LITTLE, ORDINARY
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Language
from intake.review.finding.tagger import model_name
from intake.review.finding.tokens import sentences
from intake.review.finding.view import View
from intake.review.spelling import letter_for_letter

MOST = 2_000_000  # bytes
MODELS = [(language, cased) for language in ("en", "ru") for cased in (True, False)]
MARKS = {"en": english.marks, "ru": russian.marks}
WORD = r"([^\W\d_][\w\u0300-\u036f]*)"
SEEN = re.compile(rf"(?:t,)?[wl](?:,k)?(?:[+-][12])?(?:,k)?={WORD}")
WHOLE_PART = re.compile(rb"(?<=[=,])[^=,\0]+(?=[,\0])")
BOTH = re.compile(rf"l,l-1=(?:{WORD}|[^,]*),{WORD}?")


def words_of(path: Path) -> set[str]:
    """Every word that a model sees by itself, and every base of one."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    names = tagger.info().attributes
    found = (match for name in names for match in (SEEN.match(name), BOTH.match(name)) if match)
    return {word for match in found for word in match.groups() if word}


@pytest.mark.parametrize(("language", "cased"), MODELS)
def test_a_model_is_small_and_every_word_in_it_is_an_ordinary_one(
    language: str, cased: bool
) -> None:
    path = FOLDER / model_name(language, cased=cased)
    assert path.stat().st_size <= MOST
    words = words_of(path)
    assert len(words) > 500
    assert {word for word in words if ORDINARY not in MARKS[language](word)} == set()


@cache
def names_of(language: str) -> frozenset[str]:
    """Of all texts in this tree that a model learns from, once for both ways of writing."""
    texts = [
        *corpora.biographies(language),
        *corpora.gold("dev", language),
        *corpora.more(language),
    ]
    if language == "ru":
        texts += corpora.gold("dev", "ce")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(russian, "hints", lambda *_, **__: None)  # of no weight for what is marked
        return names_in(texts)


@pytest.mark.parametrize(("language", "cased"), MODELS)
def test_no_name_of_the_texts_in_this_tree_can_be_read_in_a_model(
    language: str, cased: bool
) -> None:
    path = FOLDER / model_name(language, cased=cased)
    names = names_of(language)
    assert len(names) > 50
    assert {word for word in words_of(path) if letter_for_letter(word) in names} == set()
    # Neither as a feature of its own nor hidden in the bytes of another.
    data = path.read_bytes()
    parts = {part.decode("utf-8", "replace") for part in WHOLE_PART.findall(data)}
    assert {part for part in parts if len(part) > 3 and letter_for_letter(part) in names} == set()
    assert words_of(path) & parts, "else nothing was read"


def planted() -> list[Document]:
    """A name that is an ordinary word, one that is not, and the same words elsewhere."""
    found: list[Document] = []
    for i in range(6):
        text = "Then Brown Zlatkovich came and the brown dogs were afraid of browns."
        names = (Mention(5, 21, "PERSON", "DIRECT", "e"),)
        found.append(Document(f"d{i}", text, names, "en"))
    return found


@pytest.mark.parametrize("cased", [True, False])
def test_training_hides_names_and_gives_the_same_bytes_twice(tmp_path: Path, cased: bool) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    train(planted(), one, cased=cased)
    train(planted(), two, cased=cased)
    assert one.read_bytes() == two.read_bytes()
    words = words_of(one)
    assert {"came", "browns"} <= words
    assert not words & {"brown", "zlatkovich"}


def test_a_training_that_hides_nothing_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.redaction.models.names_in", lambda _: frozenset())
    train(planted(), tmp_path / "one", cased=True)
    assert words_of(tmp_path / "one") & names_in(planted()) == {"brown"}


def test_where_only_names_are_marked_what_rules_find_of_other_kinds_is_marked_too() -> None:
    text = "Анна приехала 5 мая 2016 года."
    document = Document("d", text, (Mention(0, 4, "PERSON", "QUASI", "e"),), "ru", names_only=True)
    view = View.of(Reading.of(text), Language.RU, cased=True)
    assert labels_of(document, view) == [
        ["PERSON", "O", "DATETIME", "DATETIME", "DATETIME", "DATETIME", "O"]
    ]
    assert set(labels_of(replace(document, names_only=False), view)[0]) == {"PERSON", "O"}


def test_a_word_is_seen_as_its_base_too_where_that_is_an_ordinary_word() -> None:
    pairs = {
        "dogs": "dog",
        "studied": "study",
        "baking": "bake",
        "asked": "ask",
        "zelims": "zelims",
        "bus": "bus",
    }
    assert {word: english.base(word) for word in pairs} == pairs
    pairs = {"сварщиком": "сварщик", "людей": "человек", "зелимом": "зелимом", "веры": "вера"}
    assert {word: russian.base(word) for word in pairs} == pairs


def test_what_an_english_word_is_a_word_for_is_seen_in_its_plural_too() -> None:
    assert "Kj" in english.marks("welders")
    assert {"Kj", "Kk"} & set(english.marks("groom")) == {"Kj", "Kk"}
    assert "Ke" in english.marks("tunisian")
    assert "c" in english.marks("zelim")
    assert "c" in russian.marks("зелимом")
    assert not any(name.startswith("K") for name in english.marks("went"))


def test_little_words_of_names_are_no_names() -> None:
    text = "Anselm of Clonfert came."
    document = Document("d", text, (Mention(0, 18, "PERSON", "DIRECT", "e"),), "en")
    assert names_in([document]) == {"anselm", "clonfert"}
    assert LITTLE in english.marks("of")


def test_where_the_models_are_from_is_said_beside_them() -> None:
    notice = (FOLDER / "NOTICE").read_text("utf-8")
    for file in FOLDER.iterdir():
        if file.name not in ("NOTICE", "__init__.py") and file.is_file():
            assert file.name in notice
    assert "MIT" in notice
    assert {WORDS, news.CLUSTERS} <= {file.name for file in FOLDER.iterdir()}


THREADS = "from intake.review.finding.find import load; import os; load(); print(len(os.listdir('/proc/self/task')))"


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor is one thread anyway")
@pytest.mark.parametrize(("said", "expected"), [({}, 1), ({"OMP_NUM_THREADS": "2"}, 2)])
def test_numpy_keeps_to_one_thread_unless_somebody_said_how_many(
    said: dict[str, str], expected: int
) -> None:
    rest = {name: value for name, value in os.environ.items() if name not in news._THREADS}
    process = subprocess.run(
        [sys.executable, "-c", THREADS], env=rest | said, check=True, capture_output=True, text=True
    )
    assert int(process.stdout) == expected


def test_the_vectors_are_read_as_navec_reads_them_and_numbered_as_its_words() -> None:
    path = news.data_folder() / "emb" / news.VECTORS
    theirs: Any = import_module("navec").Navec.load(path)
    ours: Any = news.vectors_in(path)
    assert ours.meta.id == theirs.meta.id
    assert (ours.pq.indexes == theirs.pq.indexes).all()
    assert (ours.pq.codes == theirs.pq.codes).all()
    for number in (0, 1, 100_000, len(theirs.vocab.words) - 1):
        word = theirs.vocab.words[number]
        assert news.News.shared().number(word) == number


def test_the_chances_of_the_news_are_those_of_all_ways_to_tag_a_sentence() -> None:
    """Against adding up every way, one by one; a shorter sentence beside it changes nothing."""
    scores = np.random.default_rng(7).normal(size=(2, 4, 3))
    steps = np.random.default_rng(8).normal(size=(3, 3))
    kept = np.array([[True] * 4, [True, True, False, False]])
    found = news.marginals(scores, steps, kept)
    for one, length in enumerate((4, 2)):
        expected = np.zeros((length, 3))
        for way in product(range(3), repeat=length):
            weight = sum(scores[one, i, tag] for i, tag in enumerate(way))
            weight += sum(steps[a, b] for a, b in pairwise(way))
            for i, tag in enumerate(way):
                expected[i, tag] += np.exp(weight)
        expected /= expected.sum(1, keepdims=True)
        assert np.allclose(found[one, :length], expected)


def test_in_small_letters_the_news_are_asked_twice_the_second_time_with_capitals() -> None:
    cut = list(sentences("вчера вера громова приехала в грозный"))
    ((_, vera, *_),) = russian.hints(cut, cased=False)
    first, second = (
        max(int(sign[3:]) for sign in vera.signs if sign.startswith(f"n{view}:")) for view in (0, 1)
    )
    assert first <= 1, "an ordinary word is shown as it is the first time"
    assert second >= 4
    ((_, vera, *_),) = russian.hints(cut, cased=True)
    assert not any(sign.startswith("n1") for sign in vera.signs)
