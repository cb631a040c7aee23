"""The gate refuses whatever is not the desk's own window; each refusal beside what is let through."""

import pytest

from intake.review.desk.gate import BODY_LIMIT, COOKIE, HEADERS
from tests.review.desk.conftest import AUTHORITY, STORY, Made, Window

OURS = f"http://{AUTHORITY}"
EVERY = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": (
        "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=()"
    ),
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/static/desk.css", 200),
        ("GET", "/static/desk.js", 200),
        ("GET", "/state", 200),
        ("GET", "/nothing", 404),
        ("GET", "/static/../app.py", 404),
        ("PUT", "/", 405),
    ],
)
def test_every_answer_has_every_header(window: Window, method: str, path: str, status: int) -> None:
    got, _, headers = window.ask(method, path)
    assert got == status
    assert {name: headers.get(name) for name in EVERY} == EVERY
    assert len(EVERY) == len(HEADERS)


REFUSED: list[tuple[str, dict[str, str | None], int]] = [
    ("a name that leads here", {"Host": "localhost:6543"}, 421),
    ("another port", {"Host": "127.9.8.7:6544"}, 421),
    ("the address without its port", {"Host": "127.9.8.7"}, 421),
    ("no host", {"Host": None}, 421),
    ("two hosts", {"Host": f"{AUTHORITY},{AUTHORITY}"}, 421),
    ("another site", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("another port of this machine", {"Sec-Fetch-Site": "same-site"}, 403),
    ("no browser", {"Sec-Fetch-Site": None}, 403),
    ("another origin", {"Origin": "http://127.9.8.7:80"}, 403),
    ("an origin without a name", {"Origin": "null"}, 403),
    ("no cookie", {"Cookie": None}, 403),
    ("another cookie", {"Cookie": f"{COOKIE}=AAAA"}, 403),
    ("an empty cookie", {"Cookie": f"{COOKIE}="}, 403),
    ("a cookie that is none", {"Cookie": "\x01=;;"}, 403),
    ("a body where none belongs", {"Content-Length": "5"}, 400),
    ("a body in chunks", {"Transfer-Encoding": "chunked"}, 400),
]


@pytest.mark.parametrize(
    ("headers", "status"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_not_our_window_gets_one_short_page(
    window: Window, made: Made, headers: dict[str, str | None], status: int
) -> None:
    """The twin is the same request without that fault."""
    path = f"/item/{made.items['story']}?shown=9"
    assert window.post(f"/item/{made.items['story']}/open") == 303
    assert "Мусхабов" in window.get(path)
    got, page, given = window.ask("GET", path, **headers)
    assert got == status
    assert len(page) < 200
    assert "Set-Cookie" not in given
    assert not any(word in page for word in [*STORY.split(), *made.items.values()])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "get"])
def test_only_two_methods_are_known(window: Window, method: str) -> None:
    assert window.ask(method, "/")[0] == 405


@pytest.mark.parametrize("site", ["same-origin", "none"])
@pytest.mark.parametrize("origin", [OURS, None])
def test_our_window_is_let_through(window: Window, site: str, origin: str | None) -> None:
    assert window.ask("GET", "/", **{"Sec-Fetch-Site": site, "Origin": origin})[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(BODY_LIMIT + 1)}, 413),
        ({"Content-Length": "1e3"}, 411),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": None}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded;charset=utf-16"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "application/json"}, 415),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_form_that_is_none_of_ours_does_nothing(
    window: Window, headers: dict[str, str | None], status: int
) -> None:
    assert window.ask("POST", "/lock", {}, **headers)[0] == status
    assert window.desk.sitting is not None
    assert window.ask("POST", "/lock", {})[0] == 303
    assert window.desk.sitting is None


@pytest.mark.parametrize("path", ["/view", "/lock", "/close", "/language", "/here", "/unlock"])
@pytest.mark.parametrize("csrf", ["", "x", "not-the-one-of-this-window"])
def test_no_form_counts_without_the_value_of_our_pages(
    window: Window, path: str, csrf: str
) -> None:
    status, page, _ = window.ask("POST", path, {"csrf": csrf, "tag": "ru"}, csrf=csrf or "no")
    assert status == 403
    assert 'lang="en"' in page
    assert window.desk.sitting is not None
    assert not window.closed


def test_the_value_of_our_forms_stands_in_every_page(window: Window) -> None:
    assert window.entry.csrf in window.get("/")
    assert window.post("/lock") == 303
    assert window.entry.csrf in window.ask("GET", "/")[1]
