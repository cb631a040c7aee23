"""What the pages show, in which order, and that no text of a stranger does anything in them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from intake.review.desk import app, reading
from intake.review.desk.phrases import FOLDER, LANGUAGES
from intake.review.desk.sitting import Desk
from intake.review.keys import ReviewerSecret
from intake.visible import seen, unsafe
from tests.panel import seed
from tests.review.desk.conftest import STORY, Clock, Made, Window, window_for
from tests.review.poison import POISON
from tests.review.workroom import container

VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """The elements of a page, and the text of each paragraph."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.paragraphs: dict[str, str] = {}
        self._in = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        name = dict(attrs).get("id") or ""
        if tag == "p" and re.fullmatch(r"p[0-9]+", name):
            self._in = name
            self.paragraphs[name] = ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "p":
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.paragraphs[self._in] += data


def item(window: Window, made: Made, name: str, shown: int | None = None) -> str:
    query = "" if shown is None else f"?shown={shown}"
    if shown is not None:
        assert window.post(f"/item/{made.items[name]}/open") == 303
    return window.get(f"/item/{made.items[name]}{query}")


def test_a_warning_stands_before_any_word(window: Window, made: Made) -> None:
    page = item(window, made, "story")
    assert "Before you read" in page
    assert not any(word in page for word in STORY.split() if len(word) > 4)


def test_no_paragraph_is_in_the_page_that_was_not_asked_for(window: Window, made: Made) -> None:
    paragraphs = [row for row in STORY.split("\n") if row]
    for shown in range(1, 4):
        page = Page(item(window, made, "story", shown))
        assert list(page.paragraphs.values()) == paragraphs[:shown]
    assert len(Page(item(window, made, "story", 99)).paragraphs) == 3


@pytest.mark.parametrize("shown", ["x", "-1", "1.0", "01", "٣", "99999999", ""])
def test_how_much_is_shown_is_a_plain_number(window: Window, made: Made, shown: str) -> None:
    status, page, _ = window.ask("GET", f"/item/{made.items['story']}?shown={shown}")
    assert status == 409
    assert "Мусхабов" not in page


def test_every_hostile_text_is_inert_and_nothing_of_it_is_lost(window: Window, made: Made) -> None:
    """Each paragraph read back is just what was written, and holds no other element."""
    text = item(window, made, "poison", 999)
    page = Page(text)
    written = [row for poison in POISON for row in ("начало", *poison.split("\n")) if row.strip()]
    assert len(page.paragraphs) == len(written)
    for shown, row in zip(page.paragraphs.values(), written, strict=True):
        assert unsafe(shown).replace("\u25cc", "") == row
        assert all(seen(c) or c in "\u27e8\u27e9" for c in shown)
    allowed = {"html", "head", "meta", "title", "link", "script", "noscript", "body", "a"}
    allowed |= {"header", "nav", "p", "div", "form", "input", "button", "main", "h1", "h2", "h3"}
    allowed |= {"ol", "li", "section", "code", "bdi", "span", "aside", "dl", "dt", "dd", "footer"}
    assert {tag for tag, _ in page.tags} <= allowed
    assert text.count("<script") == 1
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag in {"a", "form", "link", "script"}:
            target = attributes.get("href") or attributes.get("action") or attributes.get("src")
            assert str(target)[0] in "/#"
            assert not str(target).startswith("//")


MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</bdi></p><svg onload=alert(1)>",
    '"><a href="javascript:alert(1)">x',
    "{{ 7*7 }} {% raw %} ${7*7}",
    "&lt;b&gt; &amp;",
    "<!-- --> ]]> <style>*{display:none}</style>",
)


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_search_is_text(window: Window, markup: str) -> None:
    assert window.post("/view", words=markup, state=markup, lang=markup, week=markup) == 303
    page = Page(window.get("/"))
    values = [a.get("value") for tag, a in page.tags if a.get("name") == "words"]
    assert values == [markup]


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_text_is_cut_into_text(markup: str) -> None:
    (shown,) = reading.fields_of(container(("narrative", markup)))
    pieces = [piece for one in shown.paragraphs for piece in one.pieces]
    assert "".join(piece.text for piece in pieces) == markup


def test_offsets_count_code_points_of_the_field(window: Window) -> None:
    text = "а\u202eб\n\n  \nтретья 😀 строка\nи\u0301"
    (shown,) = reading.fields_of(container(("narrative", text)))
    for one in shown.paragraphs:
        length = sum(1 if piece.escape else len(piece.text) for piece in one.pieces)
        row = text[one.start :].split("\n", maxsplit=1)[0]
        assert len(row) == length
    assert [one.number for one in shown.paragraphs] == [1, 2, 3]


def test_what_may_not_be_read_is_not_shown(window: Window, made: Made) -> None:
    page = item(window, made, "refused", 99)
    assert "kept sealed" in page
    assert "does not fit its opening" in page
    assert "Третий" not in page
    assert "must not leave" in item(window, made, "waiting")


@pytest.mark.parametrize("name", ["x", "..", "0" * 12, "%00", "<b>"])
def test_an_item_that_is_not_there_is_said_so(window: Window, name: str) -> None:
    status, page, _ = window.ask("GET", f"/item/{name}")
    assert status in {404, 409}
    assert "<b>" not in page


def test_a_search_shows_what_holds_the_words_and_no_address_tells_them(
    window: Window, made: Made
) -> None:
    status, _, headers = window.ask("POST", "/view", {"words": "МУСХАБОВ"})
    assert (status, headers["Location"]) == (303, "/")
    page = window.get("/")
    assert made.items["story"] in page
    assert made.items["waiting"] not in page
    assert "1 of 4 items" in page
    assert window.post("/view") == 303
    assert "4 of 4 items" in window.get("/")


