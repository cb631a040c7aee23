"""A name that was taken out once is known again: in other cases, alphabets and texts, and until it is gone."""

import time

import pytest

from intake.review.finding.memory import Names, OfItem
from intake.review.finding.span import Kind, Label, Span


def knowing(*removed: tuple[str, str]) -> Names:
    names = Names()
    names.learn("one", removed)
    return names


def found(names: Names | OfItem, text: str) -> list[str]:
    return [text[one.start : one.end] for one in names.found(text)]


FORMS = [
    ("Ахмед", "Потом увезли Ахмеда, я говорил с Ахмедом.", ["Ахмеда", "Ахмедом"]),
    ("Умаева", "Её фамилия Умаева, искали Умаеву и Умаевых.", ["Умаева", "Умаеву", "Умаевых"]),
    ("Хеда", "Я видел Хеду. О Хеде не говорили.", ["Хеду", "Хеде"]),
    ("Алкуева", "Нам сказали, что Алкуев жив.", ["Алкуев"]),
    # Chechen case endings, of a name that no dictionary has.
    ("Гуьмсе", "Гуьмсехь, Гуьмсера", ["Гуьмсехь", "Гуьмсера"]),
    ("Мохьмад", "Мохьмадан, Мохьмадна, Мохьмадца", ["Мохьмадан", "Мохьмадна", "Мохьмадца"]),
    # Palochka as it is typed, marks and look-alike letters.
    ("Хьава", "Там была Хьaва.", ["Хьaва"]),
    ("ГӀойсам", "Говорили про Г1ойсам и ГIойсам.", ["Г1ойсам", "ГIойсам"]),
    ("Алёна", "Алену отпустили.", ["Алену"]),
    # Across alphabets, both ways, in English, German and French spelling.
    ("Шахидов", "Shakhidov, Schachidow, Chakhidov", ["Shakhidov", "Schachidow", "Chakhidov"]),
    ("Tchermoïev", "Чермоеву велели молчать.", ["Чермоеву"]),
    ("Гехи", "They drove him to Gekhi.", ["Gekhi"]),
    # As typed on a phone.
    ("Мовсар", "потом мовсара увезли а я ждал", ["мовсара"]),
    ("мовсар", "Видели Мовсара.", ["Мовсара"]),
    ("Ах-\nмед", "Ахмед и Ах-\nмеда", ["Ахмед", "Ах-\nмеда"]),
    ("mark smith", "They took Smith away.", ["Smith"]),
    ("driver ruslan", "the driver went, ruslan stayed", ["ruslan"]),
    ("Man in Grey", "The grey car waited for Grey.", ["Grey"]),
]


@pytest.mark.parametrize(("name", "text", "expected"), FORMS)
def test_a_name_is_known_again_in_other_forms_and_alphabets(
    name: str, text: str, expected: list[str]
) -> None:
    assert found(knowing((name, "person")), text) == expected
    assert found(Names(), text) == [], "nothing else proposes it"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Вера", "Моя вера мне помогла, в вере сила."),
        ("Марта", "Это было в марте, а не в мае."),
        ("Али", "All of us were alive."),
        ("Он", "Он ушёл, его не было."),
        ("Ахмед", "Шамиль видел Умара в Шали."),
        ("Иса", "I was in a cell, and Ivan too."),
        ("a man in grey", "The grey car stood there. Grey as he was, a man came."),
        ("a man in grey", "a man stood beside the grey car"),
        ("tall man with a beard", "A man with a beard. Tall he was not."),
    ],
)
def test_other_words_are_not_taken_for_a_name(name: str, text: str) -> None:
    assert found(knowing((name, "person")), text) == []


def test_a_name_that_is_a_word_too_is_proposed_with_less_certainty_where_capitals_say_nothing() -> (
    None
):
    names = knowing(("Вера", "person"))
    (loose,) = names.found("там была вера и больше никого")
    (sure,) = names.found("Там была Вера.")
    assert loose.confidence < sure.confidence


