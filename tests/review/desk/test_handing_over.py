"""The token is good once, for the file's own page, and stands nowhere but in that file."""

import html
import re
import stat
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest

from intake.review.desk.gate import Pass
from intake.review.desk.handing_over import Letter, page
from tests.review.desk.conftest import AUTHORITY, Window

CROSS = {"Sec-Fetch-Site": "cross-site", "Origin": "null"}


def test_the_token_is_given_a_strict_cookie_once(fresh: Window) -> None:
    token = fresh.entry.token
    status, _, headers = fresh.ask("POST", "/enter", {"token": token}, **CROSS)
    assert status == 200
    cookie, *attributes = headers["Set-Cookie"].split("; ")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    assert fresh.ask("GET", "/", Cookie=cookie)[0] == 200
    status, _, headers = fresh.ask("POST", "/enter", {"token": token}, **CROSS)
    assert status == 403
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("token", ["", "x", "None", "\u00e9"])
def test_nothing_but_the_token_opens(fresh: Window, token: str) -> None:
    status, _, headers = fresh.ask("POST", "/enter", {"token": token}, **CROSS)
    assert status == 403
    assert "Set-Cookie" not in headers
    assert fresh.ask("POST", "/enter", {"token": fresh.entry.token}, **CROSS)[0] == 200


def test_before_the_token_was_used_no_cookie_is_good(fresh: Window) -> None:
    cookie = f"desk={fresh.entry.cookie}"
    assert fresh.ask("GET", "/", Cookie=cookie)[0] == 403
    assert fresh.entry.enter(str(fresh.entry.token))
    assert fresh.ask("GET", "/", Cookie=cookie)[0] == 200


@pytest.mark.parametrize("token", ["", "None", "the token"])
def test_a_token_whose_time_is_over_opens_nothing(fresh: Window, token: str) -> None:
    token = str(fresh.entry.token) if token == "the token" else token
    fresh.entry.expire()
    assert fresh.ask("POST", "/enter", {"token": token}, **CROSS)[0] == 403
    assert fresh.ask("GET", "/", Cookie=f"desk={fresh.entry.cookie}")[0] == 403


@pytest.mark.parametrize("headers", [{"Origin": "http://x.example"}, {"Host": "localhost"}])
def test_another_site_cannot_hand_over(fresh: Window, headers: dict[str, str]) -> None:
    given = {**CROSS, **headers}
    assert fresh.ask("POST", "/enter", {"token": fresh.entry.token}, **given)[0] in {403, 421}
    assert fresh.entry.token is not None


def test_nobody_asks_for_the_entrance_with_get(fresh: Window) -> None:
    assert fresh.ask("GET", f"/enter?token={fresh.entry.token}", **CROSS)[0] == 403
    assert fresh.entry.token is not None


def test_secrets_are_long_and_of_one_run() -> None:
    one, other = Pass(), Pass()
    values = [one.token, one.cookie, one.csrf, other.token, other.cookie, other.csrf]
    assert len(set(values)) == 6
    assert all(len(str(value)) == 43 for value in values)


def test_the_letter_is_this_users_alone_and_gone_when_removed(tmp_path: Path) -> None:
    letter = Letter(tmp_path, AUTHORITY, "secret")
    assert stat.S_IMODE(letter.path.stat().st_mode) == 0o600
    assert b"secret" in letter.path.read_bytes()
    letter.remove()
    letter.remove()
    assert list(tmp_path.iterdir()) == []


def test_the_letter_never_follows_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "enter.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        Letter(tmp_path, AUTHORITY, "secret")
    assert not (tmp_path / "elsewhere").exists()


def test_the_letter_may_do_nothing_but_post_itself() -> None:
    text = page(AUTHORITY, "tok").decode()
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', text)[0])
    script = re.findall(r"<script>(.*?)</script>", text)[0]
    digest = re.findall(r"'sha256-([^']+)'", policy)[0]
    assert b64decode(digest) == sha256(script.encode()).digest()
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.endswith(f"form-action http://{AUTHORITY}/enter")
    assert "<button>" in text
