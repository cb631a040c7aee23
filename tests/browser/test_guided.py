"""The guided form in real browsers: what is written on its pages is what is sealed, and no more."""

from collections.abc import Iterator

import pytest

from intake.container import Container, Mode
from tests.browser.browsers import FIREFOX_RARELY, Browsers, ChromiumTab, Tab, until
from tests.browser.firefox_tab import FirefoxTab
from tests.browser.serving import Served, served
from tests.browser.test_accessibility import SMALL_TARGETS, WIDER_THAN_THE_SCREEN, complaints
from tests.browser.walk import is_other_than
from tests.browser.wire import Wire, slow, wire_to
from tests.browser.writing import SENTENCE

ANSWERS = {
    "relation": "r.relative",
    "narrative": SENTENCE,
    "episode.1.ep_label": "первый",
    "episode.1.ep_methods": "m.hands m.bag",
    "episode.2.ep_done": "потом ещё раз",
    "missing_name": "Ӏ. Ӏ.",
    "missing_agree": "c_missing.1",
    "age_band": "a.under18",
}
NEXT = {True: "#continue", False: "[name=go][value=next], button[formaction='/2']"}
FIRST = {True: "#continue", False: "noscript [name=go][value=next]"}
AGAIN = {True: "[data-go=again]", False: "[name=go][value=again]"}
END = {True: "[data-go=end]", False: "[name=go][value=end]"}
LAWYER = "Прежде чем это увидит кто-то ещё, мы спросим юриста."
LEFT = "\ue012"  # WebDriver's code for the key
CHILD = "Мы ничего из этого не публикуем."


