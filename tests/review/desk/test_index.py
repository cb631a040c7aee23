"""A search finds a word in whatever spelling, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.review.desk.index import Index
from intake.review.spelling import foldings


def index_of(*texts: str) -> Index:
    index = Index()
    for number, text in enumerate(texts):
        index.add(number, text)
    index.settle()
    return index


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("Заур Мусхабов", "мусхабов"),
        ("заур мусхабов", "МУСХАБ"),
        ("ещё трое", "еще"),
        ("еще трое", "ещё"),
        ("х1ара стаг", "хӀара"),
        ("хӀара стаг", "х1ара"),
        ("хӏара стаг", "хIара"),
        ("Cepгей", "Сергей"),  # the first three letters are Latin
        ("Сергей", "Cepгей"),
        ("Грозный", "розн"),
        ("Урус-Мартан", "мартан урус"),
        ("Муса-\nев", "мусаев"),
        ("Муса-\nев", "муса"),
        ("Ахмед\u200bов", "ахмедов"),
        ("O'Neill", "oneill"),
        ("в 2017 году", "2017"),
        ("строка\u2028другая", "другая"),
    ],
)
def test_what_is_the_same_to_a_reader_is_found(text: str, search: str) -> None:
    assert index_of("пусто", text).find(search) == {1}


@pytest.mark.parametrize("search", ["", " ", "-", "!?", "\u200b", "нигде", "заур нигде"])
def test_what_is_not_there_is_not_found(search: str) -> None:
    assert index_of("Заур Мусхабов", "ещё").find(search) == set()


def test_every_word_must_be_there() -> None:
    index = index_of("железные ворота", "железные прутья", "ворота")
    assert index.find("железн ворот") == {0}
    assert index.find("железн") == {0, 1}


def test_a_short_search_finds_whole_words_alone() -> None:
    index = index_of("он и я", "игла")
    assert index.find("и") == {0}
    assert index.find("игл") == {1}


def test_several_texts_of_one_item_are_one() -> None:
    index = Index()
    index.add(3, "первый")
    index.add(3, "второй первый")
    assert index.find("первый второй") == {3}


@given(st.lists(st.text(alphabet="абв ё1І-\n'", max_size=30), max_size=4), st.integers(0, 3))
def test_each_whole_word_of_a_text_finds_it(texts: list[str], at: int) -> None:
    index = index_of(*texts)
    if at < len(texts):
        for word in texts[at].split():
            found = index.find(word)
            assert at in found or not any(letter.isalnum() for letter in word)


@given(
    st.lists(st.text(alphabet="абв ё1І-\n'", max_size=30), max_size=4),
    st.text(alphabet="абвё1І", min_size=3, max_size=4),
)
def test_a_part_is_found_in_just_the_words_that_have_it(texts: list[str], part: str) -> None:
    """Each word for itself, as one would look for it by hand."""
    index = index_of(*texts)
    readings = {word.text for folded in foldings(part) for word in folded.words()}
    by_hand = {
        number
        for number, text in enumerate(texts)
        for folded in foldings(text)
        for word in folded.words()
        if any(reading in word.text for reading in readings)
    }
    assert index.find(part) == by_hand


def test_a_word_that_comes_after_a_search_is_found_by_the_next() -> None:
    """The case is still being read while somebody searches."""
    index = index_of("железные ворота")
    assert index.find("елезн") == {0}
    index.add(1, "железо")
    index.add(1, "железный")
    assert index.find("елезн") == {0, 1}
    assert index.find("железо") == {1}
