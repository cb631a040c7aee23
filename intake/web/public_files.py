"""What a page with script fetches: the signed roster, the trusted roots, the sealing script with
its phrases, the words of a form that has more than one page, the list of words that codes are made
of and the script that stretches one; and the script of the quick exit for every other page.

All are served from memory under one origin. All but the roster have their hash in their name and
in the page that names them, so that a page never runs with another's.
"""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request

from intake.codename import wordlist
from intake.errors import IntakeError
from intake.form import FORMS
from intake.roster import SignedRoster
from intake.web.form_words import form_words
from intake.web.languages import LANGUAGES
from intake.web.phrases import phrases_script
from intake.web.site import Site

SCRIPT_FILE = Path(__file__).parent / "static" / "seal.js"
LEAVE_FILE = SCRIPT_FILE.with_name("leave.js")
STRETCH_FILE = SCRIPT_FILE.with_name("stretch.js")


@dataclass(frozen=True)
class Script:
    """A script file's name without its ending, and its bytes."""

    name: str
    content: bytes
    packed: bytes  # the same, gzipped: it is public and constant, so its length says nothing
    ending: str = "js"

    @classmethod
    def of(cls, prefix: str, content: bytes, ending: str = "js") -> "Script":
        """Name `content` after its hash."""
        name = f"{prefix}-{sha256(content).hexdigest()[:16]}"
        return cls(name, content, gzip.compress(content, mtime=0), ending)

    @property
    def path(self) -> str:
        """Where the page finds it."""
        return f"/{self.name}.{self.ending}"

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
    """Serves the files, and tells pages their names."""

    def __init__(self, site: Site, script: bytes) -> None:
        self._site = site
        self.script = Script.of("seal", script)
        self.leaving = Script.of("leave", LEAVE_FILE.read_bytes())
        self.list = Script.of("words", words_file(), "json")
        self.stretch = Script.of("stretch", STRETCH_FILE.read_bytes())
        self.form = {form.id: form for form in FORMS.values()}[site.settings.form]
        self._phrases: Script | None = None
        self._words: dict[str, Script] = {}
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

    def contents(self) -> dict[str, bytes]:
        """Every file by its path, as the manifest lists it."""
        published = self.published()
        words = [words for lang in LANGUAGES if (words := self.words(lang)) is not None]
        files = (*self.scripts_of(published), self.leaving, self.list, self.stretch, *words)
        return {
            "/roster.note": published.signed.to_bytes(),
            **{file.path: file.content for file in files},
        }

    def scripts_of(self, published: Published) -> tuple[Script, ...]:
        """The scripts of the form page and of the return page, in the order in which they run."""
        return published.roots, self.phrases, self.script

    @property
    def phrases(self) -> Script:
        """What the script says, in every language."""
        if self._phrases is None:
            self._phrases = Script.of("phrases", phrases_script())
        return self._phrases

    def words(self, lang: str) -> Script | None:
        """The form's definition and words in a language; None for a form of one page."""
        if len(self.form.pages) == 1:
            return None
        if lang not in self._words:
            content = form_words(self.form, lang)
            self._words[lang] = Script.of(f"form-{lang}", content, "json")
        return self._words[lang]

    def blueprint(self) -> Blueprint:
        """`/roster.note`, `/NAME.js`, `/words-HASH.json` and `/form-LANG-HASH.json`."""
        pages = Blueprint("public_files", __name__)
        pages.add_url_rule("/roster.note", view_func=self.roster)
        pages.add_url_rule("/<string:name>.js", view_func=self.scripts)
        pages.add_url_rule(self.list.path, view_func=self.word_list)
        langs = ",".join(LANGUAGES)
        pages.add_url_rule(
            f"/form-<any({langs}):lang>-<string:digest>.json", view_func=self.form_file
        )
        return pages

    def roster(self) -> Response:
        """The signed note, as text."""
        note = self.published().signed.to_bytes()
        return Response(note, content_type="text/plain; charset=utf-8")

    def scripts(self, name: str) -> Response:
        """One of the scripts, gzipped where the browser takes that."""
        for script in (self.leaving, self.stretch):  # also of a site that has no roster
            if name == script.name:
                return _answer(script, "text/javascript")
        named = {script.name: script for script in self.scripts_of(self.published())}
        if name not in named:
            abort(404)
        return _answer(named[name], "text/javascript")

    def word_list(self) -> Response:
        """The words that codes are made of, in order: without them no page could read one."""
        return _answer(self.list, "application/json")

    def form_file(self, lang: str, digest: str) -> Response:
        """The words of the form in a language, gzipped where the browser takes that."""
        words = self.words(lang)
        if words is None or words.name != f"form-{lang}-{digest}":
            abort(404)
        return _answer(words, "application/json")


def words_file() -> bytes:
    """The list of words as the script reads it: a JSON array of all 7,776."""
    return json.dumps(wordlist(), separators=(",", ":")).encode() + b"\n"


def _answer(file: Script, kind: str) -> Response:
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(
        file.packed if packed else file.content, content_type=f"{kind}; charset=utf-8"
    )
    if packed:
        response.content_encoding = "gzip"
    return response