@pytest.fixture(scope="module")
def guided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site whose form is the guided one."""
    with served(tmp_path_factory.mktemp("guided") / "site", form="guided") as running:
        yield running


@pytest.fixture
def between(guided: Served) -> Iterator[Wire]:
    guided.begin()
    with wire_to(guided.port) as wire:
        yield wire


def field(name: str, code: str = "") -> str:
    return f"[name='{name}']" + (f"[value='{code}']" if code else "")


def on_to(tab: Tab, selector: str, *, script: bool) -> None:
    """Continue until this can be seen."""
    for _ in range(30):
        if tab.has(selector):
            return
        shown = tab.text("main")
        tab.press(NEXT[script])
        until(lambda shown=shown: is_other_than(tab, shown), "another page")
    raise AssertionError(f"{selector} never came")


def fill_in(tab: Tab, wire: Wire, *, script: bool) -> None:
    """Write everything in `ANSWERS`, up to the check page."""
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has(FIRST[script]), "a button to go on with")
    assert not tab.has(".note"), "the warning is for another answer"
    for way in ("again", "skip", "back"):
        assert not tab.has(f"[data-go={way}], [name=go][value={way}]"), "there is nothing before"
    tab.press(field("relation", "r.other_role"))
    until(lambda: tab.has(".note"), "the warning")
    tab.press(field("relation", "r.relative"))
    tab.type(field("narrative"), SENTENCE)
    tab.press(FIRST[script])
    until(lambda: tab.has(field("episode.1.ep_label")), "the first page after the story")
    tab.type(field("episode.1.ep_label"), "первый")
    on_to(tab, field("episode.1.ep_methods", "m.bag"), script=script)
    tab.press(field("episode.1.ep_methods", "m.bag"))
    tab.press(field("episode.1.ep_methods", "m.hands"))
    on_to(tab, AGAIN[script], script=script)
    tab.press(AGAIN[script])
    until(lambda: tab.has(field("episode.2.ep_label")), "the second time")
    on_to(tab, field("episode.2.ep_done"), script=script)
    tab.type(field("episode.2.ep_done"), "потом ещё раз")
    on_to(tab, field("missing_name"), script=script)
    tab.type(field("missing_name"), "Ӏ. Ӏ.")
    tab.press(field("missing_agree", "c_missing.1"))
    on_to(tab, field("age_band", "a.under18"), script=script)
    tab.press(field("age_band", "a.under18"))
    tab.press(END[script])
    until(lambda: tab.has(field("consent", "publish")), "the last page")
    for way in ("again", "skip", "end"):
        assert not tab.has(f"[data-go={way}], [name=go][value={way}]"), "there is nothing after"
    tab.press(field("consent", "publish"))
    tab.press(NEXT[script])
    until(lambda: tab.title() == "Форма, шаг 2 из 3", "the check page")


def send(tab: Tab, served_: Served, *, script: bool) -> Container:
    tab.press("#send" if script else "form[action='/3'] button")
    until(lambda: tab.title() in {"Форма, шаг 3 из 3", "Form, step 3 of 3"}, "the sent page")
    (container,) = served_.kept()
    return container


@pytest.mark.parametrize(("browser", "script"), [("chromium", True), ("firefox", False)])
def test_a_guided_testimony_goes_all_the_way(
    both: Browsers, between: Wire, guided: Served, browser: str, script: bool
) -> None:
    """Exactly the answers are sealed, in the browser or on the server, and nothing before Send."""
    with both.tab(browser, script=script) as tab:
        fill_in(tab, between, script=script)
        assert "Случай 2. Что там делали?" in tab.text("dl")
        assert "Удары руками, ногами; Удушение, пакет на голове" in tab.text("dl")
        assert LAWYER in tab.text()
        assert CHILD in tab.text()
        assert guided.kept() == []
        container = send(tab, guided, script=script)
    assert container.mode is (Mode.BROWSER if script else Mode.SERVER)
    assert (container.form.id, container.form.version, container.form.lang) == ("guided", 2, "ru")
    assert container.answers == ANSWERS
    assert {row.level.value for row in container.consent if row.agreed} == {"publish"}
    if script:
        assert [post.path for post in between.posts] == ["/s"]


@FIREFOX_RARELY
def test_with_script_the_language_changes_and_nothing_written_leaves_or_is_lost(
    both: Browsers, between: Wire, guided: Served, browser: str
) -> None:
    """In both browsers: what is asked for is the empty form, and the page stays the same one."""
    with both.tab(browser, script=True) as tab:
        fill_in(tab, between, script=True)
        tab.press("#back")
        until(lambda: tab.has(field("narrative")), "the story")
        tab.press(field("relation", "r.witness"))
        tab.press("#continue")
        until(lambda: tab.has(field("episode.1.ep_label")), "the first page after the story")
        tab.press("[data-switch=en]")
        until(lambda: "Time 1" in tab.text("h1"), "the page in English")
        assert tab.is_at("h1")
        assert tab.title() == "Form, step 1 of 3"
        assert tab.value(field("episode.1.ep_label")) == "первый"
        assert tab.text("a.x:not(.skip)") == "Leave now"
        on_to(tab, field("episode.1.ep_methods", "m.bag"), script=True)
        assert "Electric shock" in tab.text()
        tab.press(END[True])
        until(lambda: tab.has("[name=consent]"), "the last page")
        tab.press(NEXT[True])
        until(lambda: tab.title() == "Form, step 2 of 3", "the check page")
        assert "Hit or kicked; Suffocation, bag over head" in tab.text("dl")
        container = send(tab, guided, script=True)
    assert container.answers == {**ANSWERS, "relation": "r.witness"}
    assert container.form.lang == "en"
    assert {row.lang for row in container.consent} == {"en"}
    assert [(post.path, post.body) for post in between.posts[:-1]] == [("/1", b"lang=en")]
    assert between.posts[-1].path == "/s"
    assert between.leaks(SENTENCE) == []


def test_without_the_words_file_the_story_stays_and_it_is_said(
    both: Browsers, between: Wire, guided: Served
) -> None:
    """The first page needs no more than itself; a file with one byte changed is no file."""
    with both.tab("chromium", script=True) as tab:
        between.alter["/form-"] = lambda status, content: (status, content + b" ")
        tab.open(f"{between.address}/1")
        until(lambda: tab.has("#continue"), "a button to go on with")
        tab.type(field("narrative"), SENTENCE)
        for press in ("#continue", "[data-switch=en]"):
            tab.press(press)
            until(lambda: tab.has("#summary li"), "the words that it does not work")
            assert "Сейчас страница не работает." in tab.text("#summary")
            assert tab.value(field("narrative")) == SENTENCE
        between.alter.clear()
        until(lambda: tab.has("#continue:enabled"), "the button")
        tab.press("#continue")
        until(lambda: tab.has(field("episode.1.ep_label")), "the next page")
    assert between.leaks(SENTENCE) == []
    assert guided.kept() == []


def test_what_was_begun_without_script_goes_on_with_it(
    both: Browsers, between: Wire, guided: Served
) -> None:
    """Answers that the first page carries for others stand on those, and can be taken back."""
    carried = {
        "episode.2.ep_done": "потом",
        "episode.2.ep_methods": "m.hands m.bag",
        "age_band": "a.25",
        "consent": "stats",
    }
    hidden = "".join(f'<input type="hidden" name="{n}" value="{v}">' for n, v in carried.items())
    with both.tab("chromium", script=True) as tab:
        mark = b'<div id="first-page">'
        between.alter["/1"] = lambda status, page: (
            status,
            page.replace(mark, hidden.encode() + mark),
        )
        tab.open(f"{between.address}/1")
        until(lambda: tab.has("#continue"), "a button to go on with")
        tab.type(field("narrative"), SENTENCE)
        tab.press("#continue")
        on_to(tab, "[id='episode.2.ep_methods-1']", script=True)
        tab.press(field("episode.2.ep_methods", "m.bag"))
        tab.press(END[True])
        tab.press(field("consent", "stats"))
        tab.press(field("consent", "courts"))
        tab.press("#continue")
        until(lambda: tab.has("#send"), "the check page")
        container = send(tab, guided, script=True)
    assert container.answers == {
        "narrative": SENTENCE,
        "episode.2.ep_methods": "m.hands",
        "episode.2.ep_done": "потом",
        "age_band": "a.25",
    }
    assert {row.level.value for row in container.consent if row.agreed} == {"courts"}


def test_the_minimal_form_changes_its_language_too(tab: Tab, wire: Wire, site: Served) -> None:
    """With script the text stays in the page's memory, and what is sealed says the new language."""
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has("#continue"), "a button to go on with")
    tab.press(field("relation", "r.self"))
    tab.type(field("narrative"), SENTENCE)
    tab.press(field("consent", "stats"))
    tab.press("[data-switch=en]")
    until(lambda: tab.title() == "Form, step 1 of 3", "the form in English")
    assert "What happened" in tab.text("h1")
    assert tab.is_at("[data-switch=ru]")  # where it was, and where the way back is
    assert tab.value(field("narrative")) == SENTENCE
    assert not tab.has("noscript button")
    tab.press("#continue")
    until(lambda: tab.title() == "Form, step 2 of 3", "the check page")
    container = send(tab, site, script=True)
    assert container.answers == {"relation": "r.self", "narrative": SENTENCE}
    assert {row.level.value for row in container.consent if row.agreed} == {"stats"}
    assert (container.form.id, container.form.lang) == ("minimal", "en")
    assert [post.path for post in wire.posts] == ["/1", "/s"]
    assert wire.leaks(SENTENCE) == []


