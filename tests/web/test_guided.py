"""The guided form without script: page by page, any of them skipped, nothing typed is lost."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from intake.container import Container, Form
from intake.form import GUIDED
from intake.web.app import create_app
from intake.web.site import Site
from tests.web.conftest import World
from tests.web.follow import Page, Visitor, in_process, urlencoded
from tests.web.test_form_pages import URLENCODED, check_of, form_of

STORY = "История: Ӏ, ё\n\n«слова» <b>"
WORDS = {
    "ru": {
        "next": "Продолжить",
        "skip": "Пропустить",
        "back": "Назад",
        "end": "К последней странице",
        "again": "Добавить другой случай",
        "send": "Отправить",
        "change": "Вернуться и изменить",
        "switch": "English",
        "time": "Случай",
    },
    "en": {
        "next": "Continue",
        "skip": "Skip",
        "back": "Back",
        "end": "Go to the last page",
        "again": "Add another time",
        "send": "Send",
        "change": "Go back and change",
        "switch": "Русский",
        "time": "Time",
    },
}
EPISODE = [page.id for page in GUIDED.pages if page.each]
ONCE = ["age", "area", "told", "result", "evidence", "uses"]
EMPTY = "Write something in the box. One sentence is enough"
CHOICE = "Choose one of the answers, or none"


@pytest.fixture
def guided(make_world: Callable[..., World]) -> World:
    return make_world(form="guided")


def key(page: Page) -> str:
    """Which page of the form it is."""
    return page.forms[0].value("page")


def begun(visitor: Visitor, lang: str = "en", **fill: object) -> Page:
    """The page after the story."""
    story = form_of(visitor, lang)
    return visitor.press(story, WORDS[lang]["next"], {"narrative": STORY, **fill})


def walked(
    visitor: Visitor, page: Page, lang: str, fills: Mapping[str, Mapping[str, object]], way: str
) -> tuple[Page, list[str]]:
    """Go on to the last page, filling in what is given; and the pages that were passed."""
    passed = [key(page)]
    while key(page) != "uses":
        page = visitor.press(
            page, WORDS[lang][way if way in _buttons(page, lang) else "next"], fills.get(key(page))
        )
        assert (page.status, page.lang) == (200, lang)
        assert page.title == {"ru": "Форма, шаг 1 из 3", "en": "Form, step 1 of 3"}[lang]
        passed.append(key(page))
        assert len(passed) < 50, passed
    return page, passed


def _buttons(page: Page, lang: str) -> set[str]:
    words = {button.words for button in page.forms[0].buttons}
    return {way for way, said in WORDS[lang].items() if said in words}


def posted(world: World, **fields: str) -> Page:
    """The form with exactly these fields, to /1."""
    visitor = world.visitor()
    rows = [("lang", "en"), *fields.items()]
    return visitor.ask("POST", "/1", urlencoded(rows), URLENCODED)


def carried(page: Page) -> dict[str, str]:
    """Everything that the page would send of what was written."""
    skipped = ("csrf_token", "form", "lang", "page", "resend", "unkept")
    rows = [row for row in page.forms[0].values() if row[0] not in skipped and row[1]]
    together: dict[str, str] = {}
    for name, value in rows:
        together[name] = f"{together[name]} {value}" if name in together else value
    return together


def sealed(world: World) -> Container:
    ((_, container),) = world.kept()
    return container


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("way", ["next", "skip"])
def test_skip_and_continue_both_keep_everything(guided: World, lang: str, way: str) -> None:
    """One of each kind of answer goes all the way, in both languages."""
    fills: dict[str, dict[str, object]] = {
        "label.1": {"episode.1.ep_label": "первый"},
        "when.1": {"episode.1.ep_when": "весной", "episode.1.ep_when_precision": "d.season"},
        "people.1": {
            "episode.1.ep_who_affil": ["p.masked", "p.police"],
            "episode.1.ep_who_text": "двое\nв форме",
        },
        "methods.1": {"episode.1.ep_methods": ["m.tied", "m.hands"]},
        "age": {"age_band": "a.25"},
        "told": {"told_before": ["t.nobody"]},
    }
    visitor = guided.visitor()
    page, passed = walked(visitor, begun(visitor, lang, relation="r.self"), lang, fills, way)
    assert passed == [*(f"{name}.1" for name in EPISODE), *ONCE]
    check = visitor.press(page, WORDS[lang]["next"], {"consent": ["stats", "courts"]})
    assert f"{WORDS[lang]['time']} 1." in check.words
    sent = visitor.press(check, WORDS[lang]["send"])
    assert (check.status, sent.status, sent.lang) == (200, 200, lang)
    container = sealed(guided)
    assert container.form == Form("guided", 2, lang)
    assert container.fields == (
        ("relation", "r.self"),
        ("narrative", STORY),
        ("episode.1.ep_label", "первый"),
        ("episode.1.ep_when", "весной"),
        ("episode.1.ep_when_precision", "d.season"),
        ("episode.1.ep_who_affil", "p.police p.masked"),
        ("episode.1.ep_who_text", "двое\nв форме"),
        ("episode.1.ep_methods", "m.hands m.tied"),
        ("age_band", "a.25"),
        ("told_before", "t.nobody"),
    )
    assert {row.level.value for row in container.consent if row.agreed} == {"stats", "courts"}


def test_a_story_alone_can_be_sent_with_every_page_skipped(guided: World) -> None:
    visitor = guided.visitor()
    page, _ = walked(visitor, begun(visitor), "en", {}, "skip")
    visitor.press(visitor.press(page, "Continue"), "Send")
    assert sealed(guided).answers == {"narrative": STORY}


def test_one_can_go_to_the_last_page_from_every_other(guided: World) -> None:
    visitor = guided.visitor()
    page = visitor.press(form_of(visitor, "en"), "Go to the last page", {"narrative": STORY})
    assert key(page) == "uses"
    page = visitor.press(page, "Back")
    assert key(page) == "evidence"
    page = visitor.press(begun(visitor), "Go to the last page", {"episode.1.ep_label": "x"})
    assert (key(page), carried(page)["episode.1.ep_label"]) == ("uses", "x")


def test_without_a_story_one_comes_back_to_it_with_all_the_rest(guided: World) -> None:
    visitor = guided.visitor()
    first = form_of(visitor, "en")
    refused = visitor.press(first, "Continue", {"relation": "r.told"})
    assert (refused.status, key(refused), refused.problems) == (400, "story", [EMPTY])
    page = visitor.press(first, "Go to the last page", {"relation": "r.told"})
    back = visitor.press(page, "Continue", {"consent": ["stats"]})
    assert (back.status, key(back), back.problems) == (400, "story", [EMPTY])
    assert back.title == "Error: Form, step 1 of 3"
    assert carried(back) == {"relation": "r.told", "consent": "stats"}


def test_three_times_are_told_apart(guided: World) -> None:
    """Each is asked for anew, and a page says which one it is about."""
    visitor = guided.visitor()
    page = begun(visitor)
    for time in (1, 2, 3):
        assert key(page) == f"label.{time}"
        assert f"Time {time}" in page.words
        fills = {f"done.{time}": {f"episode.{time}.ep_done": f"done {time}"}}
        while key(page) != f"again.{time}":
            page = visitor.press(page, "Continue", fills.get(key(page)))
        if time < 3:
            page = visitor.press(page, "Add another time")
    page = visitor.press(page, "Go to the last page")
    check = visitor.press(page, "Continue")
    assert [f"Time {n}. What was done?" in check.words for n in (1, 2, 3, 4)] == [True] * 3 + [
        False
    ]
    visitor.press(check, "Send")
    assert sealed(guided).answers == {
        "narrative": STORY,
        **{f"episode.{n}.ep_done": f"done {n}" for n in (1, 2, 3)},
    }


def test_another_time_can_be_added_after_the_last_one_only_and_nine_are_the_most(
    guided: World,
) -> None:
    two = {"narrative": "x", "episode.2.ep_done": "y"}
    for here, offered in (("again.1", False), ("again.2", True), ("after.2", False)):
        assert ("Add another time" in posted(guided, page=here, **two).words) is offered
    nine = {"narrative": "x", "episode.9.ep_done": "y"}
    assert "Add another time" not in posted(guided, page="again.9", **nine).words
    assert key(posted(guided, page="again.9", go="again", **nine)) == "again.9"
    assert key(posted(guided, page="again.1", go="again", **two)) == "again.1"


@pytest.mark.parametrize(
    ("relation", "asked"),
    [
        ("r.witness", True),
        ("r.relative", True),
        ("r.self", False),
        ("r.told", False),
        ("r.other_role", False),
        ("", False),
    ],
)
def test_the_page_that_asks_for_a_name_is_for_relatives_and_witnesses(
    guided: World, relation: str, asked: bool
) -> None:
    page = posted(guided, page="again.1", go="next", narrative="x", relation=relation)
    assert key(page) == ("missing" if asked else "age")
    if asked:
        assert "Only this page asks for a name" in page.words
        assert "Only those who promise in writing not to give it to any government" in page.words


def test_a_page_that_holds_something_is_always_within_reach(guided: World) -> None:
    """Whoever changes the first answer afterwards can still see and change what will be sent."""
    given = {"narrative": "x", "relation": "r.self", "missing_name": "Z"}
    page = posted(guided, page="again.1", go="next", **given)
    assert (key(page), page.forms[0].value("missing_name")) == ("missing", "Z")
    emptied = posted(guided, page="missing", go="next", narrative="x", relation="r.self")
    assert key(emptied) == "age"


def test_the_warning_stands_beside_the_other_role(guided: World) -> None:
    page = form_of(guided.visitor(), "en")
    label = page.html.partition('value="r.other_role"')[2].partition("</label>")[0]
    assert "A court may use what you write about what you did yourself" in label


def test_methods_are_asked_after_the_story_and_what_was_done(guided: World) -> None:
    story = form_of(guided.visitor(), "en")
    for word in ("Electric shock", "Hit or kicked"):
        assert word not in story.html
    ids = [page.id for page in GUIDED.pages]
    assert ids.index("story") < ids.index("done") < ids.index("methods")
    assert "If you wrote it already" in posted(guided, page="methods.1", narrative="x").words


@pytest.mark.parametrize("here", ["story", "people.1", "methods.2", "missing", "told", "uses"])
def test_changing_the_language_keeps_page_and_text(guided: World, here: str) -> None:
    texts = {
        "narrative": "слова",
        "relation": "r.relative",
        "episode.1.ep_who_affil": "p.police p.masked",
        "episode.2.ep_methods": "m.hands m.bag",
        "told_before": "t.police t.court",
        "missing_agree": "c_missing.1",
        "consent": "stats",
    }
    for lang, other in (("ru", "en"), ("en", "ru")):
        visitor = guided.visitor()
        rows = [("lang", lang), ("page", here), *texts.items()]
        page = visitor.ask("POST", "/1", urlencoded(rows), URLENCODED)
        assert (page.lang, key(page)) == (lang, here)
        switched = visitor.press(page, WORDS[lang]["switch"])
        assert (switched.status, switched.lang, key(switched)) == (200, other, here)
        assert carried(switched) == texts


def test_back_keeps_what_was_just_written(guided: World) -> None:
    visitor = guided.visitor()
    page = visitor.press(begun(visitor), "Continue", {"episode.1.ep_label": "one"})
    page = visitor.press(page, "Back", {"episode.1.ep_when": "x" * 300})
    assert (page.status, key(page)) == (200, "label.1")
    assert carried(page)["episode.1.ep_label"] == "one"
    assert carried(page)["episode.1.ep_when"] == "x" * 300


def test_the_check_page_leads_back_to_the_story_with_everything(guided: World) -> None:
    visitor = guided.visitor()
    page = visitor.press(begun(visitor), "Go to the last page", {"episode.1.ep_label": "one"})
    check = visitor.press(page, "Continue", {"consent": ["publish"]})
    page = visitor.press(check, "Go back and change")
    assert (page.status, key(page)) == (200, "story")
    got = carried(page)
    assert (got["episode.1.ep_label"], got["consent"]) == ("one", "publish")
    assert got["narrative"].replace("\r\n", "\n") == STORY


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_page_weighs_at_most_14_kb(guided: World, lang: str) -> None:
    """Before compression, without the padding and the person's own text (domain 3.3)."""
    visitor = guided.visitor()
    bodies = [visitor.get("/1") if lang == "ru" else form_of(visitor, lang)]
    keys = [place.key for place in GUIDED.places(1)]
    rows = [("lang", lang), ("relation", "r.relative"), ("narrative", "x")]
    for here in keys:
        body = urlencoded([*rows, ("page", here)])
        bodies.append(visitor.ask("POST", "/1", body, URLENCODED))
    for page in bodies:
        weight = len(re.sub(r"</html>\s*.*", "</html>", page.html, flags=re.DOTALL).encode())
        assert weight <= 14 * 1024, (key(page), weight)


