"""The phrases of the views that only the sealing script shows, in every language, as one script file.

They are not on the form page, which people without script load too. It holds nothing of any person.
"""

import json

from intake.caps import Cap
from intake.web.wording import LANGUAGES, say, speaking

ERRORS = ("empty", "long", "odd", "choice", "not_sent", "refused", "retry", "unknown", "down")
KEYS = (
    "all.error",
    "check.h1",
    "check.p1",
    "check.p2",
    "check.yes",
    "check.no",
    *(f"check.cap_{cap}" for cap in Cap),
    "check.mode_browser",
    "check.send",
    "check.change",
    "sent.h1",
    "sent.p1",
    "sent.p5",
    "sent.p6",
)


def phrases_script() -> bytes:
    """The file, the same bytes wherever it is made; a number to be put in stands as {n}."""
    value: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        with speaking(lang):
            value[lang] = {
                **{key: say(key) for key in KEYS},
                **{f"error.{kind}": say(f"error.{kind}", n="{n}") for kind in ERRORS},
                "all.title": say("all.title", n="{n}"),
            }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"globalThis.intakePhrases = {text};\n".encode()