def test_what_waits_for_the_log_can_be_picked_out(window: Window, made: Made) -> None:
    assert window.post("/view", state="waiting") == 303
    page = window.get("/")
    assert made.items["waiting"] in page
    assert made.items["story"] not in page


def test_a_search_has_an_end(window: Window) -> None:
    assert window.post("/view", words="я" * 200) == 303
    assert window.post("/view", words="я" * 201) == 409


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "1 "])
def test_only_pages_that_there_are_are_shown(window: Window, page: str) -> None:
    assert window.ask("GET", f"/?page={page}")[0] == 409


def test_a_page_that_fails_tells_nobody_what_it_was_doing(
    window: Window, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise KeyError("Заур Мусхабов")

    monkeypatch.setattr("intake.review.desk.table.Page.of", failing)
    status, page, _ = window.ask("GET", "/")
    assert status == 500
    told = capfd.readouterr()
    assert "Мусхабов" not in page + told.out + told.err
    assert "Traceback" not in page + told.out + told.err
    assert re.fullmatch(r"intake: a page failed: KeyError at test_pages.py:[0-9]+\n", told.err)


def test_the_language_stays_and_goes_back_to_the_same_page(window: Window, made: Made) -> None:
    back = f"/item/{made.items['story']}?shown=1"
    status, _, headers = window.ask("POST", "/language", {"tag": "ru", "back": back})
    assert (status, headers["Location"]) == (303, back)
    page = window.get(back)
    assert '<html lang="ru">' in page
    assert "никто не проверил" in page
    assert "Nobody has checked" not in item(window, made, "story")


@pytest.mark.parametrize("back", ["//x.example/", "http://x.example/", "x", "\\\\x.example"])
def test_no_form_leads_away_from_the_desk(window: Window, back: str) -> None:
    _, _, headers = window.ask("POST", "/language", {"tag": "en", "back": back})
    assert headers["Location"] == "/"


def test_the_desk_speaks_no_other_language(window: Window) -> None:
    assert window.post("/language", tag="xx") == 409


def test_close_locks_and_asks_for_the_end(window: Window) -> None:
    assert window.post("/close") == 200
    assert window.closed == [True]
    assert window.desk.sitting is None


def test_both_languages_have_the_same_phrases_with_the_same_values() -> None:
    assert set(LANGUAGES) == {"en", "ru"}
    english, russian = LANGUAGES["en"].phrases, LANGUAGES["ru"].phrases
    assert set(english) == set(russian)
    for key, phrase in english.items():
        names = re.findall(r"{(\w+)}", phrase)
        assert sorted(names) == sorted(re.findall(r"{(\w+)}", russian[key])), key
    assert LANGUAGES["en"].checked
    assert not LANGUAGES["ru"].checked


def test_every_phrase_is_used_and_every_one_used_is_there() -> None:
    source = "".join(
        path.read_text("utf-8")
        for path in Path(app.__file__).parent.rglob("*")
        if path.suffix in {".html", ".py"}
    )
    groups = {"use", "check", "coded", "kind_of", "scope", "near", "refusal", "refusal_hint"} | set(
        re.findall(r'code\(["\'](\w+)["\']', source)
    )
    said = set(re.findall(r'say\(["\'](\w+\.\w+)["\']', source))
    said |= {f"list.{name}" for name in ("state", "lang", "week", "use")}
    said |= {"alike.join", "alike.apart"}
    said |= {"item.withdrawn", "item.erased", "item.sealed", "item.damaged"}
    there = {key for key in LANGUAGES["en"].phrases if key.partition(".")[0] not in groups}
    assert said - {"state.times"} == there
    assert FOLDER.is_dir()


def opens_in(made: Made) -> int:
    """How often the ledgers of the case say that an item was opened."""
    ledgers = made.folder.glob("ledgers/*.ledger")
    return sum(path.read_bytes().count(b" open item=") for path in ledgers)


def test_no_word_is_shown_before_the_ledger_says_who_opened_it(window: Window, made: Made) -> None:
    path, before = f"/item/{made.items['story']}", opens_in(made)
    page = window.get(f"{path}?shown=9")
    assert "Before you read" in page
    assert "Мусхабов" not in page
    assert opens_in(made) == before
    assert window.ask("GET", f"{path}/open")[0] == 405
    assert window.ask("POST", f"{path}/open", {}, csrf="no")[0] == 403
    assert opens_in(made) == before
    assert window.post(f"{path}/open") == 303
    assert opens_in(made) == before + 1
    assert "Мусхабов" in window.get(f"{path}?shown=9")
    assert window.post(f"{path}/open") == 303
    assert opens_in(made) == before + 1, "once in a sitting"


def test_what_cannot_be_read_is_not_said_to_have_been_opened(window: Window, made: Made) -> None:
    before = opens_in(made)
    assert window.post(f"/item/{made.items['refused']}/open") == 303
    assert opens_in(made) == before


def test_a_reviewer_whose_acts_could_not_be_signed_is_shown_nothing(
    made: Made,
) -> None:
    clock = Clock()
    desk = Desk(made.folder, (made.identity,), clock=clock)
    desk.begin([ReviewerSecret("r1", seed("reviewer 1"), seed("another signer"))])
    window = window_for(desk, clock)
    _, _, headers = window.ask("POST", "/enter", {"token": window.entry.token})
    window.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
    window.read_all()
    path = f"/item/{made.items['story']}"
    assert window.ask("POST", f"{path}/open", {})[0] == 409
    assert "Мусхабов" not in window.get(f"{path}?shown=9")
    desk.lock()
