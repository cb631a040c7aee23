"""Compares what a site gives with its manifest: every file and page listed, and their headers.

It never sends anything but the choice of a language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.audit.asking import FETCHED, FOLLOWED, SCRIPT, TYPED
from intake.code_manifest import (
    PATH,
    WITH_TOKEN,
    CodeManifest,
    digest_of,
    listed_part,
    without_padding,
    without_token,
)
from intake.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intake.audit.asking import Kind, Visitor
    from intake.reaching import Answer

TITLE: Final = "testimony-intake/site-check/v1"  # of its JSON
_OK: Final = 200
_POLICY: Final = "Content-Security-Policy"
_ONE: Final = (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"))
_HTML: Final = "text/html; charset=utf-8"
_TYPES: Final = {
    ".html": _HTML,
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".note": "text/plain; charset=utf-8",
}
_NONCE: Final = re.compile(r"n=[0-9a-f]{40}", re.ASCII)
_KEPT_IN: Final = ["HttpOnly", "Path=/", "SameSite=Strict"]  # in any order
_FORM: Final = "/1"
_UNWANTED: Final = (
    *("Link", "Refresh", "Content-Security-Policy-Report-Only", "Speculation-Rules"),
    # These send a browser to another server, or have it report to one.
    *("Alt-Svc", "Onion-Location", "Reporting-Endpoints", "Report-To", "NEL"),
)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as listed: what was asked for, and a phrase.

    `offset` is the first byte that differs, where there is a copy to compare with.
    """

    what: str
    phrase: str
    offset: int | None = None

    def __str__(self) -> str:
        where = "" if self.offset is None else f", first at byte {self.offset}"
        return f"{self.what}: {self.phrase}{where}"


@dataclass(frozen=True)
class Reference:
    """What a site should give: a manifest, and copies of what it lists, by path, where known."""

    manifest: CodeManifest
    copies: Mapping[str, bytes]
    own: bool  # whether it came from the site itself

    @classmethod
    def of_site(cls, visitor: Visitor) -> Reference:
        """Take the site's own manifest; raises `MalformedError` where it gives none."""
        answer = visitor.get(PATH, TYPED)
        if answer.status != _OK:
            raise MalformedError(
                f"the site has no manifest: it answers with {answer.status}",
                "give one that was got another way with --manifest",
            )
        return cls(CodeManifest.parse(answer.body), {}, own=True)


def form_path(lang: str) -> str:
    """How findings and copies name the empty form page of a language."""
    return f"{_FORM} ({lang})"


def check_site(visitor: Visitor, reference: Reference) -> Iterator[Finding]:
    """Fetch everything and compare; raises `UnreachableError`.

    1. the landing page, and the form page of each language as its Start button asks for it;
    2. the other pages, as a link leads to them;
    3. every file listed: scripts first and in the way that a page asks for them;
    4. the site's own manifest: last, for no other visitor asks for it.

    Every answer must carry the one policy of the manifest, have a browser keep nothing and tell no
    other site of it, and be of its kind. Only pages with a token may set a cookie, that of theirs.
    """
    manifest = reference.manifest
    # (1)
    landing = visitor.get("/", TYPED)
    yield from _compare("/", landing, landing.body, manifest.pages["/"], reference)
    for lang in sorted(manifest.forms):
        answer = visitor.post(_FORM, f"lang={lang}".encode())
        page = without_padding(without_token(answer.body))
        yield from _compare(form_path(lang), answer, page, manifest.forms[lang], reference)
    # (2)
    for path in sorted(manifest.pages.keys() - {"/"}):
        answer = visitor.get(path, FOLLOWED)
        page = listed_part(path, answer.body)
        yield from _compare(path, answer, page, manifest.pages[path], reference)
    # (3)
    for path in sorted(manifest.files, key=_order):
        answer = visitor.get(path, _kind(path))
        yield from _compare(path, answer, answer.body, manifest.files[path], reference)
    # (4)
    answer = visitor.get(PATH, TYPED)
    listed = digest_of(manifest.to_bytes())
    yield from _compare(PATH, answer, answer.body, listed, reference)


def first_difference(one: bytes, other: bytes) -> int:
    """The first byte, from 0, at which two texts that are not equal differ."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _compare(
    what: str, answer: Answer, content: bytes, digest: str, reference: Reference
) -> Iterator[Finding]:
    if answer.status != _OK:
        yield Finding(what, f"is not given: the site answers with {answer.status}")
        return
    yield from _check_headers(what, answer, reference.manifest)
    if digest_of(content) != digest:
        copy = reference.copies.get(what)
        known = copy is not None and digest_of(copy) == digest
        offset = first_difference(copy, content) if copy is not None and known else None
        yield Finding(what, "is not what the manifest lists", offset)


def _check_headers(what: str, answer: Answer, manifest: CodeManifest) -> Iterator[Finding]:
    policies = answer.values(_POLICY)
    if len(policies) != 1:
        yield Finding(what, f"has {len(policies)} policies in place of one")
    elif policies[0] != manifest.policy:
        yield Finding(what, "has another policy", first_difference(*_bytes(manifest, policies[0])))
    for name, wanted in (*_ONE, ("Content-Type", _type_of(what))):
        values = answer.values(name)
        if len(values) != 1:
            yield Finding(what, f"has {len(values)} headers {name} in place of one")
        elif values[0] != wanted:
            yield Finding(what, f"has another {name} than {wanted}")
    for name in _UNWANTED:
        if answer.values(name):
            yield Finding(what, f"has a header {name}")
    yield from _check_cookies(what, answer.values("Set-Cookie"))


def _check_cookies(what: str, cookies: list[str]) -> Iterator[Finding]:
    if cookies and not what.startswith((f"{_FORM} ", *WITH_TOKEN)):
        yield Finding(what, "sets a cookie")
    elif len(cookies) > 1:
        yield Finding(what, f"sets {len(cookies)} cookies in place of one")
    elif cookies:
        nonce, *attributes = cookies[0].split("; ")
        if not _NONCE.fullmatch(nonce) or sorted(attributes) != _KEPT_IN:
            yield Finding(what, "sets another cookie than the one of its token")


def _type_of(what: str) -> str:
    """The Content-Type of an answer; what is no file and not the manifest is a page."""
    if what == PATH:
        return "application/json"
    return next((kind for ending, kind in _TYPES.items() if what.endswith(ending)), _HTML)


def _bytes(manifest: CodeManifest, policy: str) -> tuple[bytes, bytes]:
    return manifest.policy.encode(), policy.encode(errors="replace")


def _kind(path: str) -> Kind:
    if path.endswith(".js") and not path.startswith("/stretch-"):
        return SCRIPT
    return FOLLOWED if path.endswith(".html") else FETCHED


def _order(path: str) -> tuple[int, str]:
    """Where a browser would ask for it: the scripts as the page names them, then what they fetch."""
    starts = (
        "/leave-",
        "/roots-",
        "/phrases-",
        "/seal-",
        "/roster",
        "/form-",
        "/words-",
        "/stretch-",
    )
    found = [n for n, start in enumerate(starts) if path.startswith(start)]
    return (found or [len(starts)])[0], path
