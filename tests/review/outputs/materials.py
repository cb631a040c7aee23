"""What the tests of outputs are made from: accounts with their coding, as a case would hand them over."""

import datetime as dt
from dataclasses import replace

from intake.container import Consent, Level
from intake.epoch import Epoch
from intake.review.coding.account import Act, Coding, Involvement, Quote, When
from intake.review.coding.register import Of, Person, Place, Register, Scope
from intake.review.consent import Purpose
from intake.review.outputs.codes import case_codes, labels_of
from intake.review.outputs.material import (
    Extract,
    Finding,
    Government,
    Grade,
    Material,
    Output,
    Piece,
)

WEEK = Epoch(2026, 47)
COURT_KEY = f"sha256:{7:064x}"
SECRET = b"one output".ljust(32)
LABELS = labels_of(SECRET, ["p-00000a", "p-00000b", "p-00000c", "p-00000d", "l-00000a", "l-00000b"])
QUOTE = (Quote("narrative", 0, 4),)
CODES = sorted(case_codes(bytes(32), [bytes([i]) for i in range(120)]).values())
OFFICER = Person("p-00000a", Of.INDIVIDUAL, ("Kadyrkhanov Bislan",), official=True)
BROTHER = Person("p-00000b", Of.INDIVIDUAL, ("Zelimkhan",))
FORCED = Person("p-00000c", Of.INDIVIDUAL, ("Ruslanbek",), official=True)
PRISON = Place("l-00000a", "pl.police", Scope.SITE, ("ROVD Argunovo",), "argun")
HOME = Place("l-00000b", "pl.home", Scope.TOWN, ("Kenkhi",), "sharoysky")
REGISTER = Register.of([OFFICER, BROTHER, FORCED, PRISON, HOME])
TEXT = "They took me to [place]. A man hit me.\n- Where are the others? he said.\nThen it ended."


def consents(*levels: Level) -> tuple[Consent, ...]:
    """Rows that allow these uses, every use where none is named."""
    every = levels or (Level.STATS, Level.PUBLISH, Level.INVESTIGATORS, Level.COURTS)
    return tuple(Consent(level, True, f"c_{level}.1", "ru") for level in every)


def month(year: int, number: int) -> When:
    """All of a month."""
    first = dt.date(year, number, 1)
    last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    return When(first, last, "d.month")


def piece(number: int, *, text: str = TEXT, **changes: object) -> Piece:
    """One account: held by the police in March 2017, beaten by an officer, threatened at home."""
    held = Act(
        1,
        "act.detention_unlawful",
        QUOTE,
        victim="p-00000d",
        when=month(2017, 3 + number % 2),
        place=PRISON.name,
    )
    beaten = Act(
        2,
        "act.torture",
        QUOTE,
        methods=("m.electric", "m.object"),
        purposes=("u.discriminate", "u.info"),
        effects=("e.bruise",),
        victim="p-00000d",
        when=When(dt.date(2017, 3, 4), dt.date(2017, 3, 6), "d.about"),
        place=PRISON.name,
    )
    threat = Act(3, "act.threat_death", QUOTE, victim="p-00000d", place=HOME.name)
    coding = Coding(
        (held, beaten, threat),
        (
            Involvement(1, OFFICER.name, "i.ordered", "p.police", QUOTE, rank="major"),
            Involvement(2, OFFICER.name, "i.did", "p.police", QUOTE),
            Involvement(3, BROTHER.name, "i.did", "p.family", QUOTE),
        ),
        "r.self",
    )
    given: dict[str, object] = {
        "case": CODES[number],
        "fields": (("relation", "r.self"), ("narrative", text)),
        "coding": coding,
        "week": Epoch(2026, 40),
        "language": "ru",
        "consents": consents(),
        "grades": (Grade(1, "g.a", "two cells described alike"), Grade(2, "g.c")),
        "removed": (("Хасавюртов", "person"), ("в сером уазике", "event")),
        "reasons": (("event", 1), ("person", 1)),
        "extracts": (Extract("narrative", 0, 24, "A man was taken to a police station."),),
    } | changes
    return Piece(**given)  # type: ignore[arg-type]


def pieces(count: int, **changes: object) -> tuple[Piece, ...]:
    """That many accounts, in the order of their codes."""
    return tuple(piece(number, **changes) for number in range(count))


def material(purpose: Purpose = Purpose.PUBLISH, count: int = 0, **changes: object) -> Material:
    """All that an output needs, and no more than it may have."""
    recipients = {
        Purpose.PUBLISH: "to.press",
        Purpose.INVESTIGATORS: "to.un_procedure",
        Purpose.COURTS: "to.international_court",
        Purpose.STATS: "to.ngo",
    }
    given: dict[str, object] = {
        "purpose": purpose,
        "recipient": recipients[purpose],
        "recipient_name": "Office of the reader",
        "deployment": "test-abcdefgh",
        "organisation": "Our organisation",
        "contact": "contact@example.org",
        "title": "What people told us",
        "week": WEEK,
        "pieces": pieces(count or (8 if purpose is Purpose.PUBLISH else 5)),
        "register": REGISTER,
        "secret": SECRET,
        "agreement": "Letter of 2026-W30",
        "method": ("Two reviewers read each account.",),
        "findings": (
            Finding(
                "Men were held in a police station without any record.", "g.a", (CODES[0], CODES[1])
            ),
        ),
        "jigsaw": True,
        "sealed_to": COURT_KEY if purpose is Purpose.COURTS else "",
    } | changes
    return Material(**given)  # type: ignore[arg-type]


def told_the_state(made: Material, body: Output) -> Material:
    """The same with everybody's consent that a government is told."""
    agreed = Government(body, Epoch(2026, 45), ("r1", "r2"))
    return replace(
        made, pieces=tuple(replace(one, government=agreed) for one in made.pieces), to_state=True
    )
