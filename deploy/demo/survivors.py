"""Three people who write: two without script, by the form's own HTML, one in a real browser."""

import http.client
import re
import shutil
import time
from dataclasses import dataclass
from importlib.resources import files

from deploy.demo.roles import DemoError
from tests.web.follow import Page, Visitor, over_http

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Story:
    """One testimony: its text's file, the language of the form, and the answers beside the text."""

    file: str
    lang: str
    relation: str
    agreed: tuple[str, ...]
    when: str
    where: str
    marks: tuple[str, ...]  # what a reviewer would take out, each with its reason

    @property
    def text(self) -> str:
        """What the person writes."""
        source = files("deploy.demo").joinpath("texts", self.file)
        return source.read_text(encoding="utf-8").strip()


STORIES = (
    Story(
        "english.txt",
        "en",
        "r.self",
        ("stats", "publish", "investigators", "message"),
        "spring 2017",
        "a cellar",
        (
            "Ruslan Dadaev=person",
            "Beslan=person",
            "Isa=person",
            "Zavodskaya Street 14=place",
            "A 417 KX 95=number",
        ),
    ),
    Story(
        "russian-palochka.txt",
        "ru",
        "r.witness",
        ("stats",),
        "март 2017",
        "Аргун",
        (
            "Iумар=person",
            "Ӏабдулла=person",
            "1абдурахьман=person",
            "Мохьмад-Ӏела Таймасханов=person",
            "Белгӏатой=family",
            "lалихан=person",
            "Хьусайн=person",
            "|иса=person",
            "Гехи=place",
            "Аргун=place",
            "В 208 ОТ 95=number",
        ),
    ),
)
WITH_SCRIPT = Story(
    "russian-script.txt",
    "ru",
    "r.self",
    ("publish", "investigators", "courts"),
    "апрель 2017",
    "подвал",
    (
        "Артур=person",
        "Магомедовым=person",
        "Тимур=person",
        "«Лаванда» на улице Садовой, дом 9=place",
    ),
)

_START = {"en": "Start", "ru": "Начать"}
_CONTINUE = {"en": "Continue", "ru": "Продолжить"}
_SEND = {"en": "Send", "ru": "Отправить"}
_SENT = {"en": "It has been sent", "ru": "Отправлено"}
_OPEN = {"en": "Open", "ru": "Открыть"}
_WITHDRAW = {
    "en": ("Withdraw it", "Withdraw", "It is withdrawn."),
    "ru": ("Отозвать", "Отозвать", "Отозвано."),
}


def wait_for(port: int, seconds: float = 20) -> None:
    """Wait until the form answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise DemoError("the form does not answer")


def write_without_script(port: int, story: Story) -> str:
    """Read the pages, fill the form in, check, send; returns the code that is shown."""
    visitor = Visitor(over_http(port))
    landing = visitor.get(f"/{story.lang}")
    form = visitor.press(landing, _START[story.lang])
    check = visitor.press(
        form,
        _CONTINUE[story.lang],
        {
            "narrative": story.text,
            "relation": story.relation,
            "aware": "yes",
            "when_text": story.when,
            "where_text": story.where,
            "consent": list(story.agreed),
        },
    )
    sent = visitor.press(check, _SEND[story.lang])
    if _SENT[story.lang] not in sent.words:
        raise DemoError(f"{story.file} was not sent")
    code = re.search(r'class="code"[^>]*>(?:<bdi[^>]*>)?([a-z -]+)<', sent.html)
    if code is None:
        raise DemoError("the sent page shows no code")
    return code[1]


def come_back(port: int, lang: str, code: str) -> tuple[Visitor, Page]:
    """Type a code, without script; returns who came and the page that it opens."""
    visitor = Visitor(over_http(port))
    return visitor, visitor.press(visitor.get(f"/r/{lang}"), _OPEN[lang], {"code": code})


def withdraw_all(port: int, lang: str, code: str) -> None:
    """Come back and take everything back that was sent with a code."""
    visitor, opened = come_back(port, lang, code)
    asked = visitor.press(opened, _WITHDRAW[lang][0])
    done = visitor.press(asked, _WITHDRAW[lang][1])
    if _WITHDRAW[lang][2] not in done.words:
        raise DemoError("it was not withdrawn")


def has_browser() -> bool:
    """Whether Chromium is installed here."""
    return shutil.which("chromium") is not None


def write_with_script(port: int, story: Story) -> list[bytes]:
    """The same in headless Chromium; returns every request body that left the browser."""
    from playwright.sync_api import sync_playwright

    bodies: list[bytes] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
        )
        page = browser.new_page()
        page.on("request", lambda request: bodies.append(request.post_data_buffer or b""))
        page.goto(f"http://127.0.0.1:{port}/{story.lang}")
        page.get_by_role("button", name=_START[story.lang]).click()
        page.locator("[name=narrative]").fill(story.text)
        page.locator(f"[name=relation][value='{story.relation}']").check()
        page.locator("[name=when_text]").fill(story.when)
        page.locator("[name=where_text]").fill(story.where)
        for level in story.agreed:
            page.locator(f"[name=consent][value={level}]").check()
        page.locator("#continue").click()
        page.locator("#send").click()
        page.get_by_role("heading", name=_SENT[story.lang]).wait_for()
        browser.close()
    if any(story.text[:40].encode() in body for body in bodies):
        raise DemoError("words left the browser unsealed")
    return bodies
