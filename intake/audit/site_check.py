"""Compares what a site gives with its manifest: every file, every form page, every policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.audit.asking import FETCHED, FOLLOWED, SCRIPT, TYPED
from intake.code_manifest import PATH, CodeManifest, digest_of, without_padding, without_token
from intake.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intake.audit.asking import Answer, Kind, Visitor

_OK: Final = 200
_POLICY: Final = "Content-Security-Policy"
_UNWANTED: Final = ("Link", "Refresh", "Content-Security-Policy-Report-Only")


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
    return f"/1 ({lang})"


def check_site(visitor: Visitor, reference: Reference) -> Iterator[Finding]:
    """Fetch everything and compare; raises `UnreachableError`.

    1. the landing page, and the form page of each language as its Start button asks for it;
    2. every file listed: scripts first and in the way that a page asks for them;
    3. the site's own manifest, where another one was given: last, for no other visitor asks for it.

    Every answer must carry the one policy of the manifest, once.
    """
    manifest = reference.manifest
    # (1)
    yield from _check_headers("/", visitor.get("/", TYPED), manifest)
    for lang in sorted(manifest.forms):
        answer = visitor.post("/1", f"lang={lang}".encode())
        page = without_padding(without_token(answer.body))
        yield from _compare(form_path(lang), answer, page, manifest.forms[lang], reference)
    # (2)
    for path in sorted(manifest.files, key=_order):
        answer = visitor.get(path, _kind(path))
        yield from _compare(path, answer, answer.body, manifest.files[path], reference)
    # (3)
    if not reference.own:
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
    for name in _UNWANTED:
        if answer.values(name):
            yield Finding(what, f"has a header {name}")


def _bytes(manifest: CodeManifest, policy: str) -> tuple[bytes, bytes]:
    return manifest.policy.encode(), policy.encode(errors="replace")


def _kind(path: str) -> Kind:
    if path.endswith(".js"):
        return SCRIPT
    return FOLLOWED if path.endswith(".html") else FETCHED


def _order(path: str) -> tuple[int, str]:
    """Where a browser would ask for it: the scripts as the page names them, then what they fetch."""
    starts = ("/roots-", "/phrases-", "/seal-", "/roster", "/form-")
    found = [n for n, start in enumerate(starts) if path.startswith(start)]
    return (found or [len(starts)])[0], path
