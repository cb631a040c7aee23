"""What the plain rules find, and what they leave to a person."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.review.finding.rules.plain import found

FINDS = [
    ("пишите ivan.p+x@mail.example.ru.", "e-mail", "ivan.p+x@mail.example.ru"),
    ("иван@почта.рф", "e-mail", "иван@почта.рф"),
    ("see https://vk.com/id1?a=b@c.ru), ok", "url", "https://vk.com/id1?a=b@c.ru"),
    ("www.example.org/x.", "url", "www.example.org/x"),
    ("пиши t.me/foo_bar", "url", "t.me/foo_bar"),
    ("abc.onion", "url", "abc.onion"),
    ("my site-a.com", "url", "site-a.com"),
    ("инста @ivan_p.95!", "handle", "@ivan_p.95"),
    ("тел +7 928 123-45-67,", "phone", "+7 928 123-45-67"),
    ("8(928)1234567", "phone", "8(928)1234567"),
    ("+32 2 123 45 67", "phone", "+32 2 123 45 67"),
    ("2-22-33-44 дома", "phone", "2-22-33-44"),
    ("5 мая 2017 года", "date", "5 мая 2017 года"),
    ("5-го МАЯ", "date", "5-го МАЯ"),
    ("в конце апреля.", "date", "апреля"),
    ("Март 2017 г.", "date", "Март 2017 г"),
    ("12.03.2017", "date", "12.03.2017"),
    ("2017-03-12", "date", "2017-03-12"),
    ("12/3/17", "date", "12/3/17"),
    ("числа 12.03, утром", "date", "12.03"),
    ("on the 5th of May 2017.", "date", "5th of May 2017"),
    ("March 5, 2017", "date", "March 5, 2017"),
    ("it was in March.", "date", "in March"),
    ("last December", "date", "December"),
    ("в 2017 было", "date", "в 2017"),
    ("зимой 2017 года", "date", "2017 года"),
    ("паспорт 96 14 123456", "phone", "96 14 123456"),
    ("карта 4276 1234 5678 9012.", "card", "4276 1234 5678 9012"),
    ("IMEI 356938035643809", "card", "356938035643809"),
    ("номер А123ВС95", "number", "А123ВС95"),
    ("дело 12345", "number", "12345"),
    ("AB1234567x", "number", "AB1234567x"),
]
LEAVES = [
    "Меня зовут Ахмед, мне 25 лет, нас было 20 человек.",
    "It may be so; I march on, and he decided.",
    "3.5 года, 15 минут, дом 12, в 4 часа",
    "i.e. this, e.g. that... and so on",
    "сержант, майор, маятник",
]


@pytest.mark.parametrize(("text", "rule", "taken"), FINDS)
def test_contacts_dates_and_numbers_are_found_whole(text: str, rule: str, taken: str) -> None:
    assert [(f.rule.name, text[f.start : f.end]) for f in found(text)] == [(rule, taken)]


@pytest.mark.parametrize("text", LEAVES)
def test_ordinary_words_and_small_numbers_are_left(text: str) -> None:
    assert found(text) == []


def test_two_finds_side_by_side_do_not_swallow_each_other() -> None:
    text = "+7 928 123-45-67 5 мая 2017 года 89281234567 89281234568"
    assert [text[f.start : f.end] for f in found(text)] == [
        "+7 928 123-45-67",
        "5 мая 2017 года",
        "89281234567",
        "89281234568",
    ]


@given(st.text(st.sampled_from("a@.1 +-/:5мая(г\0\n")) | st.text())
def test_finds_are_in_order_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for find in found(text):
        assert end <= find.start < find.end <= len(text)
        end = find.end


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "a-", "a@", "1", "1 ", "+1 ", "1.", "://", "март ", "in ", "5 ", "(1)", "\t"],
)
def test_no_text_makes_the_rules_slow(piece: str) -> None:
    """60,000 characters of the worst sort: quadratic work would take minutes of CPU."""
    started = time.process_time()
    found((piece * 60_000)[:60_000])
    assert time.process_time() - started < 5
