"""A newcomer's first testimony on the desk, once by mouse and once by keyboard alone, over a crash."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import cast

import pytest

from intake.review.progress import coding_of
from intake.review.redacting import Redaction
from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.browser.sitting import Command, sitting
from tests.browser.test_accessibility import ASK, AXE, WIDER_THAN_THE_SCREEN
from tests.review.desk.conftest import Made, made
from tests.review.desk.working import LONG, opened, own, read_through
from tests.review.poison import POISON

__all__ = ["made", "own", "read_through"]

EVERY_LOOK = tuple(product(("ru", "en"), ("light", "dark")))
# Both languages and both sets of colours: neither has anything to do with the other.
LOOKS = (("ru", "light"), ("en", "dark"))
NAME, BROTHER, DAY = "Ахмед", "Иса", "12 марта 2017"

Looks = tuple[tuple[str, str], ...]


@contextmanager
def at_the_desk(own: Made, folder: Path, both: Browsers) -> Iterator[tuple[Command, ChromiumTab]]:
    """The desk's own window, with the item open in it."""
    folder.mkdir()
    with sitting(own, folder) as command, both.attached(command.port()) as tab:
        until(lambda: tab.has("table") and not tab.has("progress"), "the list")
        tab.page.click(f"tbody a[href='/item/{own.items['long']}']")
        until(lambda: tab.is_at(".warning button"), "the warning")
        tab.page.keyboard.press("Enter")
        until(lambda: tab.has("#p1"), "the text")
        yield command, tab


def go(tab: ChromiumTab, name: str) -> None:
    tab.press(f".work a[href$='/{name}']")
    until(lambda: tab.has("body.scripted #text"), f"the page {name}")


def unfair(tab: ChromiumTab) -> list[str]:
    """What axe finds. The page itself takes no script: it is put there as a debugger does."""
    tab.page.evaluate(AXE.read_text("utf-8"))
    return cast("list[str]", tab.page.evaluate(ASK))


def kept(tab: ChromiumTab, marks: int) -> None:
    """The page came back with so many marks, and its script runs."""
    listed = tab.page.locator("body.scripted #taken li")
    until(lambda: listed.count() == marks, f"{marks} marks")
    tab.settle()


def spans(made: Redaction | None) -> list[tuple[str, str]]:
    assert made is not None
    return [(LONG[span.start : span.end], span.reason) for span in made.spans]


def select(tab: ChromiumTab, words: str) -> None:
    """Drag over words with the mouse, from inside the first to inside the last."""
    box = tab.page.evaluate(
        """words => {
          const walk = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const at = walk.currentNode.data.indexOf(words);
            if (at < 0 || !walk.currentNode.parentElement.closest("p.original")) continue;
            const range = document.createRange();
            range.setStart(walk.currentNode, at);
            range.setEnd(walk.currentNode, at + words.length);
            walk.currentNode.parentElement.scrollIntoView({ block: "center" });
            const boxes = [...range.getClientRects()];  // one for each line
            const [first, last] = [boxes[0], boxes.at(-1)];
            return [first.left + 4, first.top + first.height / 2,
              last.right - 4, last.top + last.height / 2];
          }
        }""",
        words,
    )
    mouse = tab.page.mouse
    mouse.move(box[0], box[1])
    mouse.down()
    mouse.move(box[2], box[3], steps=4)
    mouse.up()


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(LOOKS, id="two looks"),
        pytest.param(EVERY_LOOK, id="every look", marks=pytest.mark.long),
    ],
)
def test_a_first_testimony_by_mouse_over_a_crash(
    tmp_path: Path, own: Made, both: Browsers, looks: Looks
) -> None:
    with at_the_desk(own, tmp_path / "one", both) as (command, tab):
        go(tab, "redact")
        # A click takes a word, dragging takes whole words; the last mark is put back by undo.
        select(tab, "Ахмед")
        until(lambda: tab.text("#chosen") == "«Ахмед»", "the word")
        tab.press("button[value=person]")
        kept(tab, 1)
        select(tab, "12 марта 201")
        until(lambda: tab.text("#chosen") == "«12 марта 2017»", "the day")
        tab.press("button[value=date]")
        kept(tab, 2)
        select(tab, "Иса")
        until(lambda: tab.text("#chosen") == "«Иса»", "the brother")
        tab.press("button[value=family]")
        kept(tab, 3)
        select(tab, "сказал")
        until(lambda: tab.text("#chosen") == "«сказал»", "the word")
        tab.press("button[value=words]")
        kept(tab, 4)
        tab.press("#move button[value=undo]")
        kept(tab, 3)
        assert "Меня зовут [person] Мусхабов, меня взяли [date] года" in tab.text("#text .seen")
        assert "[family], сказал" in tab.text("#text .pair:nth-of-type(3) .seen")
        assert unfair(tab) == []
        os.kill(command.pid, signal.SIGKILL)
        command.process.wait(30)
    with at_the_desk(own, tmp_path / "two", both) as (_, tab):
        go(tab, "redact")
        kept(tab, 3)
        tab.press("form[action$='/save'] button")
        until(lambda: "Saved as version 1." in tab.text(), "the version")
        tab.open(tab.page.url.split("/item/")[0] + f"/item/{own.items['long']}/code")
        until(lambda: tab.has("body.scripted #text"), "the sheet")
        select(tab, "били током")
        tab.press("#act .use")
        tab.page.fill("#act-code-typed", "tort")
        until(lambda: tab.has("#act-code-list li"), "the list")
        tab.press("#act-code-list li")
        tab.press("#act > button.main")
        until(lambda: tab.has(".card"), "the act")
        assert unfair(tab) == []
        tab.page.hover(".card")
        assert tab.text("mark.lit") == "били током"
        tab.press("form[action$='/save'] button")
        until(lambda: "Saved as version 1." in tab.text(), "the coding")
        everything_that_hurts(own, tab)
        long = f"/item/{own.items['long']}"
        begun = (f"{long}/redact?propose=find", f"{long}/code?act=1", f"{long}/grades")
        fair_to_all(tab, looks, *begun)
        enter(tab, "Умар Хачукаев", "Oumar Khatchoukaïev")
        fair_to_all(tab, looks, f"{long}/redact?words", f"{long}/risk", "/people", "/places")
    check(own)