def test_addresses_are_known_however_they_are_grouped_and_typed() -> None:
    names = knowing(
        ("+7 928 555-01-77", "contact"), ("@Qwerty_95", "contact"), ("a.b@example.org", "contact")
    )
    text = "Звоните 8(928)5550177 или 555-01-77; @qwerty_95, A.B@example.org. Не 928 555-01-78."
    assert found(names, text) == ["8(928)5550177", "555-01-77", "@qwerty_95", "A.B@example.org"]
    assert {one.label for one in names.found(text)} == {Label.CODE}


def test_only_names_are_remembered_of_what_was_taken_out() -> None:
    names = knowing(
        ("моя сестра Марет", "family"),
        ("его били током", "event"),
        ("слесарь", "work"),
        ("у нас в селе Дышне", "place"),
    )
    text = "Сестра плакала. Марет молчала. Слесаря били током. В селе Дышне у нас."
    assert found(names, text) == ["Марет", "Дышне"]


def test_a_name_and_surname_are_one_place_and_labels_say_what_they_were() -> None:
    names = knowing(("Ахмед Умаев", "person"), ("Гехи", "place"))
    text = "Ахмеда Умаева видели в Гехах"
    assert [(text[s.start : s.end], s.label, s.kind, s.reason) for s in names.found(text)] == [
        ("Ахмеда Умаева", Label.PERSON, Kind.PROPOSAL, "memory"),
        ("Гехах", Label.LOC, Kind.PROPOSAL, "memory"),
    ]


def test_what_came_from_one_testimony_alone_goes_with_it() -> None:
    names = knowing(("Ахмед", "person"), ("+7 928 555-01-77", "contact"))
    names.learn("two", [("Ахмеду", "person"), ("Гехи", "place")])
    text = "Ахмед, Гехи, 89285550177"
    assert found(names, text) == ["Ахмед", "Гехи", "89285550177"]
    names.forget("one")
    assert found(names, text) == ["Ахмед", "Гехи"]
    names.learn("two", [("Гехи", "place")])
    assert found(names, text) == ["Гехи"], "a newer redaction takes the place of an older one"
    names.forget("two")
    assert found(names, text) == []
    assert names.sources == frozenset()
    everything = repr(
        [
            index.__dict__
            for index in names.__dict__.values()
            if index.__class__.__name__ == "_Index"
        ]
    )
    assert "ахмед" not in everything
    assert "ahmed" not in everything
    assert "9285550177" not in everything


def test_what_was_left_in_a_testimony_is_not_proposed_again_there_as_it_is_spelled() -> None:
    names = knowing(("Роза", "person"))
    text = "Роза стояла. РОЗЫ нет, розу тоже."
    mine, other = OfItem(names, ["РОЗЫ"]), OfItem(names)
    assert found(other, text) == ["Роза", "РОЗЫ"]
    assert found(mine, text) == ["Роза"], "another form is still proposed"
    assert mine.rejects("розы", Span(0, 4, Label.PERSON, Kind.PROPOSAL, "model", 0.4))
    assert not mine.rejects("роза", Span(0, 4, Label.PERSON, Kind.PROPOSAL, "model", 0.4))
    assert not other.rejects("розы", Span(0, 4, Label.PERSON, Kind.PROPOSAL, "model", 0.4))


HOSTILE = {
    "one letter": lambda size: "А" * size,
    "combining marks": lambda size: "а" + "\u0301" * size,
    "mixed scripts": lambda size: "аbвgд" * (size // 5),
    "one name": lambda size: "Ахмеду " * (size // 7),
    "hyphens": lambda size: "а-\n" * (size // 3),
    "digits": lambda size: "1 " * (size // 2),
    "surrogates": lambda size: "Ахмед\ud800 " * (size // 7),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_no_text_costs_more_than_its_length(make) -> None:  # type: ignore[no-untyped-def]
    names = knowing(("Ахмед", "person"), ("+7 928 555-01-77", "contact"))
    names.found(make(5_000))
    costs = []
    for size in (5_000, 200_000):
        text = make(size)
        began = time.process_time()
        names.found(text)
        costs.append((time.process_time() - began) / size)
    assert costs[1] < max(4 * costs[0], 2e-5), costs
