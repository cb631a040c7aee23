"""What the rules find, in odd spellings too, and what they leave to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.review.finding.rules import found
from intake.review.finding.rules.checksums import CHECKED, UNCHECKED, confidence

ANY = st.text(st.sampled_from("aё5 .-\u0306\u200b\ud800\n№Ӏ1lи:/@+") | st.characters())


def taken(text: str, language: str = "ru") -> list[tuple[str, str]]:
    return [(span.label.value, text[span.start : span.end]) for span in found(text, language)]


@given(ANY, st.sampled_from(["ru", "en", "ce"]))
def test_spans_are_in_order_inside_the_text_and_apart(text: str, language: str) -> None:
    end = 0
    for span in found(text, language):
        assert end <= span.start < span.end <= len(text)
        assert span.reason
        end = span.end


@pytest.mark.parametrize(
    ("digits", "sure"),
    [
        ("4111 1111 1111 1111", CHECKED),
        ("4111 1111 1111 1112", UNCHECKED),
        ("112-233-445 95", CHECKED),
        ("112-233-445 96", UNCHECKED),
        ("7707083893", CHECKED),
        ("7707083894", UNCHECKED),
        ("500100732259", CHECKED),
        ("500100732258", UNCHECKED),
    ],
)
def test_a_number_that_checks_is_surer_and_one_that_does_not_is_found_too(digits, sure) -> None:
    assert confidence(digits) == sure
    assert taken(f"номер {digits} да") == [("CODE", digits)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("мой но\u200bмер +7 000 123-45-6\u20607, всё", "+7 000 123-45-6\u20607"),
        ("звони 8 (000) 123 45 67", "8 (000) 123 45 67"),
        ("звони ٨٠٠٠١٢٣٤٥٦٧", "٨٠٠٠١٢٣٤٥٦٧"),
        ("телеграм: zelim.oo7 был там", "zelim.oo7"),
        ("писал с инсты kot_00_kot каждый день", "kot_00_kot"),
    ],
)
def test_contacts_are_found_where_they_were_typed(text: str, expected: str) -> None:
    assert taken(text) == [("CODE", expected)]


def test_a_word_after_a_messenger_that_is_no_name_is_left() -> None:
    assert taken("wrote to me on telegram every day, facebook was closed", "en") == []
