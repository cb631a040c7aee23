import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.codename import Codename
from intake.container import Form, Level
from intake.errors import MalformedError
from intake.field import TextField
from intake.form import ADDITION, GUIDED, MINIMAL, FormDefinition
from intake.testimony import (
    TEXT_BYTES,
    AnswersError,
    Problem,
    Testimony,
    tidy,
)


def problems(answers: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(AnswersError) as caught:
        Testimony.from_answers("ru", answers, ())
    return caught.value.problems


def test_answers_are_kept_in_the_forms_order_and_empty_ones_are_left_out() -> None:
    made = Testimony.from_answers(
        "ce",
        {
            "who_text": "в масках",
            "narrative": " Ӏумар\r\nI\r",
            "aware": "",
            "x": "y",
            "relation": "r.told",
        },
        {"courts"},
    )
    assert made.form == Form("minimal", 2, "ce")
    assert made.fields == (
        ("relation", "r.told"),
        ("narrative", " Ӏумар\nI\n"),
        ("who_text", "в масках"),
    )
    rows = {row.level: (row.agreed, row.wording, row.lang) for row in made.consent}
    assert rows == {
        Level.STATS: (False, "c_stats.1", "ce"),
        Level.PUBLISH: (False, "c_publish.1", "ce"),
        Level.INVESTIGATORS: (False, "c_investigators.1", "ce"),
        Level.COURTS: (True, "c_courts.1", "ce"),
        Level.MESSAGE: (False, "c_message.1", "ce"),
    }


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n"])
def test_nothing_written_is_the_only_thing_that_must_not_be(text: str) -> None:
    assert problems({"narrative": text}) == (Problem("narrative", "empty"),)


@pytest.mark.parametrize("letter", ["a", "ж", "Ӏ", "ش"])
def test_20000_letters_fit_beside_full_other_answers_and_one_more_does_not(letter: str) -> None:
    rest = {"when_text": letter * 200, "where_text": letter * 300, "who_text": letter * 1000}
    Testimony.from_answers("ru", rest | {"narrative": letter * 20_000}, ())
    over = problems({"narrative": letter * 20_001})
    assert over == (Problem("narrative", "long", 1),)


@pytest.mark.parametrize(
    ("field", "most"), [("when_text", 200), ("where_text", 300), ("who_text", 1000)]
)
def test_other_answers_have_their_own_limits(field: str, most: int) -> None:
    Testimony.from_answers("en", {"narrative": "a", field: "b" * most}, ())
    assert problems({"narrative": "a", field: "b" * (most + 7)}) == (Problem(field, "long", 7),)


@given(st.sampled_from(["😀", "漢", "\u0801", '"', "a😀"]), st.integers(1, 20_000))
def test_what_is_too_many_bytes_is_said_in_characters_and_then_fits(unit: str, count: int) -> None:
    text = (unit * count)[:20_000]
    try:
        made = Testimony.from_answers("en", {"narrative": text}, ())
    except AnswersError as error:
        (problem,) = error.problems
        assert (problem.field, problem.kind) == ("narrative", "long")
        shorter = text[: len(text) - problem.amount]
        made = Testimony.from_answers("en", {"narrative": shorter}, ())
        assert len(canonical.encode([list(row) for row in made.fields])) > TEXT_BYTES - 64
    assert len(canonical.encode([list(row) for row in made.fields])) <= TEXT_BYTES


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("a\ufffdb", "ab"),
        ("a\x1b[31mb\x7f", "a[31mb"),
        ("a\x85b\x9f", "ab"),
        ("\x0b\x0c\x1fab", "ab"),
    ],
)
def test_what_is_not_writing_is_taken_out_and_said(text: str, clean: str) -> None:
    with pytest.raises(AnswersError) as caught:
        Testimony.from_answers("ru", {"narrative": text}, ())
    assert caught.value.problems == (Problem("narrative", "odd"),)
    assert caught.value.tidied["narrative"] == clean
    assert Testimony.from_answers("ru", caught.value.tidied, ()).fields == (("narrative", clean),)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd")))
def test_any_other_writing_is_left_as_it_is(text: str) -> None:
    assert tidy(text) == text


def test_line_ends_become_one_kind_and_tab_stays() -> None:
    assert tidy("a\r\nb\rc\n\td\r\r\n") == "a\nb\nc\n\td\n\n"


def test_a_choice_that_is_not_offered_is_said_and_everything_is_kept() -> None:
    answers = {"relation": "r.relative", "aware": "maybe", "narrative": "x" * 20_003}
    assert problems(answers) == (
        Problem("relation", "choice"),
        Problem("aware", "choice"),
        Problem("narrative", "long", 3),
    )
    with pytest.raises(AnswersError) as caught:
        Testimony.from_answers("ru", answers, ())
    assert caught.value.tidied | answers == caught.value.tidied
    assert "x" * 20 not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        (("narrative", ""),),
        (("narrative", "a\r\n"),),
        (("who_text", "b"), ("narrative", "a")),
        (("narrative", "a"), ("name", "b")),
        (("narrative", "a"), ("who_text", "")),
        (),
    ],
)
def test_a_testimony_that_a_form_cannot_give_does_not_exist(
    fields: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(MalformedError):
        Testimony(Form("minimal", 2, "ru"), fields, ())


def test_the_form_asks_nothing_about_who_a_person_is() -> None:
    assert [field.name for field in MINIMAL.fields] == [
        "relation",
        "aware",
        "narrative",
        "when_text",
        "where_text",
        "who_text",
    ]


CODE = " ".join(Codename.fresh().words)


@pytest.mark.parametrize("definition", [MINIMAL, GUIDED, ADDITION], ids=lambda form: form.id)
def test_a_text_with_a_code_in_it_is_not_taken_whichever_field_it_stands_in(
    definition: FormDefinition,
) -> None:
    """Reviewers, and whoever reads it after them, could do all that its author can."""
    texts = [(path, f) for path, f in definition.paths() if isinstance(f, TextField)]
    assert texts
    for path, asked in texts:
        answers = {"narrative": "x", path: f"Here: {CODE.upper()}."}
        if asked.most < len(answers[path]):
            continue
        with pytest.raises(AnswersError) as caught:
            Testimony.from_answers("en", answers, (), definition)
        assert caught.value.problems == (Problem(path, "code_in_text"),)
        assert caught.value.tidied[path] == answers[path]
        assert CODE.split()[0] not in str(caught.value).lower()


def test_seven_of_its_words_are_writing_and_a_testimony_with_eight_does_not_exist() -> None:
    seven = CODE.rpartition(" ")[0]
    assert Testimony.from_answers("en", {"narrative": f"{seven} и"}, ()).fields
    with pytest.raises(MalformedError):
        Testimony(Form("minimal", 2, "en"), (("narrative", CODE),), ())
