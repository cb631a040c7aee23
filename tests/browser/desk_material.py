"""A case in which two reviewers have done each kind of work, so that every page of the desk has something to show.

All testimony in it is made up.
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from intake.author import Holder
from intake.canaries import CanaryList
from intake.review import gates
from intake.review.canaries import keep_list
from intake.review.case import Case
from intake.review.coding.account import Act, Coding, Involvement, Quote, When
from intake.review.coding.chain import Event, Leads, Link
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.gathering import replies_to
from intake.review.panel import Panel as Settled
from intake.review.redacting import Redaction, Span
from intake.review.registering import enter, join, withdraw
from intake.review.standing import keep_standing, standing_of
from intake.review.steps import Step
from intake.review.work import ASKED, Answers
from tests.little_log import Little, LittleLog
from tests.panel import Panel
from tests.review.desk.bench import WORDS
from tests.review.test_government import QUESTION, answer
from tests.review.test_replying import answer as ask
from tests.review.two_people import READ, READ_TOO, TRIAGED, Pair, check_list
from tests.review.workroom import NOW, Room, container, seal_container, sealed_item, under

STORIES = {
    "en": (
        "It was at the end of March. A friend, Ruslan, called me and asked me to come to the market.\n"
        "Three men were waiting in a grey car. They took my phone and read all of it.\n"
        "They asked who else was like me. I heard others through the wall. On the ninth day my uncle came."
    ),
    "ru": (
        "Это было в конце марта. Друг, Руслан, позвонил и попросил прийти на рынок.\n"
        "Там ждали трое в серой машине. Забрали телефон и прочитали всё.\n"
        "Спрашивали, кто ещё такой. За стеной были другие. На девятый день приехал дядя."
    ),
}
OTHERS = ("I was held in Argun for two days.", "They came in March.", "A third account.")
MARKED = {
    "en": (("end of March", "date"), ("Ruslan", "person"), ("my uncle", "family")),
    "ru": (("конце марта", "date"), ("Руслан", "person"), ("дядя", "family")),
}
HOLDER = Holder(bytes([5]) * 32)
SETTLED = 'organisation = "An archive"\ncontact = "post@example.org"\n'
USES = dict.fromkeys(("stats", "publish", "investigators", "courts", "message"), True)


class Material:
    """The case of r1 in `folder`, made with what r2 did on a case beside it, and the ids of its items."""

    def __init__(self, panel: Panel, folder: Path, lang: str = "en") -> None:
        self.lang, self.text = lang, STORIES[lang]
        self._room = Room(panel, folder / "case", panel.identities[:1])
        box = under(HOLDER, container(("narrative", self.text), roster=panel.roster), **USES)
        mine = seal_container(box, panel.roster)
        others = [sealed_item(panel.roster, text) for text in OTHERS]
        log = LittleLog().with_rosters(panel.note).close(NOW, *(o for o, _ in (mine, *others)))
        self._room.take_whole(Little(panel, log, (mine, *others), (), notes=()))
        with self._room.case(writing=True) as case:
            keep_list(case, CanaryList(panel.roster.deployment, NOW, ()))
            gates.config(case, Settled.parse(SETTLED))
        self.pair = Pair(panel, folder / "case", folder)
        self.story = self._room.item(mine[1])
        self.others = [self._room.item(sealed) for _, sealed in others]
        self._coded_by_first()
        self._read_by_second()
        ask(self._room, mine, question=QUESTION)
        self.yes = self._answered()

    def _coded_by_first(self) -> None:
        with self.pair.case(1) as case:
            for item in (self.story, *self.others[:2]):
                for given in (TRIAGED, READ):
                    gates.open_item(case, item)
                    gates.answer(case, item, given)
            for item in self.others[:2]:
                gates.code(
                    case, item, Coding((Act(1, "act.torture", (Quote("narrative", 0, 6),)),))
                )
            coded(case, self.story, len(self.text))
            gates.answer(case, self.story, Answers.of(Step.CONSISTENCY, _words(Step.CONSISTENCY)))
            self._redact(case)

    def _redact(self, case: Case) -> None:
        places = sorted((self.text.index(words), words, why) for words, why in MARKED[self.lang])
        spans = tuple(Span("narrative", at, at + len(words), why) for at, words, why in places)
        envelope = case.entry(self.story).opening.envelope
        gates.redact(case, self.story, Redaction(envelope, 1, spans, (), case.by))
        check_list(case, self.story)

    def _read_by_second(self) -> None:
        self.pair.sync(1)
        self.pair.sync(2)
        with self.pair.case(2) as case:
            gates.open_item(case, self.story)
            gates.answer(case, self.story, READ_TOO)
        self.pair.sync(2)
        self.pair.sync(1)

    def _answered(self) -> str:
        """The person says yes to the question; gives the id of what said so."""
        with self.pair.case(1) as case:
            ((_, asked), *_) = replies_to(case, [self.story])
        said = answer(self._room.panel, asked.digest)
        self._room.take(said)
        with self._room.case(writing=True) as case:
            known = standing_of(case)
            keep_standing(case, replace(known, logged=known.logged | {said[0].envelope}))
        return self._room.item(said[1])


def _words(step: Step) -> dict[str, str]:
    return {ask.name: WORDS[ask.name] for ask in ASKED[step]}


def coded(case: Case, item: str, length: int = 27) -> None:
    """Two acts of one of two events, at a place by an official, who was joined to another; and one withdrawn."""
    officer = Person("p-3f09ab", Of.INDIVIDUAL, ("the major",), official=True)
    former = Person("p-77d1c2", Of.INDIVIDUAL, ("a man in grey",))
    unused = Person("p-90aa10", Of.INDIVIDUAL, ("somebody else",))
    alike = Person("p-1b20cc", Of.INDIVIDUAL, ("Ruslan", "Руслан"))
    friend = Person("p-5e11dd", Of.INDIVIDUAL, ("Rouslan",))
    site = Place("l-18c4e0", "pl.police", Scope.SITE, ("the station",), "argun")
    for entry in (officer, former, unused, alike, friend, site):
        enter(case, entry)
    join(case, officer.name, former.name)
    withdraw(case, unused.name)
    quotes = (Quote("narrative", 0, min(27, length)),)
    march = When(dt.date(2017, 3, 20), dt.date(2017, 3, 31), "d.about")
    events = (
        Event(1, "Called to the market", quotes, march),
        Event(2, "Nine days held", quotes, march, site.name),
    )
    chain = (Link(1, 2, Leads.PRECEDES, quotes),)
    held = Act(1, "act.detention_unlawful", quotes, when=march, place=site.name, event=2)
    beaten = Act(2, "act.torture", quotes, when=march, place=site.name, event=2)
    parts = tuple(Involvement(n, officer.name, "i.did", "p.police", quotes) for n in (1, 2))
    gates.code(case, item, Coding((held, beaten), parts, "r.self", events, chain))
