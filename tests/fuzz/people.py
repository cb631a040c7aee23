"""The readers of rosters, roots and keys, and of what reviewers keep of a case."""

import datetime as dt
from contextlib import suppress

from intake import canonical
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.passphrase import _text
from intake.review.coding.account import Coding
from intake.review.coding.register import registered
from intake.review.custody import Collected
from intake.review.desk.history import History
from intake.review.facts import Noted
from intake.review.finding.asking import Question
from intake.review.government import BODIES, Reading
from intake.review.imported import Imported
from intake.review.keys import LockedIdentity, LockedRootKey
from intake.review.keys_cli import read_roots
from intake.review.panel import Panel as Settled
from intake.review.plan import Plan as OutputPlan
from intake.review.planning import Plan
from intake.review.reading_time import Day
from intake.review.record import Entry, pack, unpack
from intake.review.redacting import Redaction, Span
from intake.review.remembering import Seen
from intake.review.roster_cli import _note
from intake.review.sent import Exported, Replied
from intake.review.standing import Standing
from intake.review.steps import Step
from intake.review.stick import Listing
from intake.review.work import Answers, Grades
from intake.reviewer import parse_date, parse_recipient
from intake.roots import RootSet, parse_fingerprint, parse_number
from intake.roster import SignedRoster, open_roster
from intake.roster_draft import (
    parse_reviewer_lines,
    parse_revoke,
    parse_root_lines,
    reviewer_lines,
    root_lines,
)
from intake.roster_text import Roster
from intake.witness.keys import WitnessKeys
from tests.fuzz import made
from tests.fuzz.parser import Parser, bytes_of, text_of
from tests.vectors.roster.fixed import DEPLOYMENT, FULL, ROOTS, ROSTER, TODAY, reviewer, root

NOTE = made.ROSTER_NOTE


def _opened_roster(data: bytes) -> None:
    open_roster(data, trusted=ROOTS["three"], today=TODAY, deployment=DEPLOYMENT)


def _lived_through(data: bytes) -> Epoch:
    """Read an epoch and ask it all that it is asked once it came from outside."""
    epoch = Epoch.parse(text_of(data))
    _ = epoch.number.to_bytes(4), epoch.end
    with suppress(MalformedError):  # there is none after the last
        _ = epoch.next
    return epoch


