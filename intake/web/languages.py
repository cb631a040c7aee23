"""The languages that a site's pages speak, for whoever needs no page to know them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language's tag, its own name, and the direction of its writing."""

    tag: str
    name: str
    direction: str = "ltr"


LANGUAGES = {lang.tag: lang for lang in (Language("ru", "Русский"), Language("en", "English"))}
