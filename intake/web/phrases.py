"""The phrases of the views that only the sealing script shows, in every language, as one script file.

They are not on the form page, which people without script load too. It holds nothing of any person.
"""

import json

from intake.caps import Cap
from intake.web.languages import LANGUAGES
from intake.web.wording import say, speaking

ERRORS = (
    *("empty", "long", "odd", "choice", "code_in_text"),
    *("not_sent", "refused", "retry", "unknown", "down"),
    *("code", "code_count", "code_near", "board"),
)
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
    "sent.code",
    "sent.code_soon",
    "sent.p2",
    "sent.p3",
    "sent.p4",
    "sent.p5",
    "sent.p6",
    "sent.proof",
    "sent.proof_p1",
    "sent.proof_p2",
    "sent.proof_none",
    "form.consent",
    "form.c_stats",
    *("form.c_publish", "form.c_publish_h"),
    *("form.c_invest", "form.c_invest_h"),
    *("form.c_court", "form.c_court_h"),
    *("form.c_msg", "form.c_msg_h"),
    "form.text",
    "form.text_hint",
    "return.msg0",
    "return.msg1",
    "return.from",
    "return.question",
    "return.question_p",
    "return.yes",
    "return.no",
    "return.mode_browser",
    "return.more",
    "return.more_p",
    "return.consent",
    "return.consent_p",
    "return.changed",
    "return.again",
    "return.withdraw",
    "withdraw.h1",
    "withdraw.p1",
    "withdraw.p2",
    "withdraw.p3",
    "withdraw.all",
    "withdraw.yes",
    "withdraw.no",
    "withdraw.done",
)
_SLOTS = {name: f"{{{name}}}" for name in ("n", "week", "word")}


def phrases_script() -> bytes:
    """The file, the same bytes wherever it is made; what is to be put in stands as {n}, {week}, {word}."""
    value: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        with speaking(lang):
            value[lang] = {
                **{key: say(key, **_SLOTS) for key in ("all.title", *KEYS)},
                **{f"error.{kind}": say(f"error.{kind}", **_SLOTS) for kind in ERRORS},
            }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"globalThis.intakePhrases = {text};\n".encode()
