"""The list of what a site gives browsers: one spelling, and nothing in it leads elsewhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.code_manifest import (
    FILES_LIMIT,
    LIMIT,
    CodeManifest,
    digest_of,
    listed_part,
    page_name,
    without_padding,
    without_token,
)
from intake.errors import MalformedError
from intake.web.padding import pad

DIGEST = digest_of(b"")
GOOD = CodeManifest(
    "test-abcdefgh",
    "default-src 'none'; script-src 'self'",
    {"/seal-0123.js": DIGEST, "/roster.note": digest_of(b"x")},
    {"ru": DIGEST, "en": DIGEST},
    dict.fromkeys(("/", "/ru", "/en", "/s/ru", "/s/en", "/r/ru", "/r/en"), DIGEST),
)


def test_it_is_written_as_the_format_says() -> None:
    """Sorted, two spaces, LF: what a partner prints can be compared by eye."""
    assert GOOD.to_bytes().decode() == (
        "{\n"
        '  "app": "testimony-intake",\n'
        "  \"default_csp\": \"default-src 'none'; script-src 'self'\",\n"
        '  "deployment": "test-abcdefgh",\n'
        '  "extra_csp": {},\n'
        '  "files": {\n'
        '    "/roster.note": "LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE",\n'
        '    "/seal-0123.js": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"\n'
        "  },\n"
        '  "forms": {\n'
        '    "en": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "ru": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"\n'
        "  },\n"
        '  "pages": {\n'
        '    "/": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "/en": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "/r/en": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "/r/ru": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "/ru": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "/s/en": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",\n'
        '    "/s/ru": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"\n'
        "  },\n"
        '  "v": 1,\n'
        '  "wasm": []\n'
        "}\n"
    )
    assert CodeManifest.parse(GOOD.to_bytes()) == GOOD


@given(content=st.binary())
def test_a_digest_is_sha256_without_padding(content: bytes) -> None:
    """As WEBCAT writes one, so that both can be compared."""
    digest = digest_of(content)
    assert len(digest) == 43
    hexed = sha256(content).hexdigest()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number = 0
    for letter in digest:
        number = number * 64 + alphabet.index(letter)
    assert f"{number >> 2:064x}" == hexed


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another version": lambda m: m.update(v=2),
    "another application": lambda m: m.update(app="x"),
    "another key": lambda m: m.update(x=1),
    "no files": lambda m: m.update(files={}),
    "no forms": lambda m: m.update(forms={}),
    "no pages": lambda m: m.update(pages={}),
    "pages that are not spoken of": lambda m: m.pop("pages"),
    "pages as a list": lambda m: m.update(pages=[]),
    "no landing page": lambda m: m["pages"].pop("/"),
    "no landing page in a language": lambda m: m["pages"].pop("/en"),
    "no page for letters in a language": lambda m: m["pages"].pop("/s/ru"),
    "no page for a code in a language": lambda m: m["pages"].pop("/r/ru"),
    "a short digest of a page": lambda m: m["pages"].update({"/": DIGEST[1:]}),
    "too many pages": lambda m: m["pages"].update(
        {f"/{chr(97 + n // 26)}{chr(97 + n % 26)}": DIGEST for n in range(FILES_LIMIT)}
    ),
    "files as a list": lambda m: m.update(files=[]),
    "no policy": lambda m: m.pop("default_csp"),
    "two policies": lambda m: m.update(default_csp="default-src 'none', script-src 'self'"),
    "a policy on two lines": lambda m: m.update(default_csp="default-src 'none'\n"),
    "a number": lambda m: m.update(deployment=1),
    "no deployment's name": lambda m: m.update(deployment="x"),
    "code that is not checked": lambda m: m.update(wasm=[DIGEST]),
    "a policy for some paths": lambda m: m.update(extra_csp={"/": "x"}),
    "a short digest": lambda m: m["files"].update({"/x.js": DIGEST[1:]}),
    "a digest in base64": lambda m: m["files"].update({"/x.js": DIGEST.replace("-", "+")}),
    "a language that is a path": lambda m: m["forms"].update({"en/..": DIGEST}),
    "too many": lambda m: m["files"].update({f"/{n}.js": DIGEST for n in range(FILES_LIMIT)}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_another_shape_is_refused(what: str) -> None:
    """An auditor compares with a whole list, or with none."""
    value = json.loads(GOOD.to_bytes())
    CHANGES[what](value)
    data = (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()
    with pytest.raises(MalformedError):
        CodeManifest.parse(data)


@pytest.mark.parametrize(
    "path",
    [
        "x.js",
        "//evil.org/x.js",
        "/../x",
        "/a/b.js",
        "/x?y",
        "/x#y",
        "/",
        "/x\n",
        "/.x",
        "/х.js",
        "",
        "/x",
        "/x.exe",
        "/xjs",
        "/.js",
        f"/{'x' * 101}.js",
    ],
)
def test_no_path_leads_elsewhere(path: str) -> None:
    """A list that a site gives of itself sends its reader to no other place."""
    with pytest.raises(MalformedError):
        replace(GOOD, files={path: DIGEST})


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "//",
            "/s",
            "/s/",
            "/r",
            "/r/",
            "/r/r/en",
            "/n",
            "/x",
            "/1",
            "/epoch",
            "/EN",
            "/e1",
            "/ен",
            "/en/",
            "/en\n",
        ),
        *(
            "/../en",
            "/s//en",
            "//en",
            "/t/en",
            "/s/s/en",
            "s/en",
            "/s/epoch",
            "/en?x",
            "http://a/en",
        ),
        "/roster.note",
    ],
)
def test_no_path_of_a_page_is_anything_but_a_page(path: str) -> None:
    """An auditor that asks for what is listed leaves by no exit, and goes to no other place."""
    assert replace(GOOD, pages={**GOOD.pages, "/ce": DIGEST}).pages["/ce"] == DIGEST
    with pytest.raises(MalformedError):
        replace(GOOD, pages={**GOOD.pages, path: DIGEST})


def test_of_a_page_without_a_token_every_byte_counts() -> None:
    """Only the page that takes letters differs from visit to visit, and only by its token."""
    page = FIELD % b"abc" + b"</html>\n"
    assert listed_part("/s/en", page) == listed_part("/r/en", page) == FIELD % b"" + b"</html>"
    for path in ("/", "/en", "/ce"):
        assert listed_part(path, page) == page


def test_every_page_has_a_copy_of_its_own_name() -> None:
    """As docs/format.md 13 names them."""
    named = {
        "/": "page.html",
        "/ru": "page-ru.html",
        "/s/ru": "page-s-ru.html",
        "/r/ru": "page-r-ru.html",
    }
    assert {path: page_name(path) for path in named} == named


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        GOOD.to_bytes()[:-1],
        GOOD.to_bytes() + b" ",
        GOOD.to_bytes().replace(b"\n", b"\r\n"),
        GOOD.to_bytes().replace(b'"v": 1', b'"v": 1, "v": 1'),
        GOOD.to_bytes().replace(b'"v": 1', b'"v": NaN'),
        b" " * (LIMIT + 1),
    ],
    ids=range(11),
)
def test_a_manifest_has_one_spelling(data: bytes) -> None:
    """Two lists that say the same have the same digest."""
    with pytest.raises(MalformedError):
        CodeManifest.parse(data)


FIELD = b'<input type="hidden" name="csrf_token" value="%s">'


def test_only_the_first_token_is_cut_out_and_only_a_token() -> None:
    """Anything else in its place is a difference that shows."""
    empty = FIELD % b""
    assert without_token(FIELD % b"Ij-x_.a.b") == empty
    assert without_token(empty) == empty
    two = FIELD % b"a" + FIELD % b"b"
    assert without_token(two) == empty + FIELD % b"b"
    for odd in (b"a b", b'a" onload="x', b"<p>", b"\xd0\xb0"):
        assert without_token(FIELD % odd) == FIELD % odd


@given(size=st.integers(0, 270_000))
def test_whatever_fills_a_page_up_is_cut_off(size: int) -> None:
    """The page of a small form and of a large one end at the same place."""
    page = b"x" * size + b"</html>"
    for end in (b"", b"\n"):
        assert without_padding(pad(page + end)) == page
        assert without_padding(page + end) == page


@pytest.mark.parametrize(
    "behind",
    [b"<!-- x -->", b"<!----><p>", b"<!-- --><!-- -->", b"\n" * 7 + b"x", b"<script>", b"<!-- "],
)
def test_whatever_else_stands_behind_a_page_stays(behind: bytes) -> None:
    """A browser would run it, so it must show."""
    page = b"</html>\n" + behind
    assert without_padding(page) == page
