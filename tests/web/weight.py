"""What a page weighs without what a person wrote on it and without its padding."""

import re

from tests.web.follow import Page, Visitor

_PADDING = re.compile(r"<!-- +-->\Z|\n+\Z")
FETCHED = re.compile(r"<(?:img|iframe|audio|video|object|embed|source|link|script)\b[^>]*>")


def bytes_of(page: Page) -> int:
    """The bytes of a page, before compression, without padding."""
    return len(_PADDING.sub("", page.html).encode())


def fetched_without_script(page: Page) -> list[str]:
    """The elements for which a browser with script off asks the server for more."""
    found = FETCHED.findall(page.html)
    return [one for one in found if not one.startswith("<script") and 'href="data:,"' not in one]


def way_without_script(visitor: Visitor, lang: str) -> list[Page]:
    """Every page of the shortest way through the form, from the landing page to the sent page."""
    texts = {"ru": ("Продолжить", "Отправить"), "en": ("Continue", "Send")}[lang]
    landing = visitor.get(f"/{lang}")
    form = visitor.press(landing, {"ru": "Начать", "en": "Start"}[lang])
    pages = [landing, form]
    page = visitor.press(form, texts[0], {"narrative": "x"})
    while not any(control.name == "resend" for control in page.forms[0].controls):
        pages.append(page)
        page = visitor.press(page, texts[0])
    return [*pages, page, visitor.press(page, texts[1])]
