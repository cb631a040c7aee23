"""The first page: what to know before writing, in the language that one chooses."""

from flask import Blueprint, Response

from intake.web.languages import LANGUAGES, Language
from intake.web.pages import page
from intake.web.settings import Settings

# People write in Chechen too, but no sentence of ours is in it: the page beside it is in Russian.
CHECHEN = Language("ce", "Нохчийн мотт")
_INSTEAD = "ru"


class LandingPage:
    """The first page of one site."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def blueprint(self) -> Blueprint:
        """`/`, `/ru`, `/en`, and `/ce` for those who write in Chechen."""
        pages = Blueprint("landing", __name__)
        pages.add_url_rule("/", view_func=self.landing)
        pages.add_url_rule(f"/<any({','.join(LANGUAGES)}):lang>", view_func=self.landing)
        pages.add_url_rule(f"/{CHECHEN.tag}", view_func=self.chechen)
        return pages

    def contents(self) -> dict[str, bytes]:
        """Every page by its path, as the manifest lists it."""
        shown = {f"/{lang}": self.landing(lang) for lang in LANGUAGES}
        shown |= {"/": self.landing(), f"/{CHECHEN.tag}": self.chechen()}
        return {path: response.get_data() for path, response in shown.items()}

    def landing(self, lang: str | None = None) -> Response:
        """What to know before writing."""
        return self._page(lang or self._settings.language)

    def chechen(self) -> Response:
        """The same in Russian, and that one can write in Chechen."""
        return self._page(_INSTEAD, write_in=CHECHEN)

    def _page(self, lang: str, write_in: Language | None = None) -> Response:
        return page(
            "landing.html",
            lang=lang,
            organisation=self._settings.organisation,
            address=self._settings.address,
            takes_files=self._settings.takes_files,
            chechen=CHECHEN,
            write_in=write_in,
        )