def enter(tab: ChromiumTab, *spellings: str) -> None:
    """Enter people who look alike, so that the register proposes that they are one."""
    for spelling in spellings:
        tab.open(tab.page.url.split("/item/")[0].removesuffix("/people") + "/people")
        until(lambda: tab.has("#spelling"), "the register")
        tab.page.fill("#spelling", spelling)
        tab.press(".coding-form button.main")
        until(lambda one=spelling: one in tab.text("main"), "the name")
    assert tab.has("#alike form[action$='/apart']")


def fair_to_all(tab: ChromiumTab, looks: Looks, *paths: str) -> None:
    """Axe and a narrow screen have nothing to say of these pages, in languages and colours."""
    page, base = tab.page, tab.page.url.split("/item/")[0].partition("/p")[0]
    found: dict[str, object] = {}
    for lang, path in product(dict.fromkeys(lang for lang, _ in looks), paths):
        if not tab.has(f"html[lang={lang}]"):
            tab.follow(f"button[value={lang}]")
            until(lambda one=lang: tab.has(f"html[lang={one}]"), "the language")
        tab.open(f"{base}{path}")
        until(lambda: tab.has("h1"), "the page")
        for scheme in (scheme for one, scheme in looks if one == lang):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found[f"{path} {lang} {scheme}"] = unfair(tab)
        page.set_viewport_size({"width": 320, "height": 640})
        wider = page.evaluate(WIDER_THAN_THE_SCREEN)
        found[f"{path} {lang} narrow"] = [] if wider <= 0 else [str(wider)]
        page.set_viewport_size({"width": 1280, "height": 860})
    assert len(found) == (2 + len(looks)) * len(paths)
    assert not any(found.values()), found


def everything_that_hurts(own: Made, tab: ChromiumTab) -> None:
    """All of the hostile texts are chosen at once: each is out from its first to its last character."""
    base, item = tab.page.url.split("/item/")[0], own.items["poison"]
    tab.open(f"{base}/item/{item}")
    until(lambda: tab.is_at(".warning button"), "the warning")
    tab.page.keyboard.press("Enter")
    until(lambda: tab.has("#p1"), "the text")
    tab.open(f"{base}/item/{item}/redact")
    until(lambda: tab.has("body.scripted #text"), "the page")
    assert unfair(tab) == []
    to(tab, "#text")
    tab.page.keyboard.press("Control+a")
    tab.page.keyboard.press("r")
    kept(tab, len(POISON))
    places = tab.page.locator("#taken input[name=place]")
    found = [str(places.nth(n).get_attribute("value")) for n in range(len(POISON))]
    texts = {f"f{n}": f"начало\n{text}" for n, text in enumerate(POISON)}
    for path, start, end in (one.split(":") for one in found):
        assert start == "0"
        assert int(end) <= len(texts[path])
        assert texts[path][int(end) :].strip() == ""
    assert "начало" not in "".join(tab.page.locator(".seen").all_inner_texts())


