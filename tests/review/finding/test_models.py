"""What a shipped model holds: little, no name, and the same bytes whoever trains it."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pycrfsuite
import pytest

from benchmarks.redaction import corpora
from benchmarks.redaction.corpora import Document, Mention
from benchmarks.redaction.models import FOLDER, names_in, train
from intake.review.finding import english, news, russian
from intake.review.finding.english import WORDS
from intake.review.finding.features import LITTLE, ORDINARY
from intake.review.finding.tagger import model_name

MOST = 2_000_000  # bytes
MODELS = [(language, cased) for language in ("en", "ru") for cased in (True, False)]
MARKS = {"en": english.marks, "ru": russian.marks}
SEEN = re.compile(r"(?:t,)?w(?:,k)?(?:[+-][12])?(?:,k)?=([^\W\d_][\w\u0300-\u036f]*)")


def words_of(path: Path) -> set[str]:
    """Every word that a model sees by itself."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    found = (SEEN.match(name) for name in tagger.info().attributes)
    return {match[1] for match in found if match}


@pytest.mark.parametrize(("language", "cased"), MODELS)
def test_a_model_is_small_and_every_word_in_it_is_an_ordinary_one(
    language: str, cased: bool
) -> None:
    path = FOLDER / model_name(language, cased=cased)
    assert path.stat().st_size <= MOST
    words = words_of(path)
    assert len(words) > 500
    assert {word for word in words if ORDINARY not in MARKS[language](word)} == set()


@pytest.mark.parametrize(("language", "cased"), MODELS)
def test_no_name_of_the_texts_in_this_tree_can_be_read_in_a_model(
    language: str, cased: bool
) -> None:
    texts = [*corpora.biographies(), *corpora.gold("dev", "en")]
    if language == "ru":
        texts = [*corpora.gold("dev", "ru"), *corpora.gold("dev", "ce")]
    path = FOLDER / model_name(language, cased=cased)
    names = names_in(texts)
    assert len(names) > 50
    assert words_of(path) & names == set()
    # Neither as a feature of its own nor hidden in the bytes of another.
    data = path.read_bytes()
    ends = [f"={name}{end}".encode() for name in names if len(name) > 3 for end in (",", "\0")]
    assert [one for one in ends if one in data] == []
    assert any(f"={word},".encode() in data for word in words_of(path)), "else nothing was read"


def planted() -> list[Document]:
    """A name that is an ordinary word, one that is not, and the same words elsewhere."""
    found: list[Document] = []
    for i in range(6):
        text = "Then Brown Zlatkovich came and the brown dog was afraid."
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
    assert "afraid" in words
    assert not words & {"brown", "zlatkovich"}


def test_a_training_that_hides_nothing_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.redaction.models.names_in", lambda _: frozenset())
    train(planted(), tmp_path / "one", cased=True)
    assert words_of(tmp_path / "one") & names_in(planted()) == {"brown"}


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
