"""What two reviewers have worked on, ready to be planned into an output."""

import datetime as dt
import json
from collections.abc import Sequence

from intake.review import gates
from intake.review.coding.account import Act, Coding, Quote, When
from intake.review.coding.register import Of, Person
from intake.review.panel import Panel as Settled
from intake.review.redacting import Redaction, Span
from intake.review.registering import enter
from tests.review.two_people import READ, READ_TOO, TRIAGED, Pair, check_list

MARCH = When(dt.date(2017, 3, 1), dt.date(2017, 3, 31), "d.month")


def work(pair: Pair, withheld: tuple[str, ...] = (), besides: str = "") -> list[str]:
    """r1 reads, codes and redacts every item, each of which begins with `Zaur`; r2 reads it too."""
    with pair.case(1) as case:
        settled = 'organisation = "Example Archive"\ncontact = "post@example.org"\n'
        gates.config(case, Settled.parse(settled))
        victim = Person.new(Of.INDIVIDUAL, ["the writer"])
        enter(case, victim)
        items = [item for item in case.items() if item != besides]
        for item in items:
            for answers in (TRIAGED, READ):
                gates.open_item(case, item)
                gates.answer(case, item, answers)
            quotes = (Quote("narrative", 0, 4),)
            act = Act(1, "act.torture", quotes, victim=victim.name, when=MARCH)
            gates.code(case, item, Coding((act,), relation="r.self"))
            envelope = case.entry(item).opening.envelope
            spans = (Span("narrative", 0, 4, "person"),)
            gates.redact(case, item, Redaction(envelope, 1, spans, withheld, "r1"))
            check_list(case, item)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        for item in items:
            gates.open_item(case, item)
            gates.answer(case, item, READ_TOO)
    pair.sync(2)
    pair.sync(1)
    return items


def plan(form: str, purpose: str, items: Sequence[str], more: str = "") -> str:
    head = f'form = "{form}"\npurpose = "{purpose}"\nitems = {json.dumps(list(items))}\n'
    return (
        f'{head}recipient = "to.archive"\nrecipient_name = "An archive"\ntitle = "A title"\n{more}'
    )
