"""Whether somebody tells of themselves: what is quoted at length from others does not count, unless nearly all is."""

import pytest

from intake.review.finding.reading import Reading
from intake.review.finding.teller import is_told
from intake.review.finding.tokens import sentences
from intake.review.finding.view import cased_text

NEWS = "Суд в городе начал слушать дело, и адвокат подал жалобу. " * 4
OWN = "Меня взяли дома, и мы молчали. "
HIS = "Его взяли дома, и они молчали. "
LONG = "Меня взяли дома, и мы молчали, а потом нас увезли и били"  # 12 words
OTHERS = "Его взяли дома, и они молчали, а потом их увезли и били"


def told(text: str) -> bool:
    return is_told(list(sentences(cased_text(Reading.of(text)))))


def test_an_i_or_a_we_tells_in_both_languages_and_small_letters_say_the_same() -> None:
    for text in (OWN, OWN.lower(), OWN.upper(), "They took me from home.", "OUR house burned"):
        assert told(text), text
    for text in (HIS, "They took him from home.", "", "1 2 3", "\n"):
        assert not told(text), text


@pytest.mark.parametrize(
    "word",
    [
        "i",
        "me",
        "my",
        "mine",
        "myself",
        "we",
        "us",
        "our",
        "ours",
        "я",
        "мне",
        "меня",
        "мной",
        "мною",
        "мой",
        "моя",
        "мое",
        "моё",
        "мои",
        "моего",
        "моей",
        "моему",
        "моих",
        "моим",
        "мою",
        "мы",
        "нас",
        "нам",
        "нами",
        "наш",
        "наша",
        "наше",
        "наши",
        "нашего",
        "нашей",
        "нашему",
        "наших",
        "нашим",
        "нашу",
    ],
)
def test_each_form_of_the_first_person_tells(word: str) -> None:
    assert told(f"Суд начал слушать, {word}")
    assert not told("Суд начал слушать, он")


@pytest.mark.parametrize("marks", ["«»", '""', "„“", "“”", "„”", "‹›"])
def test_what_is_quoted_at_length_does_not_tell(marks: str) -> None:
    first, last = marks
    assert told(NEWS + LONG)
    for begin in ("", " (", "— ", "-", "сказал ", "\n", " ["):
        for end in (".", ",", "", " ", "!", ")", " - сказал он", "-то"):
            assert not told(f"{NEWS}{begin}{first}{LONG}{last}{end}. {NEWS}"), (begin, end)
    for inside in (f"…{LONG}", f"({LONG})", f"{LONG} ", f"{LONG}!", f"{LONG}…", f"-{LONG}"):
        assert not told(f"{NEWS}{first}{inside}{last}. {NEWS}"), inside
    assert not told(f"{NEWS}{first}{LONG} {last} сказал он. {NEWS}")
    assert told(f"{NEWS}{first}Парус{last} закрыт. {LONG} {NEWS}")
    assert told(f"{NEWS}{first}Парус{last} закрыт. {LONG}. У {first}Паруса{last} стояли.")


@pytest.mark.parametrize("marks", ["«»", '""', "„“"])
def test_a_name_in_quotation_marks_does_not_end_what_it_stands_in(marks: str) -> None:
    name = f"{marks[0]}Парус{marks[1]}"
    for inside in (f"Это {name}, и {LONG}", f"{name} и {LONG}", f"{LONG} в {name}"):
        assert not told(f"{NEWS}{marks[0]}{inside}{marks[1]}. {NEWS}"), inside
    # Nor does one before it begin it.
    assert told(f"{NEWS}{name}. {LONG}. {name} {NEWS}")


def test_speech_that_is_remembered_tells() -> None:
    """Told without a pronoun, as people do: the I stands in what was said, and that is short."""
    short = "«Ты откуда?» Сказал: «Я из села, у меня там тётя и сестры». "
    assert told(f"Остановили, спросили: {short}Били шлангом, увезли в подвал. " + HIS * 2)
    nine = "Мы вас всех найдём и убьём, так и знай"
    assert told(f"{HIS}«{nine}». {HIS}")
    assert not told(f"{HIS}«{nine} теперь». {HIS}")


def test_a_quotation_that_does_not_end_hides_nobody() -> None:
    for mark in ('"', "«", "„"):
        assert told(f"{NEWS}{mark}{LONG}, {LONG}")
        assert told(f"{mark}{OWN * 60}")
        # A mark that closes nothing opens nothing, either.
        for before in ("нет", "нет.", "нет!", "8"):
            assert told(f"Он сказал {before}{mark}, {LONG}{mark}"), before
            assert told(f"Он сказал {before}{mark}, {LONG}. {mark}Да. {HIS}"), before
            assert told(f"Он сказал {before}{mark}Да. {LONG}{mark}"), before
    # A quotation is believed up to 200 words and signs, its first mark among them.
    words = "мы пошли "
    assert not told(f"{NEWS * 50}«{words * 99}мы». {NEWS}")
    assert told(f"{NEWS * 50}«{words * 99}мы пошли». {NEWS}")
    # After that the next is.
    assert not told(f"{NEWS}«{'он шел ' * 110}. {NEWS}«{LONG}, {LONG}, {LONG}». {NEWS * 3}")


def test_testimony_that_is_handed_on_in_quotation_marks_tells() -> None:
    assert told(f"«{LONG}»")
    assert told(f"Рассказ. «{LONG}, {LONG}»")
    assert not told(f"«{OTHERS}»")
    # Three quarters of the words: with 12 quoted, 3 others beside them are less than the edge, 4 are not.
    assert told(f"«{LONG}» Он ушел сам.")
    assert told(f"«{LONG}, {LONG}» Он ушел сам и она тоже потом.")
    assert not told(f"«{LONG}» Он ушел сам вчера.")
    # Of all words, not of those in quotation marks alone.
    once = "Он взят был дома и ушел " * 10
    assert told(f"«{once}я»")
    assert not told(f"«{once}я» {'Он ' * 8}")


def test_whoever_quotes_a_long_answer_still_tells() -> None:
    answer = "Проверка проведена, сведения не нашли подтверждения, дело не заведено. " * 9
    assert told(f"Я писала туда. Ответили: «{answer}». Это мой сын.")
    assert not told(f"Она писала туда. Ответили: «{answer}». Это её сын.")


def test_the_end_of_a_number_is_no_i_and_what_comes_after_a_dash_is() -> None:
    assert not told("1-я партия, 2-Я партия и 3-я партия")
    for text in (
        "2015 - мы жили в селе",
        "2015-мы жили в селе",
        "10:30 — я вышла",
        "было 19 - я училась",
        "было 19 -я училась",
        "было 19- я училась",
        "как-я, так и он",
        "а1-я",
        "1.я",
        "- я",
        "я",
    ):
        assert told(text), text


def test_how_many_words_of_the_first_person_it_takes() -> None:
    others = "слово " * 196
    assert told(others + "я мы нас")
    assert not told(others + "слово я мы нас")  # 3 of 200 are no more than 1.5 in a hundred
    assert told(others + "5 я мы нас")  # a number is no word
