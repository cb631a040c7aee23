"""What an auditor finds of a site whose answers are as listed, but not what comes with them."""

from pathlib import Path

import pytest

from intake.code_manifest import PATH
from tests.audit.conftest import Audited, Change, Headers, serving
from tests.audit.test_site_check import audit, listed


def with_header(name: str, *values: str) -> Change:
    """Give a header these values, one line each, in place of what it had."""

    def changed(status: int, headers: Headers, content: bytes) -> tuple[int, Headers, bytes]:
        rest = [(n, v) for n, v in headers if n.lower() != name.lower()]
        return status, [*rest, *((name, v) for v in values)], content

    return changed


FORMS = ("/1 (en)", "/1 (ru)")
HTML = "text/html; charset=utf-8"
KEPT = f"n={'0f' * 20}"
STRICT = "HttpOnly; Path=/; SameSite=Strict"
COOKIE = "sets another cookie than the one of its token"
# The path that lies, how, and what is said of it.
HEADERS: list[tuple[str, Change, str]] = [
    *(
        (path, with_header(name, *values), phrase)
        for path in ("/", "/1", "/s/ru", "/roster.note", PATH)
        for name, honest, other in (
            ("Cache-Control", "no-store", "max-age=60"),
            ("Referrer-Policy", "no-referrer", "unsafe-url"),
        )
        for values, phrase in (
            ((), f"has 0 headers {name} in place of one"),
            ((honest, honest), f"has 2 headers {name} in place of one"),
            ((honest, other), f"has 2 headers {name} in place of one"),
            ((other,), f"has another {name} than {honest}"),
            ((f"{honest}, {other}",), f"has another {name} than {honest}"),
        )
    ),
    *(
        (path, with_header("Content-Type", *values), phrase)
        for path, honest, other in (
            ("/", HTML, "text/html; charset=utf-7"),
            ("/1", HTML, "application/xhtml+xml"),
            ("/ce", HTML, "text/html"),
            ("/s/en", HTML, "text/plain; charset=utf-8"),
            ("/offline-en.html", HTML, "application/octet-stream"),
            ("/roster.note", "text/plain; charset=utf-8", HTML),
            (PATH, "application/json", HTML),
        )
        for values, phrase in (
            ((), "has 0 headers Content-Type in place of one"),
            ((honest, honest), "has 2 headers Content-Type in place of one"),
            ((other,), f"has another Content-Type than {honest}"),
        )
    ),
    *(
        (path, with_header("Set-Cookie", f"{KEPT}; {STRICT}"), "sets a cookie")
        for path in ("/", "/en", "/ce", "/roster.note", "/offline-ru.html", PATH)
    ),
    *(
        (path, with_header("Set-Cookie", *values), phrase)
        for path in ("/1", "/s/en")
        for values, phrase in (
            ((f"{KEPT}; {STRICT}", f"m=1; {STRICT}"), "sets 2 cookies in place of one"),
            ((f"m={'0f' * 20}; {STRICT}",), COOKIE),
            ((f"{KEPT}0; {STRICT}",), COOKIE),
            ((f"{KEPT[:-1]}; {STRICT}",), COOKIE),
            ((f"{KEPT.upper()}; {STRICT}",), COOKIE),
            ((KEPT,), COOKIE),
            ((f"{KEPT}; Path=/; SameSite=Strict",), COOKIE),
            ((f"{KEPT}; HttpOnly; Path=/; SameSite=Lax",), COOKIE),
            ((f"{KEPT}; HttpOnly; Path=/s; SameSite=Strict",), COOKIE),
            ((f"{KEPT}; {STRICT}; Max-Age=31536000",), COOKIE),
            ((f"{KEPT}; {STRICT}; Domain=example.org",), COOKIE),
        )
    ),
]


def test_a_header_that_keeps_tells_or_marks_is_named_on_every_answer(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kept on a disk, told to another site, read as something else, or known again."""
    manifest = audited.write()
    lies: dict[str, list[tuple[Change, str]]] = {}
    for path, change, phrase in HEADERS:
        lies.setdefault(path, []).append((change, phrase))
    while lies:
        # One lie of each answer at once, since each is judged alone.
        now = {path: waiting.pop() for path, waiting in lies.items()}
        audited.change = {path: change for path, (change, _) in now.items()}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert sorted(out) == sorted(
            f"{what}: {phrase}"
            for path, (_, phrase) in now.items()
            for what in (FORMS if path == "/1" else (path,))
        )
        lies = {path: waiting for path, waiting in lies.items() if waiting}
    script = next(path for path in listed(audited).files if path.startswith("/seal-"))
    audited.change = {script: with_header("Content-Type", "text/plain; charset=utf-8")}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == [f"{script}: has another Content-Type than text/javascript; charset=utf-8"]
    audited.change = {PATH: with_header("Cache-Control", "public")}
    out, _ = audit(capsys, audited.url, code=1)
    assert out == [f"{PATH}: has another Cache-Control than no-store"]


@pytest.mark.parametrize("value", [STRICT, "SameSite=Strict; Path=/; HttpOnly"])
def test_the_cookie_of_the_token_is_none_of_these(
    audited: Audited, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    """In whatever order a server writes what is behind it, and set once more or not."""
    manifest = audited.write()
    for path in ("/1", "/s/en"):
        audited.change = {path: with_header("Set-Cookie", f"{KEPT}; {value}")}
        audit(capsys, audited.url, "--manifest", manifest, code=0)


def test_a_site_with_the_longer_form_passes_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its words are JSON, and are asked for and judged as that."""
    with serving(tmp_path, form="guided") as audited:
        manifest = audited.write()
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=0)
        assert "11 files, 2 form pages and 8 other pages are as listed" in out[0]
        words = next(path for path in listed(audited).files if path.endswith(".json"))
        audited.change = {words: with_header("Content-Type", "application/json")}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert out == [f"{words}: has another Content-Type than application/json; charset=utf-8"]
