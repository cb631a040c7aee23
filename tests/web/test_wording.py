"""The words on the pages are the reviewed list's, whole, in both languages."""

import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from intake.caps import Cap
from intake.form import FORMS, MINIMAL
from intake.web.languages import LANGUAGES
from intake.web.questions import QUESTIONS, USES, Asked, words_of
from intake.web.wording import TRANSLATIONS

VECTORS = Path(__file__).parents[1] / "vectors" / "microcopy.json"
VOCABULARY = VECTORS.with_name("vocabulary.json")
TEMPLATES = TRANSLATIONS.parent / "templates"
SCREENS = {
    "All pages": "all",
    "1 Landing": "landing",
    "2 Form": "form",
    "3 Review": "check",
    "4 Sent": "sent",
    "5 Return": "return",
    "6 Withdraw": "withdraw",
    "7 Errors": "error",
    "8 Support": "support",
}
CODES = {
    code
    for form in FORMS.values()
    for field in form.fields
    for code in getattr(field, "choices", ())
}
# The guided form's words. Its pages name them by what they are about.
GUIDED = {
    *(key for q in QUESTIONS.values() for key in (q.label, q.hint) if key.startswith("guided.")),
    *(key for code in CODES if (key := words_of(code)).startswith("code.")),
    *(f"guided.{name}" for name in ("h1", "p", "time", "skip", "back", "end", "another", "again")),
    *("guided.role", "guided.missing"),
    *(f"check.cap_{cap}" for cap in Cap),
}
# Not in the list: written in its manner, and never yet read by a native speaker.
OURS = {
    "error.ended",
    "all.error",
    "all.form",
    "all.show_again",
    "check.keys",
    "error.again",
    "error.bare",
    "error.choice",
    "error.large",
    "error.letter",
    "error.letter_how",
    "error.no_letter",
    "error.odd",
    "error.press",
    "error.refused",
    "error.roster",
    "error.unknown",
    "form.mode_server",
    "landing.ce",
    "letter.file",
    "letter.h1",
    "letter.how",
    "letter.off_box",
    "letter.off_by",
    "letter.off_copy",
    "letter.off_h1",
    "letter.off_how",
    "letter.off_lock",
    "letter.off_save",
    "letter.off_script",
    "letter.off_until",
    "letter.offline",
    "letter.p1",
    "letter.roster",
    "letter.text",
    "letter.text_hint",
    "neutral.h1",
    "error.board",
    "error.code_count",
    "error.code_in_text",
    "error.code_near",
    "sent.code_soon",
    "return.again",
    "return.changed",
    "return.consent_p",
    "return.from",
    "return.lost",
    "return.mode_browser",
    "return.mode_server",
    "return.more_p",
    "return.no",
    "return.question",
    "return.question_p",
    "return.yes",
    "withdraw.all",
    "sent.proof",
    "sent.proof_none",
    "sent.proof_p1",
    "sent.proof_p2",
    "support.checked",
    *(f"neutral.line{n}" for n in range(1, 9)),
    *GUIDED,
}


def catalogue(lang: str) -> Catalog:
    path = TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def entries(lang: str) -> dict[str, Message]:
    return {str(entry.id): entry for entry in catalogue(lang) if entry.id}


def expected(lang: str) -> dict[str, tuple[str, dict[str, object]]]:
    """Every key with the list's words; three rows of the list hold more than one phrase."""
    words: dict[str, tuple[str, dict[str, object]]] = {}
    for row in json.loads(VECTORS.read_text("utf-8")):
        key, text = f"{SCREENS[row['screen']]}.{row['id']}", row[lang]
        if key == "form.know_y/n/x":
            names = ("form.know_y", "form.know_n", "form.know_x")
            words |= {n: (t, row) for n, t in zip(names, text.split(" / "), strict=True)}
        elif key == "check.yes_no":
            names = ("check.yes", "check.no")
            words |= {n: (t, row) for n, t in zip(names, text.split(" / "), strict=True)}
        else:
            words[key] = text, row
    return words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_phrase_is_the_lists_own(lang: str) -> None:
    got = {key: entry.string for key, entry in entries(lang).items() if key not in OURS}
    assert got == {key: text for key, (text, _) in expected(lang).items()}


