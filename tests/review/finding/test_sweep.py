"""What is left for one last look: whatever has a capital or a digit or is no word, once, and nothing that is out."""

import time

import pytest

from intake.review.finding.span import Kind
from intake.review.finding.sweep import left_over, swept

TEXT = "Потом приехали. Там был Зелим в ОМОН-2, потом 3 дня. «Мы уедем», сказал зелим в 5-й раз; ЗЕЛИМ молчал."


def strings(text: str, *taken: tuple[int, int]) -> list[str]:
    return [text[one.start : one.end] for one in swept(text, taken)]


def test_every_word_with_a_capital_and_every_token_with_a_digit_is_listed() -> None:
    expected = ["Потом", "Там", "Зелим", "ОМОН-2", "3", "Мы", "зелим", "5-й", "ЗЕЛИМ"]
    assert strings(TEXT) == expected
    assert {one.kind for one in swept(TEXT)} == {Kind.SWEEP}


def test_what_is_taken_out_is_not_listed_and_what_stands_beside_it_is() -> None:
    at = TEXT.index("Зелим")
    assert "Зелим" not in strings(TEXT, (at, at + 5))
    # Cut inside a word: what stays of it is still a word with a capital.
    assert strings("ОмарХаджи", (0, 4)) == ["Хаджи"]


def test_one_row_a_string_with_all_its_places_and_what_opens_sentences_comes_last() -> None:
    rows = left_over([("narrative", TEXT), ("extra", "Видели: Зелим")], {})
    assert [one.key for one in rows][-4:] == ["потом", "там", "мы", "видели"]
    assert all(one.opening for one in rows[-4:])
    (zelim,) = (one for one in rows if one.key == "зелим")
    assert [path for path, _, _ in zelim.places] == ["narrative", "narrative", "narrative", "extra"]
    assert not zelim.opening


@pytest.mark.parametrize("text", ["Ёж", "Ⅷ", "ⅻ", "١٢", "مرحبا", "გამარჯობა", "ǅ", "x²", "ГӀала"])
def test_other_digits_titles_and_alphabets_without_capitals_count_too(text: str) -> None:
    assert strings(f"а {text} б") == [text]


SMALL = "потом пришел селим и паша с веткой, а гочаев и асет сказали зря вы так верите"


def test_without_capitals_what_no_dictionary_has_is_listed_and_given_names_that_are_words() -> None:
    assert strings(SMALL) == ["селим", "паша", "гочаев", "асет"]
    assert strings("then zelim came with vera and mark, dont tell the neighbour's dog") == [
        "zelim",
        "vera",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("потом новиков и попов ушли", ["новиков", "попов"]),
        ("там были роза со львом и вера", ["роза", "львом", "вера"]),
        ("марьям и заур с исламом", ["марьям", "заур", "исламом"]),
        ("подпись лу и всё", ["лу"]),
        ("его вёл м.к. из отдела", ["м.к"]),
        ("больной т-ев а. р. ушёл", ["т-ев", "а. р"]),
        ("имя по буквам а с л а н точка", ["а с л а н"]),
        ("имя по буквам а-с-л-а-н", ["а-с-л-а-н"]),
        ("мов-\nсар пришёл", ["мов", "сар"]),
        ("номер восемь девятьсот, потом двенадцать", ["восемь девятьсот, потом двенадцать"]),
        ("живёт на кузнечной восемнадцать во дворе", ["восемнадцать"]),
        ("почта: снег собака почта точка ру", ["собака", "точка ру"]),
        ("снег нижнее подчеркивание лес", ["нижнее подчеркивание"]),
        ("write to snow underscore fox", ["underscore"]),
    ],
)
def test_what_slips_past_names_and_digits_is_listed_too(text: str, expected: list[str]) -> None:
    assert strings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "т.е. потом и т.д. и т. п.",
        "а я и он, и в доме, к нему ж и о ней",
        "прошло два дня и ещё три",
        "в двух км от нас, и вс, ну ок",
        "the us and the uk, e.g. ok",
    ],
)
def test_abbreviations_and_small_words_are_not_listed(text: str) -> None:
    assert strings(text) == []


def test_with_capitals_a_small_word_is_listed_only_if_no_dictionary_has_it() -> None:
    text = "Потом Зелим привёл Хаву, и паша с гочаевым сказали, что Селим и Адам верят им."
    small = [word for word in strings(text) if word.islower()]
    assert small == ["гочаевым"]


def test_a_text_without_capitals_and_digits_leaves_nothing() -> None:
    assert strings("потом его увезли, и всё; а я ждал") == []


@pytest.mark.parametrize("piece", ["А", "А ", "1.", "А-", "\u0301", "\ud800А"])
def test_no_text_costs_more_than_its_length(piece: str) -> None:
    costs = []
    for size in (20_000, 400_000):
        text = piece * (size // len(piece))
        began = time.process_time()
        left_over([("narrative", text)], {})
        costs.append((time.process_time() - began) / size)
    assert costs[1] < max(4 * costs[0], 2e-5), costs