def test_whoever_writes_while_another_language_comes_writes_on_where_they_were(
    both: Browsers, browser: str, wire: Wire, site: Served
) -> None:
    """In the same box, in the middle of the same word; nothing that is typed meanwhile is lost."""
    with both.tab(browser, script=True) as tab:
        tab.open(f"{wire.address}/1")
        until(lambda: tab.has("#continue"), "a button to go on with")
        arrive = slow(wire, "/1")
        tab.press("[data-switch=en]")
        until(lambda: wire.posts, "another language is asked for")
        tab.type(field("narrative"), "wrte")
        press(tab, *[LEFT] * 2)
        arrive.set()
        until(lambda: tab.title() == "Form, step 1 of 3", "the form in English")
        press(tab, "o")
        assert tab.value(field("narrative")) == "wrote"
    assert site.kept() == []


def press(tab: Tab, *keys: str) -> None:
    """Press keys in whatever has the focus."""
    if isinstance(tab, ChromiumTab):
        for key in keys:
            tab.page.keyboard.press({LEFT: "ArrowLeft"}.get(key, key))
    else:
        assert isinstance(tab, FirefoxTab)
        tab.firefox.press_keys(*keys)


def test_axe_finds_nothing_on_any_page_that_the_script_makes(
    both: Browsers, between: Wire, guided: Served
) -> None:
    """Nor is one wider than a narrow phone, nor anything too small to hit."""
    found: dict[str, object] = {}
    with both.tab("chromium", script=True, width=320, bypass_csp=True) as tab:
        assert isinstance(tab, ChromiumTab)
        tab.open(f"{between.address}/1")
        until(lambda: tab.has("#continue"), "a button to go on with")
        tab.press(field("relation", "r.relative"))
        tab.type(field("narrative"), SENTENCE)
        for number in range(40):
            found[f"axe {number}"] = complaints(tab)
            found[f"wide {number}"] = tab.page.evaluate(WIDER_THAN_THE_SCREEN)
            found[f"small {number}"] = tab.page.evaluate(SMALL_TARGETS)
            shown = tab.text("main")
            tab.press("#continue")
            until(lambda shown=shown: is_other_than(tab, shown), "another page")
            if tab.has("#send"):
                break
        assert number > 20
    assert not any(found.values()), found


