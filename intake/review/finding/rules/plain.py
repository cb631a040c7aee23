"""Plain rules that find contacts, dates and numbers in a text; a person still reads all of it.

They know no names and no places. Where in doubt they take too much rather than too little.
"""

# ruff: noqa: RUF001 - what looks like a Latin letter here is a Cyrillic one, and is meant to be

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = (
    r"январ[яьею]\w*|феврал[яьею]\w*|март(?:а|е|у|ом)?|апрел[яьею]\w*|ма(?:й|я|е|ю|ем)|июн[яьею]\w*"
    r"|июл[яьею]\w*|август(?:а|е|у|ом)?|сентябр[яьею]\w*|октябр[яьею]\w*|ноябр[яьею]\w*"
    r"|декабр[яьею]\w*"
    r"|january|february|april|june|july|august|september|october|november|december"
    r"|(?:jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_MAYBE = r"march|may|mar\.?"  # a month only beside a number or after a preposition
_DAY = r"[0-3]?\d(?:-?(?:st|nd|rd|th|го|е|ого))?"
_YEAR = r"(?:19|20)\d\d(?:\s*(?:г\.|года?|году|г\b))?"
_BEFORE = r"(?:in|on|since|until|till|by|of|early|late|mid|last|this|before|after|during)\s+"

_DOMAINS = (
    r"com|org|net|info|biz|io|me|ru|su|рф|ge|am|az|kz|ua|by|de|fr|pl|lt|lv|ee|fi|no|se|nl|uk|us|eu"
    r"|tv|cc|ly|gg|im|app|dev|onion|online|site|xyz|chat"
)


@dataclass(frozen=True)
class Rule:
    """A name, the reason for which it takes out what it finds, and what that looks like."""

    name: str
    reason: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Found:
    """A place in a text, in code points, end exclusive, and the rule that found it."""

    start: int
    end: int
    rule: Rule


def _rule(name: str, reason: str, *patterns: str) -> Rule:
    return Rule(name, reason, re.compile("|".join(patterns), re.IGNORECASE))


# Each pattern starts where a word starts, so that a hostile text costs no more than its length.
# In order: where two would take the same place, the one named first has it.
RULES = (
    _rule(
        "url",
        "contact",
        r"(?<![\w.+-])[a-z][a-z0-9+.-]*://[^\s<>«»\"\0]+",
        r"\bwww\.[^\s<>«»\"\0]+",
    ),
    _rule("e-mail", "contact", r"(?<![\w.+-])[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+"),
    _rule(
        "url",
        "contact",
        rf"(?<![\w@.-])\w[\w-]*(?:\.\w[\w-]*)*\.(?:{_DOMAINS})\b(?:/[^\s<>«»\"\0]*)?",
    ),
    _rule("handle", "contact", r"(?<![\w@])@\w[\w.]+"),
    _rule(
        "date",
        "date",
        r"(?<![\d.])(?:19|20)\d\d[-./][01]?\d[-./][0-3]?\d(?!\d)",
        r"(?<![\d.])[0-3]?\d(?P<dot>[-./])[01]?\d(?P=dot)(?:\d{4}|\d\d)(?!\d)",
        r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])(?!\d|[.,]\d)",
        rf"(?<!\w){_DAY}\s*(?:of\s+)?(?:{_MONTHS}|{_MAYBE})(?!\w)(?:,?\s*{_YEAR})?",
        rf"(?<!\w)(?:{_MONTHS}|{_MAYBE})\s+{_DAY}(?![\w.]\d|\d)(?:,?\s*{_YEAR})?",
        rf"(?<!\w)(?:{_MONTHS}|{_MAYBE}),?\s+{_YEAR}(?!\w)",
        rf"(?<!\w)(?:{_MONTHS})(?!\w)",
        rf"(?<=\s){_BEFORE}(?:{_MAYBE})(?!\w)",
        r"(?<!\w)(?:19|20)\d\d\s*(?:г\.|года?\b|году\b|г\b)",
        r"(?<!\w)(?:in|since|until|before|after|в|с|до|после|к)\s+(?:19|20)\d\d(?![\w.]|-\d)",
    ),
    _rule(
        "card",
        "number",
        r"(?<![\w+])\d(?:[\s\-\u2010-\u2015\u00a0]?\d){11,18}(?!\d)",
    ),
    _rule(
        "phone",
        "contact",
        r"(?<!\w)\+\d(?:[\s().\-\u2010-\u2015\u00a0]{0,3}\d){6,14}(?!\d)",
        r"(?<![\w+])(?:\(?\d)(?:[\s().\-\u2010-\u2015\u00a0]{0,3}\d){6,10}(?!\d)",
    ),
    _rule(
        "number",
        "number",
        r"(?<!\w)[АВЕКМНОРСТУХABEKMHOPCTYX]\s?\d{3}\s?[АВЕКМНОРСТУХABEKMHOPCTYX]{2}(?:\s?\d{2,3})?(?!\w)",
        r"(?<![\w])\d(?:[\s\-\u2010-\u2015\u00a0]?\d){4,}(?!\d)",
        r"(?<!\w)\w*?\d{5,}\w*",
    ),
)


def found(text: str) -> list[Found]:
    """All that the rules find in `text`, by place; no two overlap."""
    places: list[Found] = []
    left = text
    for rule in RULES:
        for start, end in _matches(rule, left):
            places.append(Found(start, end, rule))
        left = _walled(left, [(f.start, f.end) for f in places if f.rule is rule])
    return sorted(places, key=lambda f: f.start)


def _walled(text: str, taken: list[tuple[int, int]]) -> str:
    """What the rules that follow see: a wall where something was found, not a gap to read across."""
    parts: list[str] = []
    at = 0
    for start, end in taken:
        parts += text[at:start], "\0" * (end - start)
        at = end
    return "".join((*parts, text[at:]))


def _matches(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    for match in rule.pattern.finditer(text):
        kept = match[0].rstrip(".,;:!?)]}»\"'…\0")
        if kept:
            yield match.start(), match.start() + len(kept)