@pytest.mark.parametrize("form", ["minimal", "guided"])
@pytest.mark.parametrize(
    ("relation", "aware", "ticks", "said"),
    [
        ("r.witness", "", ["publish"], True),
        ("r.told", "no", ["courts"], True),
        ("r.told", "cannot", ["investigators"], True),
        ("r.told", "yes", ["publish"], False),
        ("r.witness", "no", ["stats"], False),
        ("r.self", "no", ["publish"], False),
        ("", "", ["publish"], False),
    ],
)
def test_a_tick_for_somebody_else_is_shown_and_said_to_be_held_back(
    make_world: Callable[..., World],
    form: str,
    relation: str,
    aware: str,
    ticks: list[str],
    said: bool,
) -> None:
    visitor = make_world(form=form).visitor()
    token = form_of(visitor, "en").forms[0].value("csrf_token")
    rows = [("csrf_token", token), ("lang", "en"), ("narrative", "x")]
    rows += [("relation", relation), ("aware", aware), *(("consent", tick) for tick in ticks)]
    check = visitor.ask("POST", "/2", urlencoded(rows), URLENCODED)
    assert "You said yes to:" in check.words
    assert ("We will ask a lawyer before anyone else sees it." in check.words) is said


def test_a_child_is_told_that_nothing_is_published(guided: World) -> None:
    visitor = guided.visitor()
    token = form_of(visitor, "en").forms[0].value("csrf_token")
    rows = [("csrf_token", token), ("lang", "en"), ("narrative", "x"), ("consent", "publish")]
    for age, said in (("a.under18", True), ("a.18", False), ("a.na", False)):
        check = visitor.ask("POST", "/2", urlencoded([*rows, ("age_band", age)]), URLENCODED)
        assert ("We do not publish any of it." in check.words) is said


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_words_for_the_script_are_named_by_their_hash(guided: World, lang: str) -> None:
    visitor = guided.visitor()
    page = form_of(visitor, lang)
    (attrs,) = [attrs for tag, attrs in page.tags if tag == "form"]
    assert (attrs["data-form"], attrs["data-version"], attrs["data-lang"]) == ("guided", "2", lang)
    assert re.fullmatch(rf"/form-{lang}-[0-9a-f]{{16}}\.json", attrs["data-words"])
    assert attrs["data-integrity"].startswith("sha256-")
    words = visitor.get(attrs["data-words"])
    assert words.header("Content-Type") == "application/json; charset=utf-8"
    assert len(words.html.encode()) <= 50_000
    assert visitor.get(f"/form-{lang}-{'0' * 16}.json").status == 404


def test_the_minimal_form_has_no_words_file(world: World) -> None:
    assert "data-words" not in world.visitor().get("/1").html
    assert world.visitor().get(f"/form-ru-{'0' * 16}.json").status == 404


def test_an_operator_who_changes_the_form_takes_nothing_from_those_who_write(
    make_world: Callable[..., World],
) -> None:
    """A check page of the short form, sent to a site that asks the long one now."""
    world = make_world()
    visitor = world.visitor()
    check = check_of(visitor, "en", narrative="x", where_text="here", when_text="then")
    other = create_app(
        Site(world.site.folder, replace(world.site.settings, form="guided")), world.acceptor
    )
    moved = Visitor(in_process(other))
    moved.cookies = visitor.cookies
    assert moved.press(check, "Send").status == 200
    ((_, container),) = world.kept()
    assert container.form.id == "minimal"
    assert container.answers == {"narrative": "x", "where_text": "here", "when_text": "then"}
