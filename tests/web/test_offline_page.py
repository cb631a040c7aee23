"""The offline page: one file with everything in it, made of the form page, allowed nothing else."""

import datetime as dt
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

from intake.codename import wordlist
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.seal import MAX_AGE
from intake.web.offline_page import OfflinePages
from intake.web.public_files import STRETCH_FILE, PublicFiles, Script
from intake.web.site import today_in_utc
from tests.panel import sign
from tests.web.conftest import SCRIPT, World

LAST_DAYS = Path(__file__).parents[1] / "vectors" / "offline" / "last_day.json"


def offline(world: World, lang: str = "ru") -> str:
    return world.visitor().get(f"/offline-{lang}.html").html


def policy(page: str) -> dict[str, list[str]]:
    found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert len(found) == 1
    rows = (row.split(" ") for row in unescape(found[0]).split("; "))
    return {row[0]: row[1:] for row in rows}


def hashed(texts: list[str]) -> list[str]:
    return [f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in texts]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_its_policy_allows_just_what_stands_in_it(world: World, lang: str) -> None:
    """Nothing is fetched, sent or run from anywhere; the policy comes before all that it rules."""
    page = offline(world, lang)
    rules = policy(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert rules.pop("script-src") == hashed(scripts)
    assert rules.pop("style-src") == hashed(styles)
    roots, phrases, script = scripts
    assert roots.startswith("globalThis.intakeRoots = ")
    assert phrases.startswith("globalThis.intakePhrases = ")
    assert script.encode() == SCRIPT
    assert rules == {
        "default-src": ["'none'"],
        "img-src": ["data:"],
        "form-action": ["'none'"],
        "base-uri": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["stretch"],
        "worker-src": ["blob:"],
    }
    before = page[: page.index("<meta http-equiv")]
    assert before.endswith('<head>\n<meta charset="utf-8">\n')


def test_it_has_the_words_of_codes_and_what_stretches_one_as_data(world: World) -> None:
    """They stand in it as they are served, and neither is a script of the page."""
    page = offline(world)
    data = re.findall(r'<script type="([a-z/]+)" id="([a-z]+)">(.*?)</script>', page, re.DOTALL)
    (words, stretch) = data
    assert words[:2] == ("application/json", "words")
    assert json.loads(words[2]) == list(wordlist())
    assert stretch == ("text/plain", "stretch", STRETCH_FILE.read_text("utf-8"))


@pytest.mark.parametrize("end", ["</script>", "</SCRIPT", "<!--"])
def test_it_is_not_made_of_a_script_that_would_end_within_it(
    world: World, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    pages = world.app.extensions["intake.manifest"].offline
    content = f'const end = "{end}";\n'.encode()
    monkeypatch.setattr(pages._files, "stretch", Script.of("stretch", content))
    pages._made.clear()
    assert world.visitor().get("/offline-ru.html").status == 500


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_it_names_nothing_outside_of_itself(world: World, lang: str) -> None:
    """No link, script or picture of any site; the way out leads to an empty page."""
    page = world.visitor().get(f"/offline-{lang}.html")
    assert page.lang == lang
    for tag, attrs in page.tags:
        assert "src" not in attrs, tag
        assert "data-switch" not in attrs, tag
        if "href" in attrs:
            assert re.fullmatch(r"#[a-z_0-9-]+|data:,|about:blank", attrs["href"]), attrs
    assert [a["href"] for t, a in page.tags if t == "a" and "x" in a.get("class", "").split()]
    assert not [a for t, a in page.tags if t == "button" and "formaction" in a]


def test_it_holds_the_roster_and_the_roots_and_says_until_when(world: World) -> None:
    page = offline(world)
    signed = world.site.current()
    (note,) = re.findall(r'<template id="offline-roster">(.*?)</template>', page, re.DOTALL)
    assert unescape(note).encode() == signed.to_bytes()
    assert f">{signed.roster.expires}<" in page
    for key in world.site.roots().keys:
        assert str(key) in page


def test_whoever_has_script_off_is_told_that_nothing_works_here(world: World) -> None:
    """No word of a server that would seal, and no button that would send."""
    page = offline(world)
    (inside,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert "а они выключены" in inside
    assert "До этого сервер мог бы его прочитать" not in page
    assert 'name="csrf_token" value=""' in page


def test_it_is_saved_and_never_shown_by_the_site(world: World) -> None:
    answer = world.visitor().get("/offline-en.html")
    assert answer.header("Content-Disposition") == 'attachment; filename="form-en.html"'
    assert answer.header("Content-Type") == "text/html; charset=utf-8"
    assert world.visitor().get("/offline-de.html").status == 404
    assert any(a.get("href") == "/offline-en.html" for a in world.visitor().get("/s/en").links)


def test_it_is_the_same_for_everyone_and_follows_the_roster(world: World) -> None:
    one, other = offline(world), offline(world)
    assert one == other
    old = world.site.current().roster
    expires = old.expires.replace(year=2099)
    newer = replace(old, version=2, previous=old.digest, expires=expires)
    world.site.publish(sign(newer), None, today_in_utc())
    assert str(expires) in offline(world)


def test_it_asks_the_one_page_of_questions_whatever_the_site_asks(
    make_world: Callable[..., World],
) -> None:
    """A form of many pages needs a file beside it, which no disk has."""
    page = offline(make_world(form="guided"))
    assert 'data-form="minimal"' in page
    assert "data-words" not in page
    assert page.count('name="consent"') >= 4


def test_a_script_that_would_end_its_own_element_is_refused(world: World) -> None:
    """Rather no page than one that runs something else than was hashed."""
    for bad in (b'"</script>"', b"'<!--'", b"</SCRIPT"):
        files = PublicFiles(world.site, bad)
        made = OfflinePages(world.site.settings, files, lambda _lang: EMPTY.encode())
        with world.app.test_request_context("/"), pytest.raises(MalformedError, match="script"):
            made.page("ru")


EMPTY = '<meta charset="utf-8">\n<form id="form"></form></body>'


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<meta charset="utf-8">\n</body>',
        "<form></form>",
        EMPTY.replace("<form", '<meta charset="utf-8">\n<form', 1),
        EMPTY.replace("</form>", '</form><form id="form"></form>'),
        EMPTY + "</body>",
    ],
)
def test_a_form_page_of_another_shape_is_refused(world: World, html: str) -> None:
    """A change of the form's template that this page does not know is seen at once."""
    files = PublicFiles(world.site, SCRIPT)
    made = OfflinePages(world.site.settings, files, lambda _lang: html.encode())
    with world.app.test_request_context("/"), pytest.raises(MalformedError, match="another shape"):
        made.page("ru")


@pytest.mark.parametrize("row", json.loads(LAST_DAYS.read_text("ascii")), ids=str)
def test_the_day_that_it_says_is_the_last_on_which_its_letter_is_taken(
    world: World, row: dict[str, str]
) -> None:
    """By the server's own rules for the roster and for the week: that day yes, the next no."""
    sealed, expires, last = (dt.date.fromisoformat(row[k]) for k in ("sealed", "expires", "last"))
    roster = replace(world.site.current().roster, issued=sealed, expires=expires)

    def taken(day: dt.date) -> bool:
        age = Epoch.of(day).number - Epoch.of(sealed).number
        return roster.accepts_objects(day) and 0 <= age <= MAX_AGE[Mode.TOOL]

    assert taken(last)
    assert not taken(last + dt.timedelta(days=1))