ROOM: tuple[Parser, ...] = (
    Parser("record", unpack, made.RECORDS, pack, covers=(unpack,)),
    Parser(
        "record of an item",
        lambda d: Entry.from_json(canonical.decode(d)),
        made.JSON[:3],
        lambda value: canonical.encode(value.to_json()),
        covers=(Entry.from_json,),
    ),
    Parser(
        "record of an export",
        lambda d: Exported.from_json(canonical.decode(d)),
        made.JSON[3:4],
        lambda value: canonical.encode(value.to_json()),
        covers=(Exported.from_json,),
    ),
    Parser(
        "redaction",
        lambda d: Redaction.from_json(canonical.decode(d)),
        made.JSON[4:5],
        lambda value: canonical.encode(value.to_json()),
        covers=(Redaction.from_json,),
    ),
    Parser(
        "record of the log",
        lambda d: Standing.from_json(canonical.decode(d)),
        made.JSON[5:6],
        lambda value: canonical.encode(value.to_json()),
        covers=(Standing.from_json,),
    ),
    Parser(
        "record of a reply",
        lambda d: Replied.from_json(canonical.decode(d)),
        made.JSON[6:7],
        lambda value: canonical.encode(value.to_json()),
        covers=(Replied.from_json,),
    ),
    Parser(
        "coding",
        lambda d: Coding.from_json(canonical.decode(d)),
        made.JSON[7:8],
        lambda value: canonical.encode(value.to_json()),
        covers=(Coding.from_json,),
    ),
    Parser(
        "entry of the register",
        lambda d: registered(canonical.decode(d)),
        (*made.JSON[8:10], canonical.encode(["withdrawn", "p-0000ab"])),
        lambda value: canonical.encode(value.to_json()),
        covers=(registered,),
    ),
    Parser(
        "answers to a step",
        lambda d: Answers.from_json(Step.JIGSAW, canonical.decode(d)),
        (canonical.encode(made.JIGSAW.to_json()),),
        lambda value: canonical.encode(value.to_json()),
        covers=(Answers.from_json,),
    ),
    Parser(
        "answers to a checklist",
        lambda d: Answers.from_json(Step.CHECKLIST, canonical.decode(d)),
        (canonical.encode(made.CHECKLIST.to_json()),),
        lambda value: canonical.encode(value.to_json()),
    ),
    Parser(
        "consent that a government is told",
        lambda d: Reading.from_json(canonical.decode(d)),
        (canonical.encode(Reading(made.SALT, "sha256:" + "0" * 64, BODIES[2]).to_json()),),
        lambda value: canonical.encode(value.to_json()),
        covers=(Reading.from_json,),
    ),
    Parser(
        "words that were left",
        lambda d: Seen.from_json(canonical.decode(d)),
        (canonical.encode(made.SEEN.to_json()),),
        lambda value: canonical.encode(value.to_json()),
        covers=(Seen.from_json,),
    ),
    Parser(
        "facts that no code says",
        lambda d: Noted.from_json(canonical.decode(d)),
        (canonical.encode({"sex": "m", "work": "сварщик"}),),
        lambda value: canonical.encode(value.to_json()),
        covers=(Noted.from_json,),
    ),
    Parser(
        "grades",
        lambda d: Grades.from_json(canonical.decode(d)),
        (canonical.encode(made.GRADES.to_json()),),
        lambda value: canonical.encode(value.to_json()),
        covers=(Grades.from_json,),
    ),
    Parser(
        "collection of a stick",
        lambda d: Collected.from_json(canonical.decode(d)),
        (canonical.encode(made.ON_STICK.fields),),
        covers=(Collected.from_json,),
    ),
    Parser(
        "panel.toml",
        lambda d: Settled.parse(text_of(d)),
        (b'steps = ["read", "jigsaw"]\norganisation = "G"\n',),
        lambda panel: bytes_of(panel.text),
        covers=(Settled.parse,),
    ),
    Parser(
        "draft of marks",
        lambda d: History.from_json(canonical.decode(d)),
        (
            (
                b'{"base":[1,"r1"],"done":[{"narrative:0:4":[null,"person"]}],'
                b'"state":{"narrative:0:4":"person"},"undone":[]}'
            ),
        ),
        lambda value: canonical.encode(value.to_json()),
        covers=(History.from_json,),
    ),
    Parser(
        "day of reading",
        lambda d: Day.from_json(canonical.decode(d)),
        (canonical.encode(Day(dt.date(2026, 11, 29), frozenset((1, 2)), 0).to_json()),),
        lambda value: canonical.encode(value.to_json()),
        covers=(Day.from_json,),
    ),
    Parser(
        "plan of an output",
        lambda d: OutputPlan.parse(text_of(d)),
        (
            (
                b'form = "report"\npurpose = "publish"\nitems = ["ab"]\n[[findings]]\ntext = "x"\n'
                b'grade = "g.a"\nitems = ["ab"]\n'
            ),
        ),
        covers=(OutputPlan.parse,),
    ),
    Parser(
        "question to finding",
        Question.parse,
        (
            b'{"id": "1", "text": "\\u0417\\u0430\\u0440\\u0430 \\ud800", "language": "ru"}',
            b'{"id":"","text":"Zara, 12"}\n',
        ),
        covers=(Question.parse,),
    ),
    Parser(
        "list of a stick",
        lambda d: Listing.parse(*divided(d)),
        (made.LISTING.to_bytes() + b"\0" + made.LISTING.rows(),),
        lambda listing: listing.to_bytes() + b"\0" + listing.rows(),
        covers=(Listing.parse,),
    ),
    Parser(
        "record of an import",
        Imported.parse,
        (made.IMPORTED.to_bytes(),),
        Imported.to_bytes,
        covers=(Imported.parse,),
    ),
    Parser(
        "span",
        lambda d: Span.parse(text_of(d)),
        (b"narrative:3:9=person",),
        bytes_of,
        covers=(Span.parse,),
    ),
    Parser(
        "plan",
        lambda d: Plan.parse(d.decode(errors="replace")),
        (b"narrative:3:9=person # a name\nwithhold where_text\n",),
        covers=(Plan.parse,),
    ),
)


