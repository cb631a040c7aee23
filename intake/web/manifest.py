"""Serves the list of all that this site gives a browser (docs/format.md 13), made from itself."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, Flask, Response

from intake.code_manifest import PATH, CodeManifest, digest_of, without_padding
from intake.web.offline_page import OfflinePages
from intake.web.public_files import PublicFiles
from intake.web.settings import Settings
from intake.web.wording import LANGUAGES

_EXTENSION = "intake.manifest"


class ManifestFile:
    """The manifest of one site, as it is now. All of it is made within a request."""

    def __init__(
        self,
        settings: Settings,
        policy: str,
        files: PublicFiles,
        offline: OfflinePages,
        blank: Callable[[str], bytes],
    ) -> None:
        self._settings = settings
        self._policy = policy
        self._files = files
        self._offline = offline
        self._blank = blank

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
            deployment=self._settings.deployment,
            policy=self._policy,
            files={path: digest_of(content) for path, content in self.contents().items()},
            forms={lang: digest_of(page) for lang, page in self.forms().items()},
        )

    def contents(self) -> dict[str, bytes]:
        """Every file that is listed, by its path."""
        offline = {f"/offline-{lang}.html": self._offline.page(lang) for lang in LANGUAGES}
        return self._files.contents() | offline

    def forms(self) -> dict[str, bytes]:
        """The empty form page of each language, without its token."""
        return {lang: without_padding(self._blank(lang)) for lang in LANGUAGES}


def listed_by(app: Flask) -> dict[str, bytes]:
    """What `app` serves, by the name of a file: the manifest, what it lists, the form pages."""
    served = cast("ManifestFile", app.extensions[_EXTENSION])
    with app.test_request_context(PATH):
        files = {path.removeprefix("/"): content for path, content in served.contents().items()}
        forms = {f"form-{lang}.html": page for lang, page in served.forms().items()}
        return {"manifest.json": served.manifest().to_bytes(), **files, **forms}
