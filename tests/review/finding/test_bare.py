"""What a model proposes is cut to the words that give away; what gives nobody away by itself is no proposal."""

import pytest

from intake.review.finding import find as finding
from intake.review.finding.bare import CHECHEN, is_bare, is_before, is_loose
from intake.review.finding.find import find
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Language
from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.tagger import Doubt, spans
from intake.review.finding.view import View


def found(text: str, held: str, label: Label, chance: float = 0.6) -> list[str]:
    """What is left of the words `held`, all as likely, in a text of one sentence."""
    view = View.of(Reading.of(text), Language.RU, cased=True)
    text, held = view.text, held.replace("ё", "е")
    at = text.index(held)
    (sentence,) = view.sentences
    row = [Doubt(t, chance if at <= t.start < at + len(held) else 0.0, label) for t in sentence]
    bars = dict.fromkeys(Label, 0.1)
    return [text[span.start : span.end] for span in spans(view, row, bars, "model")]


@pytest.mark.parametrize(
    ("held", "label", "kept"),
    [
        ("через две недели", Label.DATETIME, ["две недели"]),
        ("с двумя братьями и", Label.DEM, ["двумя братьями"]),
        ("мой вишнёвый логан", Label.MISC, ["вишневый логан"]),
        ("брату в Вологду", Label.LOC, ["Вологду"]),
        ("базаре за мостом", Label.LOC, ["мостом"]),
        ("ехали минут двадцать", Label.DATETIME, ["минут двадцать"]),
        ("солисты Большого", Label.ORG, ["Большого"]),
        ("сын чабана", Label.DEM, ["сын чабана"]),
        ("сын чабана", Label.LOC, ["чабана"]),
        ("Дорога без столбов", Label.MISC, ["Дорога без столбов"]),
        ("после вечернего намаза", Label.DATETIME, ["после вечернего намаза"]),
        ("мимо мельницы", Label.LOC, ["мимо мельницы"]),
        ("не гнётся колено", Label.MISC, ["гнется колено"]),
        # A letter may be an initial or the house, and a plate begins with one.
        ("а. мельникова", Label.PERSON, ["а. мельникова"]),
        ("6 а", Label.LOC, ["6 а"]),
        ("с 000 ко", Label.CODE, ["с 000 ко"]),
        # All of it says nothing.
        ("у него был", Label.MISC, []),
        ("бабушка", Label.DEM, []),
        ("ночью", Label.DATETIME, []),
        ("содержался", Label.MISC, []),
        ("эхь", Label.PERSON, []),
    ],
)
def test_a_proposal_is_cut_to_what_gives_away(held: str, label: Label, kept: list[str]) -> None:
    assert found(f"тогда сказал {held} потом", held, label, 0.45) == kept


def test_what_a_model_is_certain_of_is_kept_whole_whatever_it_is() -> None:
    assert found("звали его бабушка все", "бабушка", Label.DEM, 0.95) == ["бабушка"]
    assert found("тогда директор Большого ушёл", "директор Большого", Label.ORG, 0.95) == [
        "директор Большого"
    ]
    assert found("тогда ехали минут двадцать", "ехали минут", Label.DATETIME, 0.95) == [
        "ехали минут"
    ]


def test_a_set_phrase_in_chechen_is_nobodys_name_however_sure_a_tagger_is() -> None:
    assert found("тогда Нана сказала", "Нана", Label.PERSON, 0.99) == []
    assert found("тогда Нана Зара сказала", "Нана Зара", Label.PERSON, 0.99) == ["Нана Зара"]


def test_a_nickname_may_be_an_ordinary_word_and_a_name_with_a_capital_is_not_cut() -> None:
    assert found("все звали его дедушка там", "дедушка", Label.PERSON, 0.55) == ["дедушка"]
    assert found("все звали его дедушка там", "дедушка", Label.DEM, 0.55) == []
    assert found("потом Дедушка Хамзат ушёл", "Дедушка Хамзат", Label.PERSON) == ["Дедушка Хамзат"]
    assert found("потом дедушка Хамзат ушёл", "дедушка Хамзат", Label.PERSON) == ["Хамзат"]


def test_words_are_known_in_all_their_forms() -> None:
    assert is_loose("моего")
    assert is_loose("ей")
    assert not is_loose("сестры")
    assert is_before("сестрой")
    assert is_before("базаром")
    assert not is_before("сварщиком")
    assert is_bare("ночами")
    assert is_bare("сестру")
    assert not is_bare("перелом")
    assert {"дала", "нана", "баркалла"} <= CHECHEN
    assert not CHECHEN & {"зелим", "беной", "шела", "гехи"}


def test_a_part_of_a_hyphenated_word_is_found_with_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "она ушла в Тиш-Корт-Юрт и Аль-Каиду-2, а там"
    part = [text.index("Корт"), text.index("Каиду")]
    given = [Span(at, at + 4, Label.LOC, Kind.PROPOSAL, "place", 0.9) for at in part]
    monkeypatch.setattr("intake.review.finding.rules.found", lambda *_: given)
    monkeypatch.setattr(finding, "_modelled", lambda *_: iter(()))
    words = [text[span.start : span.end] for span in find(text)]
    assert words[0] == "Тиш-Корт-Юрт"
    assert words[1].startswith("Аль-Каид")
    monkeypatch.setattr(finding, "_whole", lambda _, span: span)
    assert [text[span.start : span.end] for span in find(text)] == ["Корт", "Каид"]