def test_the_browsers_own_back_is_one_page_of_the_form_back(
    both: Browsers, browser: str, between: Wire
) -> None:
    """A reflex on a phone: it takes no word away, from a later page or from the check page."""
    with both.tab(browser, script=True) as tab:
        tab.open(f"{between.address}/1")
        until(lambda: tab.has(FIRST[True]), "a button to go on with")
        tab.type(field("narrative"), SENTENCE)
        tab.press(NEXT[True])
        until(lambda: tab.has(field("episode.1.ep_label")), "the page after the story")
        tab.type(field("episode.1.ep_label"), "первый")
        tab.press(END[True])
        until(lambda: tab.has("[name=consent]"), "the last page")
        tab.press(NEXT[True])
        until(lambda: tab.has("#send"), "the check page")
        tab.turn(-1)
        until(lambda: tab.has("[name=consent]"), "the last page again")
        tab.turn(-1)
        until(lambda: tab.has(field("episode.1.ep_label")), "the page from which it was left out")
        assert tab.value(field("episode.1.ep_label")) == "первый"
        tab.turn(-1)
        until(lambda: tab.has(field("narrative")), "the story")
        assert tab.value(field("narrative")) == SENTENCE
        tab.press(NEXT[True])
        until(lambda: tab.has(field("episode.1.ep_label")), "the page after the story once more")
        tab.press(END[True])
        until(lambda: tab.has("[name=consent]"), "the last page once more")
        tab.press(NEXT[True])
        until(lambda: tab.has("#send"), "the check page at last")
        assert SENTENCE in tab.text("dl")
        assert "первый" in tab.text("dl")


def test_what_is_ticked_after_a_refusal_is_sealed_too(
    both: Browsers, between: Wire, guided: Served
) -> None:
    """The title says that something is wrong while it is, and no longer."""
    with both.tab("chromium", script=True) as tab:
        tab.open(f"{between.address}/1")
        until(lambda: tab.has(FIRST[True]), "a button to go on with")
        tab.press(field("relation", "r.relative"))
        tab.type(field("narrative"), SENTENCE)
        tab.press(FIRST[True])
        on_to(tab, field("missing_name"), script=True)
        tab.type(field("missing_name"), "Ӏ. " * 200)
        tab.press(NEXT[True])
        until(lambda: tab.has("#summary li"), "what is wrong")
        assert tab.title() == "Ошибка: Форма, шаг 1 из 3"
        tab.empty(field("missing_name"))
        tab.press(field("missing_agree", "c_missing.1"))
        tab.press(NEXT[True])
        until(lambda: not tab.has(field("missing_name")), "the next page")
        assert tab.title() == "Форма, шаг 1 из 3"
        tab.press(END[True])
        until(lambda: tab.has("[name=consent]"), "the last page")
        tab.press(NEXT[True])
        until(lambda: tab.has("#send"), "the check page")
        container = send(tab, guided, script=True)
    assert container.answers["missing_agree"] == "c_missing.1"
