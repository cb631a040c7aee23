"""A form is data: whatever is read can be filled in, and what cannot is refused when it is read."""

import dataclasses
from importlib.resources import files

import pytest

from intake.container import MAX_FIELDS, Form
from intake.errors import MalformedError
from intake.field import MultiField
from intake.form import ADDITION, EVERY_FORM, FORMS, GUIDED, MINIMAL, FormDefinition, Place
from intake.testimony import AnswersError, Testimony

SMALL = """
id = "small"
version = 1
[repeat]
name = "time"
most = 2
[consent]
stats = "c_stats.1"
[[page]]
id = "story"
fields = [
  {name = "narrative", kind = "text", most = 100, required = true},
  {name = "who", kind = "choice", codes = ["a", "b"]},
]
[[page]]
id = "each"
each = true
fields = [{name = "what", kind = "multi", codes = ["x", "y"]}]
[[page]]
id = "only"
when = {field = "who", is = ["a"]}
fields = [{name = "more", kind = "text", most = 5}]
[[page]]
id = "end"
consent = true
fields = []
"""


def test_the_packaged_forms_are_read_as_they_are_written() -> None:
    for form in EVERY_FORM.values():
        text = (files("intake") / "forms" / f"{form.id}.toml").read_text("utf-8")
        assert FormDefinition.parse(text) == form
    assert set(FORMS) == {("minimal", 2), ("guided", 2)}
    assert set(EVERY_FORM) - set(FORMS) == {("addition", 1)}
    assert not ADDITION.levels


def test_a_small_form_is_read_whole() -> None:
    form = FormDefinition.parse(SMALL)
    assert [path for path, _ in form.paths()] == [
        *("narrative", "who", "time.1.what", "time.2.what", "more")
    ]
    assert form.levels[0][1] == "c_stats.1"
    assert [p.key for p in form.route({"who": "b"})] == ["story", "each.1", "end"]
    assert [p.key for p in form.route({"who": "a", "time.2.what": "x"})] == [
        *("story", "each.1", "each.2", "only", "end")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "small"', 'id = "small"\nextra = 1'),
        ("version = 1", 'version = "1"'),
        ("version = 1", "version = true"),
        ('stats = "c_stats.1"', 'totals = "c_stats.1"'),
        ("most = 100", "most = 0"),
        ("most = 100", "most = 20_001"),
        ("most = 100, required = true", "most = 100"),
        ("most = 5", "most = 5, required = true"),
        ("most = 5", "most = 5, pattern = 1"),
        ('kind = "multi"', 'kind = "file"'),
        ('codes = ["x", "y"]', 'codes = ["x", "x"]'),
        ('codes = ["x", "y"]', "codes = []"),
        ('codes = ["x", "y"]', 'codes = ["x y"]'),
        ('codes = ["x", "y"]', "codes = [1]"),
        ('name = "what"', 'name = "who"'),
        ('name = "what"', 'name = "What"'),
        ('id = "only"', 'id = "end"'),
        ('id = "only"', 'id = "o.1"'),
        ('is = ["a"]', 'is = ["c"]'),
        ('field = "who"', 'field = "more"'),
        ('field = "who"', 'field = "what"'),
        ("most = 2", "most = 10"),
        ("most = 2", "most = 0"),
        ("each = true", "each = false"),
        ('[repeat]\nname = "time"\nmost = 2', ""),
        ('name = "time"', 'name = ""'),
        ('when = {field = "who", is = ["a"]}', "consent = true"),
        ("consent = true", "consent = false"),
        ('id = "end"', 'id = "end"\neach = true'),
        ('id = "story"', 'id = "story"\neach = true'),
        ("[consent]", "[consent"),
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused(old: str, new: str) -> None:
    assert old in SMALL
    with pytest.raises(MalformedError):
        FormDefinition.parse(SMALL.replace(old, new))


EACH_CHOICE = SMALL.replace(
    'fields = [{name = "what", kind = "multi", codes = ["x", "y"]}]',
    'fields = [{name = "what", kind = "choice", codes = ["x", "y"]}]',
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            SMALL.replace('id = "story"', 'id = "story"\nwhen = {field = "who", is = ["a"]}'),
            "not for everybody",
        ),
        (
            EACH_CHOICE.replace('field = "who"', 'field = "what"').replace('["a"]}', '["x"]}'),
            "never be asked",
        ),
        (
            SMALL.replace('id = "story"', 'id = "early"\nfields = []\n[[page]]\nid = "story"'),
            "not asked first",
        ),
        (
            SMALL.replace('"multi", codes = ["x", "y"]}]', '"text", most = 5}]').replace(
                '{name = "what"',
                "".join(
                    f'{{name = "f{n}", kind = "text", most = 5}},' for n in range(MAX_FIELDS // 2)
                )
                + '{name = "what"',
            ),
            "too many fields",
        ),
    ],
)
def test_a_form_that_nobody_could_fill_in_says_why(text: str, says: str) -> None:
    assert FormDefinition.parse(EACH_CHOICE)
    with pytest.raises(MalformedError, match=says):
        FormDefinition.parse(text)


