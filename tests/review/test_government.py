"""A government is told where the person said so to one question, two reviewers read it, and no no came since."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from intake.author import Holder
from intake.caps import Cap
from intake.container import Kind, Level
from intake.epoch import Epoch
from intake.errors import ConsentError, GateError, MalformedError, StoreError
from intake.reply import ReplyNote
from intake.review import gates
from intake.review.case import Case
from intake.review.gathering import replies_to
from intake.review.government import BODIES, Reading, answered, consent, government_of
from intake.review.outgoing import sign_off, waiting_for
from intake.review.outputs.material import Government, Output
from intake.review.standing import keep_standing, standing_of
from intake.seal import reply_of
from intake.testimony import ConsentChange
from tests.panel import DEPLOYMENT, Panel
from tests.review.conftest import Desk
from tests.review.planned import plan, work
from tests.review.test_replying import answer as ask
from tests.review.test_thread import name
from tests.review.two_people import Pair
from tests.review.workroom import NOW, Room, Sealed, container, seal_container, under, weeks

HOLDER = Holder(bytes([5]) * 32)
QUESTION = "May the working group tell the State of your case, without your name?"
BODY = Output.DETENTION
USES = {"investigators": True, "message": True, "publish": False}


def story(panel: Panel, *fields: tuple[str, str], **rows: bool) -> Sealed:
    box = container(("narrative", "Zaur told me of it"), *fields, roster=panel.roster)
    return seal_container(under(HOLDER, box, **(rows or USES)), panel.roster)


def answer(
    panel: Panel,
    question: str,
    *,
    agreed: bool = True,
    holder: Holder = HOLDER,
    epoch: Epoch = NOW,
) -> Sealed:
    """What somebody sends who answers a question with their code."""
    change = ConsentChange.answer("ru", question, agreed=agreed)
    box = container(*change.fields, roster=panel.roster, kind=Kind.CONSENT, epoch=epoch)
    box = replace(under(holder, box, government=agreed), consent=change.consent)
    return seal_container(box, panel.roster, epoch)


@dataclass
class Asked:
    """A case in which the person of `item` was asked; what they answer is taken in by `hears`."""

    room: Room
    item: str

    @classmethod
    def of(cls, room: Room, *fields: tuple[str, str], **rows: bool) -> "Asked":
        mine = story(room.panel, *fields, **rows)
        room.take(mine)
        ask(room, mine, question=QUESTION)
        asked = cls(room, name(mine))
        asked.log(mine)
        return asked

    def log(self, sealed: Sealed, *, seen: bool = True) -> None:
        """It was seen in the log, or it was not."""
        with self.room.case(writing=True) as case:
            known, one = standing_of(case), frozenset({sealed[0].envelope})
            logged = known.logged | one if seen else known.logged - one
            keep_standing(case, replace(known, logged=logged))

    @property
    def question(self) -> str:
        with self.room.case() as case:
            ((_, one), *_) = replies_to(case, [self.item])
        return one.digest

    def hears(self, sealed: Sealed) -> str:
        self.room.take(sealed)
        self.log(sealed)
        return name(sealed)

    def agreed(self) -> str:
        """The person says yes, and the id of what said it."""
        return self.hears(answer(self.room.panel, self.question))

    @contextmanager
    def as_reviewer(self, number: int) -> Iterator[Case]:
        keys, signers = self.room.panel.identities[number - 1 : number], self.room.panel.signers
        with Case.opened(self.room.folder, keys, writing=True, signers=signers) as case:
            yield case

    def records(self, number: int, answer: str, body: Output = BODY, **how: bool) -> None:
        """A reviewer opens both and records."""
        with self.as_reviewer(number) as case:
            for one in (self.item, answer):
                gates.open_item(case, one)
            consent(case, self.item, answer, body, **how)

    def told(self, body: Output = BODY) -> Government | None:
        with self.room.case() as case:
            try:
                return government_of(case, self.item, body)
            except ConsentError:
                return None


@pytest.fixture
def asked(room: Room) -> Asked:
    return Asked.of(room)


def test_two_who_read_the_yes_to_the_question_make_it_stand_for_that_body_alone(
    asked: Asked,
) -> None:
    yes = asked.agreed()
    assert asked.told() is None
    asked.records(1, yes)
    assert asked.told() is None, "one alone"
    asked.records(2, yes)
    assert asked.told() == Government(BODY, NOW, ("r1", "r2"), name=False)
    assert [body for body in BODIES if asked.told(body)] == [BODY]
    with asked.room.case() as case:
        (one,) = answered(case, asked.item)
        assert (one.asked.question, one.said.item) == (QUESTION, yes)
        assert [by for by, _ in one.readings] == ["r1", "r2"]
    acts = b"".join(path.read_bytes() for path in asked.room.folder.glob("ledgers/*"))
    assert acts.count(b" subject=recorded\n") == 2


def test_one_person_does_not_count_twice_and_the_newest_record_of_each_counts(
    asked: Asked,
) -> None:
    yes = asked.agreed()
    asked.records(1, yes)
    with pytest.raises(GateError, match="r1 recorded this already"):
        asked.records(1, yes)
    asked.records(1, yes, Output.TORTURE)
    asked.records(1, yes)
    assert asked.told() is None
    asked.records(2, yes, name=True)
    assert asked.told() == Government(BODY, NOW, ("r1", "r2"), name=False), "one did not say so"
    asked.records(1, yes, name=True)
    assert asked.told() == Government(BODY, NOW, ("r1", "r2"), name=True)
    asked.records(2, yes, Output.TORTURE)
    assert asked.told() is None
    assert asked.told(Output.TORTURE) is None


def test_who_did_not_open_question_and_answer_records_nothing(asked: Asked) -> None:
    yes = asked.agreed()
    with asked.as_reviewer(3) as case:
        with pytest.raises(GateError, match=f"have not opened item {asked.item}"):
            consent(case, asked.item, yes, BODY)
        gates.open_item(case, asked.item)
        with pytest.raises(GateError, match=f"have not opened item {yes}"):
            consent(case, asked.item, yes, BODY)
        with pytest.raises(MalformedError, match="an answer and a body"):
            gates.open_item(case, yes)
            consent(case, asked.item, yes, Output.REPORT)
        consent(case, asked.item, yes, BODY)


def test_a_no_is_no_yes_and_what_answers_no_question_of_ours_is_nothing(
    asked: Asked, panel: Panel
) -> None:
    said_no = asked.hears(answer(panel, asked.question, agreed=False))
    with pytest.raises(ConsentError, match="did not agree to the use government"):
        asked.records(1, said_no)
    strange = asked.hears(answer(panel, "sha256:" + "0" * 64))
    with pytest.raises(ConsentError, match="no answer under the same code"):
        asked.records(1, strange)
    other = asked.hears(answer(panel, asked.question, holder=Holder(bytes([6]) * 32)))
    with pytest.raises(ConsentError, match="no answer under the same code"):
        asked.records(1, other)
    with pytest.raises(ConsentError, match="no answer under the same code"):
        asked.records(1, asked.item)


def test_any_later_no_ends_it_also_one_to_another_question(asked: Asked, panel: Panel) -> None:
    yes = asked.agreed()
    for number in (1, 2):
        asked.records(number, yes)
    assert asked.told()
    asked.hears(answer(panel, "sha256:" + "1" * 64, agreed=False))
    assert asked.told() is None
    # A yes after that is another one, which nobody has read.
    asked.hears(answer(panel, asked.question, epoch=weeks(1)))
    assert asked.told() is None


def test_what_was_withdrawn_ends_it(asked: Asked) -> None:
    """The testimony, the answer, or anything else under the code, whatever it had said."""
    yes = asked.agreed()
    for number in (1, 2):
        asked.records(number, yes)
    assert asked.told()
    with asked.room.case(writing=True) as case:
        known, envelope = standing_of(case), case.entry(yes).opening.envelope
        keep_standing(case, replace(known, withdrawn=frozenset({envelope})))
    assert asked.told() is None


def test_an_answer_that_no_log_has_seen_allows_nothing_yet(asked: Asked, panel: Panel) -> None:
    early = answer(panel, asked.question)
    yes = asked.hears(early)
    asked.log(early, seen=False)
    with pytest.raises(ConsentError, match="did not agree"):
        asked.records(1, yes)
    asked.log(early)
    for number in (1, 2):
        asked.records(number, yes)
    assert asked.told()
    asked.log(early, seen=False)
    assert asked.told() is None


def test_while_something_of_the_code_cannot_be_read_nothing_is_told(asked: Asked) -> None:
    """It may be the no."""
    yes = asked.agreed()
    for number in (1, 2):
        asked.records(number, yes)
    with asked.room.case() as case:
        path = case.files.path(asked.item, "entry")
    other = asked.room.folder / "items" / ("0" * 12)
    other.mkdir(mode=0o700)
    (other / "entry.age").write_bytes(path.read_bytes()[:-1])
    with asked.room.case() as case, pytest.raises(StoreError, match="cannot be read"):
        government_of(case, asked.item, BODY)


@pytest.mark.parametrize(
    ("fields", "phrase"),
    [
        ((("relation", "r.relative"), ("aware", "no")), "may not know of it"),
        ((("relation", "r.witness"),), "may not know of it"),
        ((("age_band", "a.u18"),), "may be under 18"),
    ],
)
def test_of_a_child_or_of_who_may_not_know_no_government_is_told(
    room: Room, fields: tuple[tuple[str, str], ...], phrase: str
) -> None:
    asked = Asked.of(room, *fields)
    yes = asked.agreed()
    with pytest.raises(ConsentError, match=phrase):
        asked.records(1, yes)
    # Its twin: what was recorded before such a cap was known does not stand either.
    with asked.as_reviewer(1) as case:
        digest = case.entry(yes).digest
    for number in (1, 2):
        with asked.as_reviewer(number) as case:
            reading = Reading(digest, asked_question(case, asked.item), BODY)
            case.journal(asked.item).add("government", reading.to_json())
    assert asked.told() is None


def asked_question(case: Case, item: str) -> str:
    ((_, one), *_) = replies_to(case, [item])
    return one.digest


def test_every_cap_holds_governments_back() -> None:
    assert all(Level.GOVERNMENT in cap.levels for cap in Cap)


@pytest.mark.parametrize(
    "change", [{"answer": "x"}, {"body": "report"}, {"name": 1}, {"question": 1}, {"more": 1}]
)
def test_a_record_of_another_shape_is_none(change: dict[str, object]) -> None:
    good = Reading(bytes(32), "sha256:" + "0" * 64, BODY).to_json()
    assert Reading.from_json(good).to_json() == good
    with pytest.raises(MalformedError):
        Reading.from_json(good | change)
    for other in ([], None, {}, {"answer": good["answer"]}):
        with pytest.raises(MalformedError):
            Reading.from_json(other)


def test_the_way_from_the_question_to_the_working_group(desk: Desk, panel: Panel) -> None:
    """As it is typed by two reviewers on two machines; before each record it is refused."""
    told = story(panel)
    # What will be asked is known word by word, so the answer to it can lie in the same bundle.
    note = ReplyNote.to_address(reply_of(HOLDER), DEPLOYMENT, NOW, "We read it.", QUESTION)
    said = answer(panel, note.digest)
    assert desk("import", desk.bundle(told, said), "--roots", desk.roots)[0] == 0
    desk.reveal()
    alone, item, yes = replace(desk, worked=False), name(told), name(said)
    pair = Pair(panel, desk.folder / "case", desk.folder)
    assert work(pair, besides=yes) == [item]
    text, outbox = desk.folder / "reply.txt", desk.folder / "outbox"
    text.write_text("We read it.\n")
    sends = ("--file", str(text), "--outbox", str(outbox), "--question", QUESTION)
    assert alone("reply", item, *sends)[0] == 0
    path = desk.folder / "plan.toml"
    more = 'agreement = "signed in W40"\n'
    written = plan("wgad", "investigators", [item], more).replace("to.archive", "to.un_procedure")
    path.write_text(written, encoding="utf-8")
    code, _, err = alone("build", str(path))
    assert (code, "two reviewers have not recorded" in err) == (1, True)
    with pair.case(1) as case:
        for one in (item, yes):
            gates.open_item(case, one)
    assert alone("consent", item, yes)[0] == 2
    code, out, err = alone("consent", item, yes, "--body", "wgad")
    assert (code, err) == (0, "")
    assert f"yes in item {yes}, to what r1 asked:\n    | {QUESTION}\n" in out
    assert "    r1 recorded: for wgad, without the name\n" in out
    assert "wgad: no, two reviewers have not recorded" in out
    assert alone("build", str(path))[0] == 1
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        for one in (item, yes):
            gates.open_item(case, one)
        consent(case, item, yes, BODY)
    pair.sync(2)
    pair.sync(1)
    code, out, _ = alone("consent", item)
    assert (code, "wgad: yes, without the name, read by r1 and r2\n" in out) == (0, True)
    assert "sr-torture: no, " in out
    code, out, err = alone("build", str(path))
    assert (code, err) == (0, "")
    raw = bytes.fromhex(out.split()[0].removeprefix("sha256:"))
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        content = sign_off(case, waiting_for(case, raw), raw).content
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        letter = json.loads(files.read("wgad.json"))
    assert letter["for_a_government"] is True
    assert letter["cases"][0]["fields"]["consent_government"] == [
        f"Agreed in a message of the week {NOW}"
    ]
    # The same recorded yes is for no other body, nor for a letter of another that tells the State.
    for form, told_too in (("sr-torture", ""), ("special-procedures", "to_state = true\n")):
        other = written.replace("wgad", form).replace(more, more + told_too)
        path.write_text(other, encoding="utf-8")
        assert alone("build", str(path))[0] == 1, form
    path.write_text(written.replace("wgad", "special-procedures"), encoding="utf-8")
    assert alone("build", str(path))[0] == 0, "a letter that tells no State needs none"
    ledger = b"".join(one.read_bytes() for one in pair.first.glob("ledgers/*"))
    assert ledger.count(b" subject=refused\n") == 4