def check(own: Made, extra: tuple[str, ...] = ()) -> None:
    """What the case holds now, whoever made it and how."""
    window = opened(own)
    assert window.desk.sitting is not None
    case = window.desk.sitting.case
    item = own.items["long"]
    assert spans(case.read(item)[1]) == [(NAME, "person"), (DAY, "date"), (BROTHER, "family")]
    newest = coding_of(case, item)
    assert newest is not None
    (act,) = newest.value.acts
    assert act.code == "act.torture"
    assert [LONG[quote.start : quote.end] for quote in act.quotes] == ["били током"]
    assert act.methods == extra
    window.desk.lock()


def test_a_first_testimony_by_keyboard_alone_over_a_crash(
    tmp_path: Path, own: Made, both: Browsers
) -> None:
    with at_the_desk(own, tmp_path / "one", both) as (command, tab):
        keyboard = tab.page.keyboard
        to(tab, ".work a[href$='/redact']")
        keyboard.press("Enter")
        until(lambda: tab.has("body.scripted #text"), "the page")
        to(tab, "#text")
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "p"):
            keyboard.press(key)
        kept(tab, 1)
        until(lambda: tab.is_at("#text"), "the text again")
        # The cursor is still on the name: five words on is the day, and it is three words long.
        for key in (*["ArrowRight"] * 4, "Shift+ArrowRight", "Shift+ArrowRight"):
            keyboard.press(key)
        until(lambda: tab.text("#chosen") == "«12 марта 2017»", "the day")
        keyboard.press("d")
        kept(tab, 2)
        until(lambda: tab.is_at("#text"), "the text again")
        for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
            keyboard.press(key)
        until(lambda: tab.text("#chosen") == "«Иса»", "the brother")
        # By the list of reasons, and wrong: undone, and done again by its letter.
        keyboard.press("Enter")
        keyboard.press("Enter")
        kept(tab, 3)
        keyboard.press("Control+z")
        kept(tab, 2)
        to(tab, "#text")
        for key in ("Home", "ArrowRight", "ArrowRight"):
            keyboard.press(key)
        until(lambda: tab.text("#chosen") == "«Иса»", "the brother")
        keyboard.press("f")
        kept(tab, 3)
        os.kill(command.pid, signal.SIGKILL)
        command.process.wait(30)
    with at_the_desk(own, tmp_path / "two", both) as (_, tab):
        keyboard = tab.page.keyboard
        to(tab, ".work a[href$='/redact']")
        keyboard.press("Enter")
        until(lambda: tab.has("body.scripted #text"), "the page")
        kept(tab, 3)
        to(tab, "form[action$='/save'] button")
        keyboard.press("Enter")
        until(lambda: "Saved as version 1." in tab.text(), "the version")
        tab.open(tab.page.url.split("/redact")[0] + "/code")
        until(lambda: tab.has("body.scripted #text"), "the sheet")
        to(tab, "#text")
        for key in ("End", "ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "Enter"):
            keyboard.press(key)
        until(lambda: tab.is_at("#act .use"), "the form")
        to(tab, "#act-code-typed")
        keyboard.type("tortu")
        keyboard.press("Enter")
        to(tab, "#act-methods-typed")
        keyboard.type("shock")
        keyboard.press("Enter")
        until(lambda: "Electric" in tab.text("#act .chips"), "the method")
        to(tab, "#act > button.main")
        keyboard.press("Enter")
        until(lambda: tab.has(".card"), "the act")
        to(tab, ".card")
        assert tab.text("mark.lit") == "били током"
        to(tab, "form[action$='/save'] button", back=True)
        keyboard.press("Enter")
        until(lambda: "Saved as version 1." in tab.text(), "the coding")
    check(own, ("m.electric",))


def to(tab: ChromiumTab, selector: str, *, back: bool = False) -> None:
    """Press Tab until it is there."""
    for _ in range(120):
        if tab.is_at(selector):
            return
        tab.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"no way by keyboard to {selector}")