def test_a_page_of_a_time_beyond_the_last_does_not_exist() -> None:
    form = FormDefinition.parse(SMALL)
    assert form.place("each.2") is not None
    assert form.place("each.3") is None


@pytest.mark.parametrize("text", ["", "[[page]]", "page = 1", "a = " + "[" * 10_000])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        FormDefinition.parse(text)


def test_no_form_asks_who_a_person_is_and_only_one_page_asks_for_a_name() -> None:
    """Nor about orientation, faith, contact or health; the missing person is somebody else."""
    for form in FORMS.values():
        for field in form.fields:
            words = set(field.name.split("_"))
            assert not words & {"orientation", "contact", "phone", "email", "birth", "religion"}
            assert "name" not in words or field.name == "missing_name"
    (page,) = [page for page in GUIDED.pages if "missing_name" in [f.name for f in page.fields]]
    assert page.when is not None
    assert page.when.codes == ("r.witness", "r.relative")


def test_the_guided_form_begins_with_the_box_of_the_minimal_one() -> None:
    box = {field.name: field for field in MINIMAL.fields}
    first = GUIDED.pages[0].fields
    assert [field.name for field in first] == ["relation", "aware", "narrative"]
    assert first[1:] == (box["aware"], box["narrative"])
    required = [f.name for f in GUIDED.fields if getattr(f, "required", False)]
    assert required == ["narrative"]
    assert GUIDED.levels == MINIMAL.levels


def test_ticks_have_one_spelling() -> None:
    field = MultiField("x", ("b", "a", "c"))
    assert field.canonical("c  a b a") == "b a c"
    assert field.canonical(" ") == ""
    for odd in ("a d", "a,b", "a\tb", "A"):
        assert field.canonical(odd) == odd


def test_a_key_names_one_page_or_none() -> None:
    for time in (1, 9):
        for place in GUIDED.places(time):
            assert GUIDED.place(place.key) == place
    for odd in (
        "",
        "label",
        "label.0",
        "label.10",
        "story.1",
        "story.",
        "label.1 ",
        "x",
        "LABEL.1",
    ):
        assert GUIDED.place(odd) is None
    for path, _ in GUIDED.paths():
        assert path in dict(GUIDED.paths_of(GUIDED.place_of(path)))
    assert GUIDED.place_of("age_band") == Place(next(p for p in GUIDED.pages if p.id == "age"))


def guided(**answers: str) -> Testimony:
    renamed = {path.replace("__", "."): text for path, text in answers.items()}
    return Testimony.from_answers("ru", {"narrative": "x", **renamed}, (), GUIDED)


def test_answers_of_every_time_are_kept_in_the_forms_order() -> None:
    made = guided(
        age_band="a.18", episode__3__ep_end="f.paid", episode__1__ep_methods="m.bag m.hands"
    )
    assert made.form == Form("guided", 2, "ru")
    assert made.fields == (
        ("narrative", "x"),
        ("episode.1.ep_methods", "m.hands m.bag"),
        ("episode.3.ep_end", "f.paid"),
        ("age_band", "a.18"),
    )


@pytest.mark.parametrize(
    "fields",
    [
        (("narrative", "x"), ("episode.1.ep_methods", "m.bag m.hands")),
        (("narrative", "x"), ("episode.1.ep_methods", "m.hands m.hands")),
        (("narrative", "x"), ("episode.2.ep_end", "f.paid"), ("episode.1.ep_end", "f.paid")),
        (("narrative", "x"), ("episode.10.ep_end", "f.paid")),
        (("narrative", "x"), ("when_text", "y")),
        (("age_band", "a.18"), ("narrative", "x")),
        (("episode.1.ep_done", "x"),),
    ],
)
def test_what_no_guided_form_gives_does_not_exist(fields: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(AnswersError):
        Testimony(Form("guided", 2, "ru"), fields, ())


def test_a_form_that_there_is_not_has_no_testimony() -> None:
    made = guided()
    for form in (Form("guided", 1, "ru"), Form("other", 1, "ru")):
        with pytest.raises(MalformedError, match="no such form"):
            dataclasses.replace(made, form=form)