def divided(data: bytes) -> tuple[bytes, bytes]:
    """A signed text and what stands behind it, as one piece of bytes for the fuzzer."""
    text, _, rows = data.partition(b"\0")
    return text, rows


PARSERS: tuple[Parser, ...] = (
    Parser(
        "epoch",
        _lived_through,
        (b"2026-W47", b"9999-W51", b"1970-W02"),
        bytes_of,
        covers=(Epoch.parse,),
    ),
    Parser(
        "date", lambda d: parse_date(text_of(d)), (b"2026-11-20",), bytes_of, covers=(parse_date,)
    ),
    Parser(
        "number of a roster",
        lambda d: parse_number(text_of(d), "version"),
        (b"12",),
        bytes_of,
        covers=(parse_number,),
    ),
    Parser(
        "fingerprint",
        lambda d: parse_fingerprint(text_of(d)),
        (ROOTS["three"].fingerprint.encode(),),
        bytes_of,
        one_spelling=False,
        covers=(parse_fingerprint,),
    ),
    Parser(
        "recipient of a reviewer",
        lambda d: parse_recipient(text_of(d)),
        (str(reviewer(1).recipient).encode(),),
        bytes_of,
        covers=(parse_recipient,),
    ),
    Parser(
        "roots",
        RootSet.parse,
        tuple(roots.to_bytes() for roots in ROOTS.values()),
        RootSet.to_bytes,
        covers=(RootSet.parse,),
    ),
    Parser(
        "roots of anything",
        read_roots,
        (ROOTS["one"].to_bytes(), NOTE, ROSTER.to_bytes()),
        covers=(read_roots,),
    ),
    Parser(
        "roster",
        Roster.parse,
        (ROSTER.to_bytes(), FULL.to_bytes()),
        Roster.to_bytes,
        covers=(Roster.parse,),
    ),
    Parser(
        "signed roster",
        SignedRoster.parse,
        (NOTE,),
        SignedRoster.to_bytes,
        covers=(SignedRoster.parse,),
    ),
    Parser("roster to be trusted", _opened_roster, (NOTE,), covers=(open_roster,)),
    Parser("roster to be signed", _note, (NOTE, ROSTER.to_bytes())),
    Parser(
        "lines of a reviewer",
        parse_reviewer_lines,
        (reviewer_lines(reviewer(1)),),
        reviewer_lines,
        covers=(parse_reviewer_lines,),
    ),
    Parser(
        "lines of a root holder",
        parse_root_lines,
        (root_lines([key.vkey for key in root(0)]),),
        root_lines,
        covers=(parse_root_lines,),
    ),
    Parser(
        "revoked name",
        lambda d: parse_revoke(text_of(d)),
        (b"r1:retired", b"r2:compromised"),
        lambda pair: bytes_of(":".join(pair)),
        covers=(parse_revoke,),
    ),
    Parser(
        "locked identity",
        LockedIdentity.parse,
        (made.LOCKED.to_bytes(),),
        LockedIdentity.to_bytes,
        covers=(LockedIdentity.parse,),
    ),
    Parser(
        "locked root key",
        LockedRootKey.parse,
        (made.LOCKED_ROOT.to_bytes(),),
        LockedRootKey.to_bytes,
    ),
    Parser(
        "keys of a witness",
        WitnessKeys.parse,
        (made.WITNESS_KEYS.to_bytes(),),
        WitnessKeys.to_bytes,
        covers=(WitnessKeys.parse,),
    ),
    Parser("passphrase", _text, ("пять слов".encode(), b"correct horse")),
    *ROOM,
)
