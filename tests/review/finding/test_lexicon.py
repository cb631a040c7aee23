"""What the lists know, in which forms and spellings, and that they are what their sources give."""

import time

import pytest

from intake.review.finding.lexicons.lexicon import Lexicon

LEXICON = Lexicon.shared()


@pytest.mark.parametrize(
    "word",
    [
        "Мовсара",
        "хедой",
        "АСЛАНОМ",
        "Турпал-Али",
        "Kheda",
        "Heda",
        "Movsar",
        "movsars",
        "ӏадлан",
        "1адлан",
        "Iадлан",
        "Хьеди",
        "Гульнары",
        "Catherine",
        "Müller",
        "Ахьмада",
        "Аслa\u0301на",
    ],
)
def test_a_name_is_known_in_every_form(word: str) -> None:
    assert LEXICON.in_names(word)


@pytest.mark.parametrize("word", ["окно", "подвал", "window", "basement", "это", "x", ""])
def test_a_word_that_is_no_name_is_not_known_as_one(word: str) -> None:
    assert not LEXICON.in_names(word)


@pytest.mark.parametrize(
    "word",
    [
        "Самашках",
        "Ачхой-Мартане",
        "Нижнем-Новгороде",
        "урус-мартана",
        "Urus-Martan",
        "Grozny",
        "Samashki",
        "Моздоке",
        "Аргуном",
        "Соьлжа-ГIала",
        "Самашкахь",
        "Хасавюрта",
        "Стамбуле",
    ],
)
def test_a_place_is_known_in_every_form(word: str) -> None:
    assert LEXICON.in_places(word)


@pytest.mark.parametrize("word", ["подвале", "телефон", "ночью", "cellar", "q", "", "a" * 9999])
def test_a_word_that_is_no_place_is_not_known_as_one(word: str) -> None:
    assert not LEXICON.in_places(word)


@pytest.mark.parametrize(
    ("word", "language", "ordinary"),
    [
        ("Окно", "ru", True),
        ("Грозный", "ru", True),
        ("Мовсара", "ru", False),
        ("Зарема", "ce", False),
        ("бегали", "ru", True),
        ("ещё", "ru", True),
        ("Because", "en", True),
        ("Windows", "en", True),
        ("Kheda", "en", False),
        ("Ковентри", "ru", False),
    ],
)
def test_what_may_begin_a_sentence_and_be_no_name(word: str, language: str, ordinary: bool) -> None:
    assert LEXICON.is_ordinary(word, language) is ordinary


@pytest.mark.parametrize("word", ["беной", "Беноя", "цӀонтарой", "цIонтарой", "Терлой"])
def test_a_teip_is_known(word: str) -> None:
    assert LEXICON.in_teips(word)


def test_lists_load_at_once() -> None:
    started = time.process_time()
    Lexicon().in_names("Мовсара")
    assert time.process_time() - started < 1


@pytest.mark.long
def test_built_lists_are_what_their_sources_give() -> None:
    from deploy.lexicons.building import HERE, built

    for name, data in built().items():
        assert (HERE / name).read_bytes() == data, name
