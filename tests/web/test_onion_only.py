"""Who does not come by the onion address sees a warning, and nothing they send comes back."""

from collections.abc import Callable

import pytest

from tests.web.conftest import World
from tests.web.follow import Page

ADDRESS = "abcd.onion"
WARNING = "Вы открыли страницу не через Tor Browser."
MARKER = "a-planted-sentence-zqx"


@pytest.fixture
def strict(make_world: Callable[..., World]) -> World:
    return make_world(only_onion=True)


def ask(world: World, path: str, body: bytes = b"", **headers: str) -> Page:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    return world.visitor().ask("POST" if body else "GET", path, body, sent | kind)


@pytest.mark.parametrize("path", ["/", "/ru", "/1", "/s", "/roster.note", "/epoch", "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "abcd.onion.ws"},
        {"Host": "abcd.onion:80"},
        {"Host": "www.abcd.onion"},
        {"Host": "ABCD.onion"},
        {"Host": "127.0.0.1"},
        {"Host": ADDRESS, "X_Tor2Web": "1"},
        {"Host": ADDRESS, "x_tor2web_via": ""},
    ],
)
def test_only_the_warning_is_shown(strict: World, path: str, headers: dict[str, str]) -> None:
    page = ask(strict, path, **headers)
    assert page.status == 403
    assert WARNING in page.words
    assert page.forms == []
    assert not [link for link in page.links if link["href"] not in ("#main", "/x")]
    assert "<script" not in page.html


@pytest.mark.parametrize("path", ["/1", "/2", "/3", "/s"])
def test_what_is_sent_is_refused_and_not_given_back(strict: World, path: str) -> None:
    page = ask(strict, path, f"narrative={MARKER}".encode(), Host="abcd.onion.ws")
    assert page.status == 403
    assert WARNING in page.words
    assert MARKER not in page.html
    assert strict.kept() == []


def test_the_onion_address_shows_everything(strict: World) -> None:
    for path in ("/", "/1", "/s", "/roster.note"):
        assert ask(strict, path, Host=ADDRESS).status == 200


def test_the_way_out_is_open_to_everyone(strict: World) -> None:
    assert ask(strict, "/x", Host="elsewhere").header("Location") == "/n"
    assert ask(strict, "/n", Host="elsewhere").status == 200


def test_without_the_setting_any_address_shows_the_form(world: World) -> None:
    assert ask(world, "/1", Host="127.0.0.1").status == 200
