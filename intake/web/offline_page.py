"""The form as one file that works from a disk with the network off: `/offline-LANG.html`.

It is put together from the form page itself, without Node, the same bytes wherever that is done.
It fetches nothing, and its own policy lets it fetch nothing.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from intake.errors import MalformedError
from intake.web.languages import LANGUAGES
from intake.web.public_files import PublicFiles, Published
from intake.web.settings import Settings
from intake.web.wording import speak

_CHARSET = '<meta charset="utf-8">\n'
_FORM = '<form id="form"'
_END = "</body>"
_SCRIPT = re.compile(r"<script defer [^<>]*></script>\n?")
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>\n?", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_INERT = re.compile(r"</script|<!--", re.IGNORECASE)  # either would end or change a <script>
_SWITCH = re.compile(r"<button [^<>]*data-switch=[^<>]*>[^<>]*</button>\n?")
_LEAVE = 'href="/x"'


class OfflinePages:
    """The offline page of one site, in each language."""

    def __init__(
        self, settings: Settings, files: PublicFiles, form: Callable[[str], bytes]
    ) -> None:
        self._settings = settings
        self._files = files
        self._form = form
        self._made: dict[str, tuple[Published, bytes, bytes]] = {}

    def blueprint(self) -> Blueprint:
        """`/offline-LANG.html`."""
        pages = Blueprint("offline", __name__)
        langs = ",".join(LANGUAGES)
        pages.add_url_rule(f"/offline-<any({langs}):lang>.html", view_func=self.download)
        return pages

    def download(self, lang: str) -> Response:
        """The page, to be saved: opened here it could not run, by the policy of this site."""
        response = Response(self.page(lang), content_type="text/html; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="form-{lang}.html"'
        return response

    def page(self, lang: str) -> bytes:
        """The page of a language; raises `RosterError` where the site has no roster."""
        published = self._files.published()
        form = self._form(lang)  # asked for anew: a support entry grows old on it
        made = self._made.get(lang)
        if made is None or made[0] is not published or made[1] != form:
            made = self._made[lang] = published, form, self._assemble(published, form, lang)
        return made[2]

    def _assemble(self, published: Published, form: bytes, lang: str) -> bytes:
        """Make the page out of the empty form.

        1. What needs a server goes: its scripts, what stands there for people without script, the
           other language, and the way out through its neutral page.
        2. The roster, the words of this page, those of codes and the scripts themselves come in.
           What is not run by the page stands there as data, which no policy need allow.
        3. The policy allows just the scripts and styles that are then in it, by their hashes.
        """
        # (1)
        html = form.decode()
        for gone in (_SCRIPT, _NOSCRIPT, _SWITCH):
            html = gone.sub("", html)
        html = html.replace(_LEAVE, 'href="about:blank"')
        start, rest = _cut(html, _CHARSET, after=True)
        head, rest = _cut(rest, _FORM)
        body, end = _cut(rest, _END)
        # (2)
        scripts = [script.content.decode() for script in self._files.scripts_of(published)]
        stretch = self._files.stretch.content.decode()
        if any(_INERT.search(script) for script in (*scripts, stretch)):
            raise MalformedError("a script cannot stand within a page")
        speak(lang)
        roster = published.signed.roster
        page = render_template(
            "offline.html",
            start=Markup(start),  # noqa: S704  # pieces of our own page, escaped when it was made
            head=Markup(head),  # noqa: S704
            form=Markup(body),  # noqa: S704
            end=Markup(end),  # noqa: S704
            # (3)
            policy=_policy(scripts, _STYLE.findall(html)),
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own, looked through
            words=Markup(self._files.list.content.decode()),  # noqa: S704  # small letters
            stretch=Markup(stretch),  # noqa: S704
            note=published.signed.to_bytes().decode(),
            expires=roster.expires.isoformat(),
            address=self._settings.address,
            last_day=Markup('<bdi dir="ltr" data-last-day></bdi>'),
        )
        return page.encode()


def _cut(html: str, mark: str, *, after: bool = False) -> tuple[str, str]:
    """The page before and after the one place where `mark` begins, or where it ends."""
    if html.count(mark) != 1:
        raise MalformedError("the form page is of another shape than the offline page needs")
    place = html.index(mark) + (len(mark) if after else 0)
    return html[:place], html[place:]


def _policy(scripts: list[str], styles: list[str]) -> str:
    """Nothing is fetched, sent, framed or run but these."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(styles)}",
            "worker-src blob:",
            "img-src data:",
            "form-action 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types stretch",
        )
    )


def _hashes(texts: list[str]) -> str:
    return " ".join(f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in texts)
