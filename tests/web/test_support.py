"""Support stands in the same place on every page, as plain text, and never after it grew old."""

import datetime as dt
from collections.abc import Callable

import pytest

from intake.web.settings_tables import SupportEntry
from intake.web.site import today_in_utc
from tests.web.conftest import World
from tests.web.follow import Page
from tests.web.test_form_pages import check_of, form_of

TODAY = today_in_utc()
FRESH = SupportEntry("Группа <А>", "русский, нохчийн", "tel:+7 почта за abc.onion/x", TODAY)
OLD = SupportEntry("Old group", "English", "nowhere", TODAY - dt.timedelta(days=91))
ALWAYS = "Мы не можем связаться с вами отсюда и не можем прислать помощь."
LISTED = "Эти организации могут выслушать или дать совет."
PATHS = ["/", "/ce", "/1", "/s", "/nowhere", "/2"]


@pytest.fixture
def listed(make_world: Callable[..., World]) -> World:
    return make_world(support=(FRESH, OLD))


def block(page: Page) -> str:
    return page.html.partition("<footer>")[2].partition("</footer>")[0]


@pytest.mark.parametrize("path", PATHS)
def test_it_is_on_every_page_behind_the_main_text(listed: World, path: str) -> None:
    page = listed.visitor().get(path)
    assert page.html.count("<footer>") == 1
    assert page.html.index("</main>") < page.html.index("<footer>")
    assert ALWAYS in block(page)
    assert LISTED in block(page)


def test_pages_that_answer_have_it_in_the_same_place(listed: World) -> None:
    visitor = listed.visitor()
    blocks = {block(form_of(visitor)), block(check_of(visitor)), block(visitor.get("/s"))}
    assert len(blocks) == 1


def test_on_the_last_page_it_comes_before_anything_else_is_said(listed: World) -> None:
    visitor = listed.visitor()
    page = visitor.press(check_of(visitor), "Отправить")
    main = page.html.partition("<main")[2].partition("</main>")[0]
    assert main.index("</h1>") < main.index(ALWAYS) < main.index("Теперь закройте Tor Browser.")
    assert "Группа &lt;А&gt;" in main


def test_what_the_operator_says_is_text_and_never_a_link(listed: World) -> None:
    shown = block(listed.visitor().get("/"))
    for words in ("Группа &lt;А&gt;", FRESH.language, FRESH.reach, TODAY.isoformat()):
        assert words in shown
    assert "<a" not in shown


def test_an_old_entry_is_not_shown(listed: World) -> None:
    assert OLD.name not in listed.visitor().get("/").html


def test_an_entry_that_is_dated_ahead_is_not_shown(make_world: Callable[..., World]) -> None:
    """Nobody can have checked it then; it comes back when its date has come."""
    entry = SupportEntry("A", "B", "a letter box", TODAY + dt.timedelta(days=2))
    world = make_world(support=(entry,))
    for path in ("/", "/1", "/offline-ru.html"):
        assert entry.reach not in world.visitor().get(path).html
    world.on(TODAY + dt.timedelta(days=1))
    for path in ("/", "/1", "/offline-ru.html"):
        assert entry.reach in world.visitor().get(path).html


def test_an_entry_leaves_every_page_on_the_day_it_grows_old(
    make_world: Callable[..., World],
) -> None:
    """The empty form and the offline page too, of which one copy is kept for everyone."""
    entry = SupportEntry("A", "B", "a letter box", TODAY - dt.timedelta(days=90))
    world = make_world(support=(entry,))
    for path in ("/", "/1", "/offline-ru.html"):
        assert entry.reach in world.visitor().get(path).html
    world.on(TODAY + dt.timedelta(days=1))
    for path in ("/", "/1", "/offline-ru.html"):
        page = world.visitor().get(path)
        assert entry.reach not in page.html
        assert LISTED not in page.words
        assert ALWAYS in page.words


def test_without_a_list_only_what_is_always_true_is_said(world: World) -> None:
    shown = block(world.visitor().get("/1"))
    assert ALWAYS in shown
    assert "Медленно выдохните." in shown
    assert LISTED not in shown
    assert "<ul>" not in shown