def test_both_languages_have_every_key() -> None:
    assert set(entries("en")) == set(entries("ru")) == set(expected("en")) | OURS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_promise_and_an_unchecked_phrase_say_so_to_the_translator(lang: str) -> None:
    for key, (_, row) in expected(lang).items():
        comments = entries(lang)[key].user_comments
        assert ("promise" in comments) == row["promise"], key
        assert ("unchecked" in comments) == (lang == "ru" and not row["ru_checked"]), key
    for key in OURS:
        assert "unchecked" in entries(lang)[key].user_comments, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_compiled_catalogue_is_the_readable_one(lang: str) -> None:
    """Its heading apart, which names the version of the compiler."""
    with (TRANSLATIONS / lang / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = {entry.id: entry.string for entry in read_mo(file) if entry.id}
    readable = {key: entry.string for key, entry in entries(lang).items()}
    assert compiled == readable, f"compile {lang}/LC_MESSAGES/messages.po"


def test_placeholders_agree_in_both_languages() -> None:
    russian = entries("ru")
    for key, entry in entries("en").items():
        slots = re.findall(r"\{\w*\}", str(entry.string))
        assert slots == re.findall(r"\{\w*\}", str(russian[key].string)), key


def test_the_manner_of_the_list_is_kept() -> None:
    """No exclamation marks, no blame, no apology."""
    forbidden = re.compile(
        r"!|\bvictim|\ballegation|\bsorry|\bplease|\binvalid|\bforbidden", re.IGNORECASE
    )
    for lang in LANGUAGES:
        for key, entry in entries(lang).items():
            assert not forbidden.search(str(entry.string)), key


def test_no_key_is_unused_and_none_is_missing() -> None:
    sources = [*TEMPLATES.glob("*.html"), *TRANSLATIONS.parent.glob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(
        re.findall(
            r"\"((?:all|landing|form|check|sent|return|withdraw|error|letter|support|neutral|guided)\.[a-z0-9_]+)\"",
            text,
        )
    )
    named |= {"landing.ce", *(f"neutral.line{n}" for n in range(1, 9))}
    named |= {f"landing.k{n}" for n in range(1, 7)} | {f"form.help{n}" for n in range(1, 7)}
    named |= {f"error.{kind}" for kind in ("empty", "long", "odd", "choice", "not_sent", "refused")}
    named |= {"error.code_in_text", *(f"sent.p{n}" for n in range(2, 5))}
    named = (named - {"check.cap_"}) | GUIDED
    known = {key for key in named if not key.endswith(".html")}
    assert known - {
        "form.html",
        "check.html",
        "sent.html",
        "letter.html",
        "neutral.html",
        "guided.html",
    } == set(entries("ru"))


def test_every_form_has_words_for_every_question_code_and_use() -> None:
    words = entries("en")
    asked_anywhere = {field.name for form in FORMS.values() for field in form.fields}
    assert set(QUESTIONS) == asked_anywhere
    for form in FORMS.values():
        assert list(USES) == [level for level, _ in form.levels]
        for path, field in form.paths():
            asked = Asked.of(path, field)
            assert tuple(asked.options) == getattr(field, "choices", ())
            assert {asked.question.label, *asked.options.values()} <= set(words)
            assert set(asked.question.notes) <= set(asked.options)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_says_what_the_vocabulary_says(lang: str) -> None:
    """In both languages, so that two reviewers never record opposite findings (domain 1.7)."""
    lists = json.loads(VOCABULARY.read_text("utf-8"))
    labels = {row["code"]: row[lang] for rows in lists.values() for row in rows["rows"]}
    words = entries(lang)
    # The list of relations is worded for whoever writes: its codes are checked, not its labels.
    ours = {code for code in CODES if not code.startswith("r.")}
    listed = {"pl", "p", "m"}
    assert {code for code in CODES if code.startswith("r.")} == {
        row["code"] for row in lists["V6"]["rows"]
    }
    for prefix, name in (("m", "V2"), ("pl", "V3"), ("p", "V4")):
        here = [code for code in CODES if code.partition(".")[0] == prefix]
        assert sorted(here) == sorted(row["code"] for row in lists[name]["rows"])
    for code in ours:
        if code.partition(".")[0] in listed:
            assert words[f"code.{code}"].string == labels[code], code
        else:
            assert code not in labels, code


def test_words_of_consent_do_not_change_under_their_id() -> None:
    """What is sealed is the id: whoever changes these phrases must give the level a new one."""
    first = {
        "c_stats.1": ("Count it in totals", ""),
        "c_publish.1": (
            "Publish parts of it",
            "We remove what could show who you are. A person who was there may still guess",
        ),
        "c_investigators.1": (
            "Show it to human rights and UN investigators",
            "Only those who promise in writing not to give it to any government",
        ),
        "c_missing.1": (
            "Show this page to UN experts on missing people",
            "Only those who promise in writing not to give it to any government",
        ),
        "c_courts.1": (
            "Show it to a court or prosecutor outside Russia",
            "A court may have to show it to the accused",
        ),
        "c_message.1": (
            "Leave me messages here",
            "You read them with your code. We never call or email",
        ),
    }
    english = {"": "", **{key: entry.string for key, entry in entries("en").items()}}
    for form in FORMS.values():
        assert dict(form.levels) == dict(MINIMAL.levels)
    levels = dict(MINIMAL.levels)
    shown = {levels[lv]: (english[use.label], english[use.hint]) for lv, use in USES.items()}
    own = QUESTIONS["missing_agree"].notes
    shown |= {code: (english[words_of(code)], english[note]) for code, note in own.items()}
    assert shown == first
