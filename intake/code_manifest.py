"""The list of all that a site gives a browser to run and to fill in, by hash (docs/format.md 13).

Whoever has one can see that everybody is given the same. It says nothing of who vouches for it.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NoReturn

from intake import shape
from intake.deployment import check_deployment
from intake.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Final = "/.well-known/intake/manifest.json"
LETTER: Final = "/s"  # the page that takes sealed letters; in a language, `/s/<lang>`
RETURN: Final = "/r"  # the page for whoever has a code; in a language, `/r/<lang>`
WITH_TOKEN: Final = (f"{LETTER}/", f"{RETURN}/")  # how the paths of pages with a token begin
LIMIT: Final = 1_000_000  # bytes
FILES_LIMIT: Final = 200

_APP: Final = "testimony-intake"
_FILE: Final = re.compile(r"/[a-z0-9][a-zA-Z0-9.-]{0,99}\.(html|js|json|note)", re.ASCII)
_PAGE: Final = re.compile(r"/|(/[sr])?/[a-z]{2,3}", re.ASCII)
_LANG: Final = re.compile(r"[a-z]{2,3}", re.ASCII)
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_POLICY: Final = re.compile(r"[ -+\--~]{1,4000}", re.ASCII)  # printable, and no comma
_TOKEN: Final = re.compile(rb'(<input type="hidden" name="csrf_token" value=")[A-Za-z0-9_.-]*(">)')
_PADDING: Final = re.compile(rb"</html>\n?(?:<!-- *-->|\n{0,6})\Z")


@dataclass(frozen=True)
class CodeManifest:
    """One site's list, valid by construction.

    `policy` is the Content-Security-Policy of every answer. `files` has the digest of each file by
    its path, `forms` that of the empty form page by language, without its token, and `pages` that of
    the other pages that anyone can open: `listed_part` of each, by its path.
    """

    deployment: str
    policy: str
    files: Mapping[str, str]
    forms: Mapping[str, str]
    pages: Mapping[str, str]

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if not _POLICY.fullmatch(self.policy):
            raise MalformedError("the manifest's policy is not one line of ASCII without a comma")
        tables = (self.files, self.forms, self.pages)
        if not all(0 < len(table) <= FILES_LIMIT for table in tables):
            raise MalformedError(
                f"a manifest has 1 to {FILES_LIMIT} files, as many forms, and pages"
            )
        # It may come from the site that it is about, which must not send its reader elsewhere.
        if not all(_FILE.fullmatch(path) for path in self.files):
            raise MalformedError("a path in the manifest is not one of a file of a site")
        if not all(_LANG.fullmatch(lang) for lang in self.forms):
            raise MalformedError("a language in the manifest is not 2 or 3 letters")
        if not all(_PAGE.fullmatch(path) for path in self.pages):
            raise MalformedError("a path in the manifest is not one of a page of a site")
        needed = {"/", *(f"{way}/{lang}" for lang in self.forms for way in ("", LETTER, RETURN))}
        if not needed <= set(self.pages):
            raise MalformedError("the manifest lacks a page that stands before a form")
        if not all(_DIGEST.fullmatch(digest) for table in tables for digest in table.values()):
            raise MalformedError("a digest in the manifest is not 32 bytes in base64url")

    @classmethod
    def parse(cls, data: bytes) -> CodeManifest:
        """Read a manifest; raises `MalformedError` unless `to_bytes` gives the very same bytes."""
        if len(data) > LIMIT:
            raise MalformedError(f"the manifest is longer than {LIMIT} bytes")
        try:
            value = json.loads(data.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
            raise MalformedError("the manifest is not JSON") from None
        table = shape.mapping(value)
        try:
            manifest = cls(
                deployment=shape.text(table["deployment"]),
                policy=shape.text(table["default_csp"]),
                files=_digests(table["files"]),
                forms=_digests(table["forms"]),
                pages=_digests(table["pages"]),
            )
        except KeyError:
            raise MalformedError("the manifest has another shape") from None
        # Other keys, another order, other white space, an unknown version: all show here.
        if manifest.to_bytes() != data:
            raise MalformedError("the manifest is not in its one spelling")
        return manifest

    def to_bytes(self) -> bytes:
        """Write the manifest: sorted, indented by two spaces, with LF; the inverse of `parse`."""
        value: dict[str, object] = {
            "app": _APP,
            "default_csp": self.policy,
            "deployment": self.deployment,
            "extra_csp": {},
            "files": dict(self.files),
            "forms": dict(self.forms),
            "pages": dict(self.pages),
            "v": 1,
            "wasm": [],
        }
        return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=True) + "\n").encode()


def digest_of(content: bytes) -> str:
    """SHA-256 as a manifest writes it: base64url without padding."""
    return urlsafe_b64encode(sha256(content).digest()).decode().rstrip("=")


def page_name(path: str) -> str:
    """The name of the file that `intake manifest` writes of the page at `path`."""
    return f"page{path.rstrip('/').replace('/', '-')}.html"


def listed_part(path: str, page: bytes) -> bytes:
    """What is compared of the page at `path`: of one with a token all but that, else every byte."""
    if path.startswith(WITH_TOKEN):
        return without_padding(without_token(page))
    return page


def without_token(page: bytes) -> bytes:
    """A page with nothing in the place of its anti-forgery token, which differs each time.

    What stands there may hold only the letters of a token; anything else stays, and shows.
    """
    return _TOKEN.sub(rb"\1\2", page, count=1)


def without_padding(page: bytes) -> bytes:
    """A page up to its `</html>`: behind it may be spaces in one comment, or a few LF.

    Whatever else stands there stays, and shows.
    """
    return _PADDING.sub(b"</html>", page)


def _digests(value: object) -> dict[str, str]:
    return {key: shape.text(digest) for key, digest in shape.mapping(value).items()}


def _refuse(_: str) -> NoReturn:
    raise ValueError
