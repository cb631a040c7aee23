"""Writes the vectors that Python and the sealing script must both give, from fixed inputs.

`python -m tests.vectors.core.generate` from the repository's root. Whatever changes here is a
change of format: a testimony sealed before it must still open after it.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from intake import canonical, redaction
from intake.author import REPLIES, Author, Holder, hint_of
from intake.caps import caps
from intake.codename import Codename, NotACodeError, holds_code, salt_of
from intake.container import Container, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.form import ADDITION, GUIDED, MINIMAL, FormDefinition
from intake.form import FORMS as DEFINITIONS
from intake.log.acknowledgement import Acknowledgement
from intake.log.promising import promise_for
from intake.opening import LetterHead, Opening
from intake.reply import ReplyNote
from intake.seal import Message, reply_of
from intake.testimony import AnswersError, ConsentChange, Testimony, problems_of
from intake.tlog.note import Signer
from intake.web.answers import Answers
from tests.tlog.logs import LOG, LOG_ML_DSA
from tests.vectors.core.inputs import (
    CAPPED,
    CODES,
    GUIDED_FORMS,
    GUIDED_WRONG,
    HOLDING,
    MISTYPED,
    REPLIES_SAID,
    TEXTS,
    TYPED,
    WALKS,
    Text,
)

FOLDER = Path(__file__).parent
ROSTER = "sha256:" + sha256(b"intake test roster").hexdigest()
DEPLOYMENT = "test-abcdefgh"
HOLDER = Holder(sha256(b"intake test holder").digest())

VALUES: list[Any] = [
    {},
    [],
    None,
    True,
    0,
    -1,
    2**53 - 1,
    -(2**53) + 1,
    {"b": 1, "a": 2, "A": 3, "_": 4, "ab": 5, "10": 6, "9": 7, "": 8},
    {"a": [1, {"c": None, "b": [True, False]}, "x"]},
    [[[[[[[["eight levels"]]]]]]]],
    "".join(map(chr, range(0x80))),
    *TEXTS.values(),
]

REFUSED: list[Any] = [
    1.5,
    2**53,
    -(2**53),
    "\ud800",
    "a\udfffb",
    "\udc00\ud800",
    {"ключ": 1},
    [[[[[[[[["nine levels", []]]]]]]]]],
]

# In each, the first or last days of a year: week 53 exists in 2020 and 2026 and not in 2021.
DAYS = [
    *("1970-01-05", "1970-01-11", "1970-01-12", "1999-12-31", "2000-01-01", "2020-12-31"),
    *("2021-01-03", "2021-01-04", "2024-02-29", "2024-12-29", "2024-12-30", "2026-11-16"),
    *("2026-11-22", "2026-12-28", "2027-01-03", "2027-01-04", "2099-12-31", "9998-12-31"),
]
WEEKS_REFUSED = [
    *("2021-W53", "2026-W00", "2026-W54", "2026-W5", "2026-w47", "2026-W47\n", " 2026-W47"),
    *("1970-W01", "1969-W52", "0000-W01", "0050-W10", "26-W47", "2026-W4٧", "2026-47", ""),
]

SEEDS = [sha256(f"intake test redaction seed {n}".encode()).digest()[:16] for n in range(4)]

FORMS: list[dict[str, Any]] = [
    {"lang": "ru", "answers": {"narrative": TEXTS["Cyrillic"]}, "agreed": []},
    {
        "lang": "en",
        "answers": {
            "relation": "r.witness",
            "aware": "cannot",
            "narrative": TEXTS["Latin"],
            "when_text": "spring",
            "where_text": "a cellar",
            "who_text": "two men",
        },
        "agreed": ["stats", "publish", "investigators", "courts"],
    },
    {
        "lang": "ru",
        "answers": {"narrative": TEXTS["palochka in five spellings"], "where_text": "Ӏ"},
        "agreed": ["courts", "unknown"],
    },
    {"lang": "ru", "answers": {"narrative": TEXTS["Arabic"]}, "agreed": ["stats"]},
    {"lang": "en", "answers": {"narrative": TEXTS["emoji, joined and coloured"]}, "agreed": []},
    {"lang": "en", "answers": {"narrative": TEXTS["white space at both ends"]}, "agreed": []},
    {"lang": "en", "answers": {"narrative": "a\u00a0b\u2003c\u3000d\u200be\ufefff"}, "agreed": []},
    {
        "lang": "en",
        "answers": {"narrative": "a\r\nb\rc\n\r\nd", "extra": "passed over"},
        "agreed": [],
    },
    {"lang": "ru", "answers": {"narrative": {"of": "Ӏ", "times": 20_000}}, "agreed": []},
    {"lang": "en", "answers": {"narrative": {"of": "𐍈", "times": 15_000}}, "agreed": []},
]

WRONG: list[dict[str, Any]] = [
    {},
    {"narrative": " \n\t\r\n "},
    {"narrative": "\u00a0", "relation": "r.none", "aware": "maybe"},
    {"narrative": {"of": "a", "times": 20_001}},
    {"narrative": {"of": "🏚", "times": 20_001}},
    {"narrative": {"of": "𐍈", "times": 20_000}},
    {"narrative": {"of": '"𐍈', "times": 10_000}, "who_text": {"of": "\\", "times": 1_000}},
    {"narrative": {"of": "𐍈", "times": 15_000}, "who_text": {"of": '"', "times": 1_000}},
    {"narrative": {"of": "ᚠ", "times": 20_000}, "who_text": {"of": "ᚠ", "times": 1_000}},
    {"narrative": "x", "when_text": {"of": "я", "times": 201}},
    {"narrative": "x", "where_text": {"of": "я", "times": 301}},
    {"narrative": "x", "who_text": {"of": "я", "times": 1_001}},
    {"narrative": "a\x00b"},
    {"narrative": "a\x1b[31mb\x7f\x9fc"},
    {"narrative": "\x00"},
    {"narrative": "lone \ud800 and \udc00 surrogates"},
    {"narrative": "torn \ufffd bytes", "when_text": "\ufffd"},
    {"narrative": "x", "relation": "r.self\n"},
    {"narrative": "x", "aware": "\x01yes"},
]


# A code within a text, and what only looks like one.
WITH_CODES: list[dict[str, Any]] = [
    *({"narrative": text} for text in HOLDING if text),
    {"narrative": "x", "when_text": HOLDING[1]},
    {"narrative": "x", "who_text": HOLDING[2], "where_text": HOLDING[5]},
    {"narrative": {"of": HOLDING[1] + " ", "times": 500}},
    {"narrative": " ".join(HOLDING[1].split()[:4]), "who_text": " ".join(HOLDING[1].split()[4:])},
]


def full(text: Text) -> str:
    """A text of the vectors, where a long one is written as a character and a count."""
    return text if isinstance(text, str) else str(text["of"]) * int(text["times"])


def short(text: str) -> Text:
    """The inverse of `full`."""
    for of in (text[:1], text[:2]):
        times = len(text) // max(1, len(of))
        if len(text) > 150 and of * times == text:
            return {"of": of, "times": times}
    return text


def answers_of(case: Mapping[str, Text]) -> dict[str, str]:
    """The answers of a case, in full."""
    return {name: full(text) for name, text in case.items()}


def _canonical() -> object:
    return {
        "encoded": [{"value": v, "text": canonical.encode(v).decode()} for v in VALUES],
        "refused": REFUSED,
    }


def _epochs() -> object:
    days = [dt.date.fromisoformat(day) for day in DAYS]
    rows = [(day, Epoch.of(day)) for day in days]
    return {
        "days": [{"day": str(d), "epoch": str(e), "number": e.number} for d, e in rows],
        "refused": WEEKS_REFUSED,
    }


def _redaction() -> object:
    facts = ['["kind","testimony"]', '["mode","browser"]']
    roots = [
        {
            "seed": seed.hex(),
            "facts": facts[:n],
            "fields": fields,
            "root": redaction.root(
                seed, [fact.encode() for fact in facts[:n]], [(path, text) for path, text in fields]
            ).hex(),
        }
        for n, seed in enumerate(SEEDS[:3])
        for fields in _field_lists()
        if n or fields
    ]
    return {
        "words": [{"text": t, "words": redaction.words(t)} for t in TEXTS.values()],
        "roots": roots,
    }


def _field_lists() -> Iterator[list[list[str]]]:
    yield []
    yield [["narrative", ""]]
    for text in TEXTS.values():
        yield [["narrative", text]]
    yield [["narrative", " ".join(TEXTS.values())], ["when_text", "весна"], ["who_text", "x " * 70]]


def _containers() -> object:
    return [
        _container(form, mode, Epoch.parse(epoch), SEEDS[n % len(SEEDS)])
        for n, (form, mode, epoch) in enumerate(
            (form, mode, epoch)
            for form in FORMS
            for mode, epoch in ((Mode.BROWSER, "2026-W47"), (Mode.SERVER, "2026-W53"))
        )
    ]


def _container(
    case: dict[str, Any],
    mode: Mode,
    epoch: Epoch,
    seed: bytes,
    form: FormDefinition = MINIMAL,
) -> object:
    answers = answers_of(case["answers"])
    testimony = Testimony.from_answers(case["lang"], answers, case["agreed"], form)
    return case | _sealable(testimony, mode, epoch, seed)


def _changes() -> Iterator[object]:
    """What is sealed when somebody comes back: what is added, and changes of consent."""
    epoch = Epoch.parse("2026-W48")
    for n, narrative in enumerate((TEXTS["Cyrillic"], TEXTS["Latin"])):
        added = Testimony.from_answers("ru", {"narrative": narrative}, (), ADDITION)
        yield {"lang": "ru", "narrative": narrative} | _sealable(
            added, Mode.BROWSER, epoch, SEEDS[n]
        )
    for lang, agreed in (("en", []), ("ru", ["stats", "message"])):
        change = ConsentChange.of(lang, agreed)
        yield {"lang": lang, "agreed": agreed} | _sealable(change, Mode.BROWSER, epoch, SEEDS[2])
    for agrees in (True, False):
        answer = ConsentChange.answer("ru", ROSTER, agreed=agrees)
        yield {"lang": "ru", "question": ROSTER, "agrees": agrees} | _sealable(
            answer, Mode.SERVER, epoch, SEEDS[3]
        )


def _sealable(testimony: Message, mode: Mode, epoch: Epoch, seed: bytes) -> dict[str, Any]:
    author = HOLDER.author(epoch.number << 8 | 7)
    container = Container(
        kind=testimony.kind,
        mode=mode,
        form=testimony.form,
        deployment=DEPLOYMENT,
        roster=ROSTER,
        epoch=epoch,
        consent=testimony.consent,
        fields=testimony.fields,
        seed=seed,
        withdraw=author.withdraw_commit,
        reply=reply_of(author.holder),
    )
    content = container.to_bytes()
    manifest = container.manifest()
    return {
        "prk": author.prk.hex(),
        "counter": author.counter,
        "kind": container.kind.value,
        "mode": mode.value,
        "deployment": DEPLOYMENT,
        "roster": ROSTER,
        "epoch": str(epoch),
        "seed": seed.hex(),
        "root": container.redact_root.hex(),
        "manifest": manifest.decode() if len(manifest) < 6144 else None,
        "manifest_sha256": sha256(manifest).hexdigest(),
        "length": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def _codenames() -> object:
    codes = [Codename(indexes) for indexes in CODES]
    rows: list[dict[str, object]] = []
    for code in codes:
        holder = Holder.of(code, DEPLOYMENT)
        rows.append(
            {
                "indexes": list(code.indexes),
                "words": list(code.words),
                "secret": code.secret.hex(),
                "deployment": DEPLOYMENT,
                "salt": salt_of(DEPLOYMENT).hex(),
                "prk": holder.prk.hex(),
                "identity": str(holder.identity),
                "reply_to": holder.reply_to,
                "mailbox": holder.mailbox.hex(),
                "hints": [hint_of(holder.mailbox, n).hex() for n in (0, 1, REPLIES - 1)],
            }
        )
    return {
        "codes": rows,
        "typed": [{"text": text, "indexes": list(Codename.parse(text).indexes)} for text in TYPED],
        "wrong": [_not_a_code(text) for text in MISTYPED],
        "holding": [{"text": text, "holds": holds_code(text)} for text in HOLDING],
    }


def _not_a_code(text: str) -> object:
    try:
        Codename.parse(text)
    except NotACodeError as error:
        return {"text": text, "count": error.count, "unknown": [list(u) for u in error.unknown]}
    raise AssertionError(f"{text!r} is a code")


def _replies() -> Iterator[object]:
    """Notes of replies; rows are sealed with fresh randomness, so `board.json` holds some for ever."""
    for text, question in REPLIES_SAID:
        note = ReplyNote.to_address(
            reply_of(HOLDER), DEPLOYMENT, Epoch.parse("2026-W48"), text, question
        )
        yield {
            "deployment": note.deployment,
            "to": note.to.hex(),
            "epoch": str(note.epoch),
            "text": short(text),
            "question": question,
            "digest": note.digest,
            "note_sha256": sha256(note.to_bytes()).hexdigest(),
            "note": note.to_bytes().decode() if len(text) < 500 else None,
        }


def _authors() -> Iterator[tuple[Author, dict[str, object]]]:
    for n, counter in enumerate((0, 1, 255, 256, 2967 << 8 | 200, 2**32 - 1)):
        author = Author(sha256(f"intake test author {n}".encode()).digest(), counter)
        yield (
            author,
            {
                "prk": author.prk.hex(),
                "counter": author.counter,
                "status_id": author.status_id.hex(),
                "status": author.status.hex(),
                "withdraw": author.withdraw.hex(),
                "withdraw_commit": author.withdraw_commit.hex(),
                "leaf_salt": author.leaf_salt.hex(),
            },
        )


def _opening_of(author: Author, n: int) -> Opening:
    part = [sha256(f"intake test opening {n} {name}".encode()).digest() for name in "abc"]
    return Opening(
        epoch=Epoch.of(dt.date.fromisoformat(DAYS[n])),
        redact=part[0],
        salt=author.leaf_salt,
        envelope=part[1],
        roster=ROSTER,
        withdraw_commit=author.withdraw_commit,
        salt2=part[2],
    )


def _openings() -> Iterator[object]:
    for n, (author, _) in enumerate(_authors()):
        opening = _opening_of(author, n)
        yield {
            "status": author.status.hex(),
            "epoch": str(opening.epoch),
            "redact": opening.redact.hex(),
            "salt": opening.salt.hex(),
            "envelope": opening.envelope.hex(),
            "roster": opening.roster,
            "withdraw_commit": opening.withdraw_commit.hex(),
            "salt2": opening.salt2.hex(),
            "public": opening.public.decode(),
            "private": opening.private.decode(),
            "commit": opening.commit.hex(),
            "head": LetterHead(author.status, opening).to_bytes().decode(),
        }


def _swapped(text: str, at: int) -> str:
    return text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1 :]


def _acknowledgements() -> Iterator[object]:
    """What a server answers: some hold, others are of somebody or something else, or no answer."""
    authors = [author for author, _ in _authors()]
    opening = _opening_of(authors[0], 5)
    next_week = replace(opening, epoch=opening.epoch.next)
    given = Acknowledgement.give(opening, LOG).to_bytes().decode()
    note, _, lines = given.partition("\n\n— ")
    foreign = Signer(f"{LOG.name}x", LOG.algorithm, LOG.seed)
    stranger = Signer(LOG.name, LOG.algorithm, LOG_ML_DSA.seed)

    def changed(**lines: Any) -> str:
        return Acknowledgement.give(replace(opening, **lines), LOG).to_bytes().decode()

    def moved(epoch: Epoch) -> str:
        return changed(epoch=epoch)

    for why, text, holds in (
        ("as it was kept", given, True),
        ("kept in the next week", Acknowledgement.give(next_week, LOG).to_bytes().decode(), True),
        ("kept two weeks on", moved(opening.epoch.next.next), False),
        ("kept the week before", moved(opening.epoch.previous), False),
        ("of a week that never comes", moved(Epoch.parse("9990-W01")), False),
        ("another object", changed(envelope=opening.salt2), False),
        ("another redaction root", changed(redact=opening.salt2), False),
        ("another roster", changed(roster="sha256:" + "0" * 64), False),
        ("another salt2", changed(salt2=opening.redact), False),
        ("nothing", "", False),
        ("as many spaces", " " * len(given), False),
        ("a promise alone", promise_for(opening, LOG).decode(), False),
        ("an opening alone", opening.to_bytes().decode(), False),
        (
            "another's",
            Acknowledgement.give(_opening_of(authors[1], 6), LOG).to_bytes().decode(),
            False,
        ),
        ("another log's", Acknowledgement.give(opening, foreign).to_bytes().decode(), False),
        ("a stranger's", Acknowledgement.give(opening, stranger).to_bytes().decode(), False),
        ("another salt", changed(salt=opening.salt2), False),
        ("another withdraw-commit", changed(withdraw_commit=opening.salt), False),
        (
            "a week moved in the opening",
            given[::-1].replace(str(opening.epoch)[::-1], str(next_week.epoch)[::-1], 1)[::-1],
            False,
        ),
        (
            "a week moved in the promise",
            given.replace(str(opening.epoch), str(next_week.epoch), 1),
            False,
        ),
        ("the opening has one more line", given + "more x\n", False),
        ("the opening lacks its last line end", given[:-1], False),
        ("with a carriage return", given.replace("\nredact", "\r\nredact"), False),
        ("the signature changed", note + "\n\n— " + _swapped(lines, lines.index("\n") - 10), False),
    ):
        yield {
            "why": why,
            "sealed": opening.to_bytes().decode(),
            "now": str(opening.epoch),
            "deployment": DEPLOYMENT,
            "log": str(LOG.vkey),
            "answer": text,
            "holds": holds,
        }


def _testimonies() -> object:
    return {
        "good": [_good(case) for case in FORMS],
        "wrong": [_wrong(case) for case in WRONG],
        # Of their own, since only who has the list of words can tell them.
        "holding": [_holding(case) for case in WITH_CODES],
    }


def _good(case: dict[str, Any], form: FormDefinition = MINIMAL) -> dict[str, Any]:
    answers = answers_of(case["answers"])
    testimony = Testimony.from_answers(case["lang"], answers, case["agreed"], form)
    fields = [[name, short(text)] for name, text in testimony.fields]
    return {**case, "fields": fields, "consent": [row.to_json() for row in testimony.consent]}


def _wrong(answers: dict[str, Text], form: FormDefinition = MINIMAL) -> object:
    try:
        Testimony.from_answers("ru", answers_of(answers), (), form)
    except AnswersError as error:
        problems = [[p.field, p.kind, p.amount] for p in error.problems]
        tidied = {name: short(text) for name, text in error.tidied.items()}
        return {"answers": answers, "problems": problems, "tidied": tidied}
    raise AssertionError(f"nothing is wrong with {answers}")


def _holding(answers: dict[str, Text]) -> object:
    found = problems_of(MINIMAL, answers_of(answers))
    return {"answers": answers, "problems": [[p.field, p.kind, p.amount] for p in found]}


def _forms() -> object:
    return {
        "definitions": [form.to_json() for form in DEFINITIONS.values()],
        "good": [_filled(case, SEEDS[n]) for n, case in enumerate(GUIDED_FORMS)],
        "wrong": [_wrong(case, GUIDED) for case in GUIDED_WRONG],
        "walks": [_walk(answers, here) for answers, here in WALKS],
        "caps": [{"answers": answers, "caps": list(caps(answers))} for answers in CAPPED],
    }


def _filled(case: dict[str, Any], seed: bytes) -> object:
    return {"container": _container(case, Mode.BROWSER, Epoch.parse("2026-W47"), seed, GUIDED)} | {
        "fields": _good(case, GUIDED)["fields"]
    }


def _walk(texts: dict[str, str], here: str) -> object:
    answers = Answers(GUIDED, "en", texts, page=here)
    return {
        "answers": texts,
        "here": here,
        "route": [place.key for place in GUIDED.route(texts, here)],
        "gone": {way: answers.gone(way).key for way in ("next", "back", "end", "again")},
        "may_add": answers.may_add,
    }


def vectors() -> dict[str, str]:
    """Every file of this folder by name, as its text must be."""
    values: dict[str, object] = {
        "canonical": _canonical(),
        "epoch": _epochs(),
        "redaction": _redaction(),
        "container": _containers(),
        "change": list(_changes()),
        "codename": _codenames(),
        "reply": list(_replies()),
        "author": [row for _, row in _authors()],
        "opening": list(_openings()),
        "acknowledgement": list(_acknowledgements()),
        "testimony": _testimonies(),
        "form": _forms(),
    }
    return {f"{name}.json": json.dumps(v, indent=1) + "\n" for name, v in values.items()}


def check_refusals() -> None:
    """Raise unless everything listed as refused is."""
    for value in REFUSED:
        _refused(lambda value=value: canonical.encode(value))
    for text in WEEKS_REFUSED:
        _refused(lambda text=text: Epoch.parse(text))


def _refused(attempt: Any) -> None:
    try:
        attempt()
    except MalformedError:
        return
    raise AssertionError("something listed as refused was taken")


if __name__ == "__main__":
    check_refusals()
    for name, content in vectors().items():
        (FOLDER / name).write_text(content, encoding="ascii")
