"""Makes a page from a template: its language, its title, its status."""

from flask import Response, render_template

from intake.web.languages import LANGUAGES
from intake.web.wording import say, speak


def page(
    template: str,
    *,
    lang: str,
    title: str = "",
    error: bool = False,
    status: int = 200,
    **values: object,
) -> Response:
    """Render `template` in `lang`.

    `title` is neutral by default; `error` puts the word for it before the title (domain 3.2).
    """
    speak(lang)
    heading = title or say("all.form")
    html = render_template(
        template,
        language=LANGUAGES[lang],
        languages=LANGUAGES.values(),
        title=f"{say('all.error')} {heading}" if error else heading,
        **values,
    )
    return Response(html, status, content_type="text/html; charset=utf-8")


def plain(text: str, status: int = 200) -> Response:
    """An answer to a script: words, and no page."""
    return Response(text, status, content_type="text/plain; charset=utf-8")


def step(number: int, lang: str) -> str:
    """The title of one of the form's three steps."""
    speak(lang)
    return say("all.title", n=number)
