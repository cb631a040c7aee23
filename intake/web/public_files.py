"""What a page with script fetches: the signed roster, the trusted roots, the sealing script.

All three are served from memory under one origin. The two scripts have their hash in their name
and in the page's `integrity`, so that a page never runs with another's.
"""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request

from intake.errors import IntakeError
from intake.roster import SignedRoster
from intake.web.site import Site

SCRIPT_FILE = Path(__file__).parent / "static" / "seal.js"


@dataclass(frozen=True)
class Script:
    """A script file's name without `.js`, and its bytes."""

    name: str
    content: bytes
    packed: bytes  # the same, gzipped: it is public and constant, so its length says nothing

    @classmethod
    def of(cls, prefix: str, content: bytes) -> "Script":
        """Name `content` after its hash."""
        name = f"{prefix}-{sha256(content).hexdigest()[:16]}"
        return cls(name, content, gzip.compress(content, mtime=0))

    @property
    def path(self) -> str:
        """Where the page finds it."""
        return f"/{self.name}.js"

    @property
    def integrity(self) -> str:
        """Its hash as a page's `integrity` attribute has it."""
        return "sha256-" + b64encode(sha256(self.content).digest()).decode()


@dataclass(frozen=True)
class Published:
    """What is public at one time: all of it follows from one roster."""

    signed: SignedRoster
    roots: Script
    fingerprint: str

    @classmethod
    def of(cls, signed: SignedRoster) -> "Published":
        """Write the roots of `signed` as the script expects them."""
        roots = signed.roster.roots
        value = {
            "deployment": signed.roster.deployment,
            "roots": [str(key) for key in roots.keys],
            "threshold": roots.threshold,
        }
        content = f"globalThis.intakeRoots = {json.dumps(value)};\n".encode()
        return cls(signed, Script.of("roots", content), roots.fingerprint)


class PublicFiles:
    """Serves the three files, and tells pages their names."""

    def __init__(self, site: Site, script: bytes) -> None:
        self._site = site
        self.script = Script.of("seal", script)
        self._published: Published | None = None

    def published(self) -> Published:
        """The files of the roster now in use; raises `RosterError` where there is none."""
        signed = self._site.current()
        # The site gives the same object until its file changes.
        if self._published is None or self._published.signed is not signed:
            self._published = Published.of(signed)
        return self._published

    def standing(self) -> Published | None:
        """The same, or None where the operator's roster is broken: a page with a text still shows.

        Whoever seals asks `published`, and is refused.
        """
        try:
            return self.published()
        except IntakeError:
            return None

    def blueprint(self) -> Blueprint:
        """`/roster.note` and `/NAME.js`."""
        pages = Blueprint("public_files", __name__)
        pages.add_url_rule("/roster.note", view_func=self.roster)
        pages.add_url_rule("/<string:name>.js", view_func=self.scripts)
        return pages

    def roster(self) -> Response:
        """The signed note, as text."""
        note = self.published().signed.to_bytes()
        return Response(note, content_type="text/plain; charset=utf-8")

    def scripts(self, name: str) -> Response:
        """One of the two scripts, gzipped where the browser takes that."""
        named = {script.name: script for script in (self.script, self.published().roots)}
        if name not in named:
            abort(404)
        packed = request.accept_encodings.quality("gzip") > 0
        response = Response(
            named[name].packed if packed else named[name].content,
            content_type="text/javascript; charset=utf-8",
        )
        if packed:
            response.content_encoding = "gzip"
        return response
