"""Serves the list of all that this site gives a browser (docs/format.md 13), made from itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, Response

from intake.code_manifest import (
    PATH,
    CodeManifest,
    digest_of,
    listed_part,
    page_name,
    without_padding,
)
from intake.web.languages import LANGUAGES
from intake.web.offline_page import OfflinePages
from intake.web.public_files import PublicFiles
from intake.web.settings import Settings

_EXTENSION = "intake.manifest"


@dataclass(frozen=True)
class ManifestFile:
    """The manifest of one site, as it is now. All of it is made within a request.

    `blank` makes the empty form page of a language, and each of `others` more pages by their paths.
    """

    settings: Settings
    policy: str
    files: PublicFiles
    offline: OfflinePages
    blank: Callable[[str], bytes]
    others: tuple[Callable[[], Mapping[str, bytes]], ...]

    def register(self, app: Flask) -> None:
        """Serve the manifest at its one path, and let `listed_by` find it."""
        pages = Blueprint("manifest", __name__)
        pages.add_url_rule(PATH, view_func=self.serve)
        app.register_blueprint(pages)
        app.extensions[_EXTENSION] = self

    def serve(self) -> Response:
        """The manifest as JSON."""
        return Response(self.manifest().to_bytes(), content_type="application/json")

    def manifest(self) -> CodeManifest:
        """Hash everything anew."""
        return CodeManifest(
            deployment=self.settings.deployment,
            policy=self.policy,
            files={path: digest_of(content) for path, content in self.contents().items()},
            forms={lang: digest_of(page) for lang, page in self.forms().items()},
            pages={path: digest_of(page) for path, page in self.pages().items()},
        )

    def contents(self) -> dict[str, bytes]:
        """Every file that is listed, by its path."""
        offline = {f"/offline-{lang}.html": self.offline.page(lang) for lang in LANGUAGES}
        return self.files.contents() | offline

    def forms(self) -> dict[str, bytes]:
        """The empty form page of each language, without its token."""
        return {lang: without_padding(self.blank(lang)) for lang in LANGUAGES}

    def pages(self) -> dict[str, bytes]:
        """Every other page that is listed, by its path, without its token."""
        return {
            path: listed_part(path, page) for pages in self.others for path, page in pages().items()
        }


def listed_by(app: Flask) -> dict[str, bytes]:
    """What `app` serves, by the name of a file: the manifest, and all that it lists."""
    served = cast("ManifestFile", app.extensions[_EXTENSION])
    with app.test_request_context(PATH):
        files = {path.removeprefix("/"): content for path, content in served.contents().items()}
        forms = {f"form-{lang}.html": page for lang, page in served.forms().items()}
        pages = {page_name(path): page for path, page in served.pages().items()}
        return {"manifest.json": served.manifest().to_bytes(), **files, **forms, **pages}
