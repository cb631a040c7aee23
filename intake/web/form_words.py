"""The guided form for the sealing script: its definition and its words in one language, as a file.

It holds nothing of any person. The page names it with its hash, and the script takes no other.
"""

import json

from intake.form import FormDefinition
from intake.web.questions import INTRODUCTIONS, QUESTIONS, USES, Question, rows_of, words_of
from intake.web.wording import say, speak


def form_words(definition: FormDefinition, lang: str) -> bytes:
    """The file of a form in a language, the same bytes wherever it is made."""
    speak(lang)
    questions: dict[str, object] = {}
    codes: dict[str, str] = {}
    notes: dict[str, str] = {}
    for field in definition.fields:
        question = QUESTIONS[field.name]
        questions[field.name] = {
            "label": say(question.label),
            "hint": say(question.hint) if question.hint else "",
            "rows": rows_of(field),
        }
        codes |= {code: say(words_of(code)) for code in getattr(field, "choices", ())}
        notes |= {code: say(key) for code, key in question.notes.items()}
    value = {
        "lang": lang,
        "form": definition.to_json(),
        "questions": questions,
        "codes": codes,
        "notes": notes,
        "introductions": {
            page.id: say(INTRODUCTIONS[page.id])
            for page in definition.pages
            if page.id in INTRODUCTIONS
        },
        "consent": {"legend": say("form.consent"), "base": say("form.c_base")},
        "uses": {level.value: _use(USES[level]) for level, _ in definition.levels},
        "heading": say("guided.h1"),
        "time": say("guided.time", n="{n}"),
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _use(question: Question) -> dict[str, str]:
    return {"label": say(question.label), "hint": say(question.hint) if question.hint else ""}
