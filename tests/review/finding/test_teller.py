"""Whether somebody tells of themselves: what is quoted from others does not count, unless nearly all is."""

import pytest

from intake.review.finding.reading import Reading
from intake.review.finding.teller import is_told
from intake.review.finding.tokens import sentences

NEWS = "Суд в городе начал слушать дело, и адвокат подал жалобу. " * 4
OWN = "Меня взяли дома, и мы молчали. "
HIS = "Его взяли дома, и они молчали. "


def told(text: str) -> bool:
    return is_told(list(sentences(Reading.of(text).text)))


def test_an_i_or_a_we_tells_in_both_languages_and_small_letters_say_the_same() -> None:
    for text in (OWN, OWN.lower(), OWN.upper(), "They took me from home.", "our house burned"):
        assert told(text), text
    for text in (HIS, "They took him from home.", "", "1 2 3", "\n"):
        assert not told(text), text


@pytest.mark.parametrize("marks", ["«»", '""', "„“", "“”", "„”", "‹›"])
def test_what_is_quoted_from_others_does_not_tell(marks: str) -> None:
    first, last = marks
    assert told(NEWS + OWN)
    for end in (".", ",", "", " ", "!", ")"):
        assert not told(f"{NEWS}{first}{OWN.strip('. ')}{last}{end} сказал адвокат. {NEWS}"), end
    assert not told(f"{NEWS} ({first}{OWN.strip()}{last}) {NEWS}")
    assert not told(f"{NEWS}{first}…{OWN.strip()}{last}. {NEWS}")
    inside = OWN.replace("дома", f"в {first}Парусе{last} дома")
    assert not told(f"{NEWS}{first}{inside.strip()}{last}. {NEWS}")
    assert told(f"{NEWS}{first}Парус{last} закрыт. {OWN * 2}")
    assert told(f"{NEWS}{first}Парус{last} закрыт. {OWN * 2} У {first}Паруса{last} стояли.")


def test_a_quotation_that_does_not_end_hides_nobody() -> None:
    for mark in ('"', "«", "„"):
        assert told(f"{HIS}{mark}{OWN * 3}")
        assert told(f"{mark}{OWN * 60}")
        # A mark that closes nothing opens nothing, either.
        assert told(f"Он сказал нет{mark}, {OWN * 3}{mark}")
    # A quotation is believed up to 200 words, with its first mark.
    words = "мы пошли "
    assert not told(f"{NEWS * 50}«{words * 99}мы». {NEWS}")
    assert told(f"{NEWS * 50}«{words * 99}мы пошли». {NEWS}")


def test_testimony_that_is_handed_on_in_quotation_marks_tells() -> None:
    assert told(f"«{OWN.strip()}»")
    assert told(f"Рассказ. «{OWN * 3}»")
    assert not told(f"«{HIS.strip()}»")
    # Three quarters of the words: there a third part of the others beside them is the edge.
    quoted = "Меня взяли. " * 6  # twelve words
    assert told(f"«{quoted.strip()}» Он ушел сам.")
    assert not told(f"«{quoted.strip()}» Он ушел сам вчера.")
    assert not told(f"«{HIS.strip()}» Меня.")


def test_the_end_of_a_number_is_no_i() -> None:
    assert not told("1-я партия, 2-я партия и 3-я партия")
    assert told("как-то я партия - я")


def test_how_many_words_of_the_first_person_it_takes() -> None:
    others = "слово " * 196
    assert told(others + "я мы нас")
    assert not told(others + "слово я мы нас")  # 3 of 200 are no more than 1.5 in a hundred
