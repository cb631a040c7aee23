"""The 22 steps as gates: each left out, each by the wrong person, generated from the table of steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from intake.errors import GateError, MalformedError
from intake.review import custody, gates
from intake.review.case import Case
from intake.review.coding.account import Act, Coding, Quote
from intake.review.custody import check_stick
from intake.review.desk.work_state import next_of
from intake.review.journal import Mark
from intake.review.panel import OUT_OF_THE_BOX, Panel, panel_of
from intake.review.progress import RECORDS, Progress, answers_of, coding_of
from intake.review.redacting import Redaction
from intake.review.steps import DEFAULT, RULES, On, Step, Who, needs, used
from intake.review.work import ABOUT_REDACTION, ASKED, CHECKED, Answers, Claim, Grades
from tests.review.workroom import Room, sealed_item, unchecked

ALL = f"steps = {[step.value for step in Step]}\n"
QUOTE = Quote("narrative", 0, 2)
WORDS = {ask.name: "none" for asks in ASKED.values() for ask in asks} | {
    **dict.fromkeys(CHECKED, "done"),
    "triage": "t.7",
    "recipient": "to.press",
}


@dataclass
class Walk:
    """One item in one case, in which several reviewers sit down in turn."""

    room: Room
    item: str
    done: set[Step] = field(default_factory=lambda: {Step.IMPORT, Step.OPEN})

    @contextmanager
    def case(self, number: int) -> Iterator[Case]:
        keys = self.room.panel.identities[number - 1 : number]
        signers = self.room.panel.signers
        with Case.opened(self.room.folder, keys, writing=True, signers=signers) as case:
            yield case

    def do(self, step: Step, number: int) -> None:
        with self.case(number) as case:
            gates.open_item(case, self.item)
            _DO[step](case, self.item)
        self.done.add(step)

    def undone(self, step: Step) -> list[Step]:
        """What the table names before a step and this walk has not done."""
        return [one for one in RULES[step].needs if one not in self.done]


def answered(step: Step) -> Callable[[Case, str], object]:
    def do(case: Case, item: str) -> None:
        about = None
        if step in ABOUT_REDACTION:
            about = Progress.of(case, item).done.get(Step.REDACT) or Mark(1, "r1")
        given = {ask.name: WORDS[ask.name] for ask in ASKED[step]}
        gates.answer(case, item, Answers.of(step, given, about))

    return do


def graded(case: Case, item: str) -> None:
    newest = coding_of(case, item)
    mark = Mark(1, "r1") if newest is None else newest.mark
    if newest is None:
        gates.check_may(case, item, Step.CORROBORATE)
    gates.grade(case, item, Grades(mark, (Claim(1, "g.c"),)))


def redacted(case: Case, item: str) -> None:
    envelope, version = case.entry(item).opening.envelope, case.redactions(item) + 1
    gates.redact(case, item, Redaction(envelope, version, (), (), case.by))


def coded(case: Case, item: str) -> None:
    gates.code(case, item, Coding((Act(1, "act.torture", (QUOTE,)),)))


def asked_back(case: Case, item: str) -> None:
    gates.check_may_ask(case, item)


_DO: dict[Step, Callable[[Case, str], object]] = {
    **{step: answered(step) for step in ASKED},
    Step.CODE: coded,
    Step.CORROBORATE: graded,
    Step.MESSAGE: asked_back,
    Step.REDACT: redacted,
    Step.BUILD: lambda case, item: gates.check_done(
        Progress.of(case, item), panel_of(case), Step.BUILD
    ),
}
ORDER = [step for step in Step if step in _DO]
WHOSE = {Who.FIRST: 1, Who.ANYBODY: 1, Who.SECOND: 2}


@pytest.fixture
def walk(room: Room) -> Walk:
    (report,) = room.take(sealed_item(room.panel.roster))
    with room.case(writing=True) as case:
        gates.config(case, Panel.parse(ALL))
    return Walk(room, report.item)


def test_whoever_keeps_to_the_order_is_never_stopped(walk: Walk) -> None:
    for step in ORDER:
        walk.do(step, WHOSE[RULES[step].who])
    with walk.case(1) as case:
        assert set(ORDER) - {Step.MESSAGE, Step.BUILD} <= set(Progress.of(case, walk.item).done)


@pytest.mark.parametrize("left_out", [step for step in ORDER if not RULES[step].optional])
def test_a_step_left_out_stops_what_needs_it_and_is_named(walk: Walk, left_out: Step) -> None:
    stopped = set()
    for step in ORDER:
        if step is left_out:
            continue
        missing = walk.undone(step)
        if not missing:
            walk.do(step, WHOSE[RULES[step].who])
            continue
        stopped.add(step)
        with pytest.raises(GateError) as caught:
            walk.do(step, WHOSE[RULES[step].who])
        for one in missing:
            assert gates.SAID[one] in caught.value.phrase
            assert one in caught.value.hint
    assert Step.BUILD in stopped or left_out is Step.BUILD, "nothing that lacks a step ever leaves"


@pytest.mark.parametrize("step", [s for s in ORDER if RULES[s].who in {Who.FIRST, Who.SECOND}])
def test_a_step_by_the_wrong_person_is_refused(walk: Walk, step: Step) -> None:
    for before in ORDER[: ORDER.index(step)]:
        walk.do(before, WHOSE[RULES[before].who])
    for wrong in (2, 3) if RULES[step].who is Who.FIRST else (1,):
        with pytest.raises(GateError, match="first reader"):
            walk.do(step, wrong)
    walk.do(step, WHOSE[RULES[step].who])


def test_the_order_is_the_domains() -> None:
    """Written out once more: a change of the table is a decision, and is seen here."""
    full = frozenset(Step)
    before = {
        Step.IMPORT: "collect handover session",
        Step.TRIAGE: "open",
        Step.READ: "triage",
        Step.CODE: "read",
        Step.CONSISTENCY: "read",
        Step.CORROBORATE: "code consistency",
        Step.INDEPENDENCE: "corroborate",
        Step.SECOND: "read code",
        Step.MESSAGE: "second",
        Step.REQUEST: "independence second",
        Step.REDACT: "read request",
        Step.CHECKLIST: "redact",
        Step.JIGSAW: "redact",
        Step.BUILD: "second redact checklist jigsaw",
        Step.SIGNOFF: "build",
        Step.EXPORT: "signoff",
        Step.RETAIN: "export",
    }
    for step, names in before.items():
        assert " ".join(needs(step, full)) == names, step
    assert [step.number for step in Step] == list(range(1, 23))
    of_two = [step for step, rule in RULES.items() if rule.who in {Who.SECOND, Who.TWO}]
    assert of_two == [Step.SECOND, Step.MESSAGE, Step.JIGSAW, Step.SIGNOFF]


def test_out_of_the_box_seven_steps_hold() -> None:
    assert [step for step in Step if step in DEFAULT] == sorted(DEFAULT, key=lambda s: s.number)
    assert len(DEFAULT) == 7
    steps = OUT_OF_THE_BOX.steps
    assert steps == used(DEFAULT)
    assert needs(Step.REDACT, steps) == (Step.READ,)
    assert needs(Step.SECOND, steps) == (Step.READ,)
    assert needs(Step.BUILD, steps) == (Step.SECOND, Step.REDACT, Step.CHECKLIST)


def test_what_a_panel_leaves_out_does_not_take_along_what_comes_before_it() -> None:
    assert needs(Step.SECOND, used(["triage"])) == (Step.TRIAGE,)
    behind = (Step.READ, Step.REDACT, Step.CHECKLIST, Step.JIGSAW)
    assert needs(Step.BUILD, used(["read", "jigsaw"])) == behind
    everywhere = {Step.IMPORT, Step.OPEN, Step.REDACT, Step.CHECKLIST, Step.BUILD, Step.SIGNOFF}
    assert everywhere | {Step.EXPORT} <= used([])


def test_a_new_redaction_needs_a_new_jigsaw_check_and_a_new_coding_new_grades(walk: Walk) -> None:
    for step in ORDER:
        walk.do(step, WHOSE[RULES[step].who])
    walk.do(Step.REDACT, 1)
    with pytest.raises(GateError, match=r"checklist .* jigsaw"):
        walk.do(Step.BUILD, 1)
    walk.do(Step.JIGSAW, 2)
    with pytest.raises(GateError, match="the checklist of its newest redacted version"):
        walk.do(Step.BUILD, 1)
    walk.do(Step.CHECKLIST, 1)
    walk.do(Step.BUILD, 1)
    with walk.case(1) as case:
        old = coding_of(case, walk.item)
        assert old is not None
    walk.do(Step.CODE, 1)
    with walk.case(1) as case:
        assert Step.CORROBORATE not in Progress.of(case, walk.item).done
        with pytest.raises(GateError, match="another coding"):
            gates.grade(case, walk.item, Grades(old.mark, (Claim(1, "g.c"),)))
        with pytest.raises(MalformedError, match="needs a grade"):
            gates.grade(case, walk.item, Grades(Mark(2, "r1"), ()))


def test_a_checklist_counts_for_the_very_bytes_of_a_redaction_alone(walk: Walk) -> None:
    for step in ORDER[: ORDER.index(Step.JIGSAW)]:
        walk.do(step, WHOSE[RULES[step].who])
    with walk.case(1) as case:
        assert Step.CHECKLIST in Progress.of(case, walk.item).done
        (kept,) = answers_of(case, walk.item, Step.CHECKLIST)
        redaction = case.redaction(walk.item, case.entry(walk.item).opening.envelope)
        assert redaction is not None
        assert kept.value.redaction == redaction.digest
        # The same version of the same reviewer, and another hash: as if one file took another's place.
        other = replace(kept.value, redaction=f"sha256:{'0' * 64}")
        case.journal(walk.item).add(RECORDS[Step.CHECKLIST], other.to_json())
        assert Step.CHECKLIST not in Progress.of(case, walk.item).done


@pytest.mark.parametrize("wrong", [{"date": "none"}, {"date": ""}, {"more": "done"}])
def test_a_checklist_is_answered_whole_and_with_one_of_two_words(wrong: dict[str, str]) -> None:
    given = dict.fromkeys(CHECKED, "absent")
    assert Answers.of(Step.CHECKLIST, given, Mark(1, "r1")).given == given
    with pytest.raises(MalformedError):
        Answers.of(Step.CHECKLIST, given | wrong, Mark(1, "r1"))
    with pytest.raises(MalformedError, match="about a redaction"):
        Answers.of(Step.CHECKLIST, given)


def test_an_old_jigsaw_check_is_not_taken_for_a_new_one(walk: Walk) -> None:
    for step in ORDER[: ORDER.index(Step.JIGSAW)]:
        walk.do(step, WHOSE[RULES[step].who])
    walk.do(Step.REDACT, 1)
    given = {ask.name: "no" for ask in ASKED[Step.JIGSAW]}
    with walk.case(2) as case:
        gates.open_item(case, walk.item)
        with pytest.raises(GateError, match="another redacted version"):
            gates.answer(case, walk.item, Answers.of(Step.JIGSAW, given, Mark(1, "r1")))


def test_whoever_takes_an_item_over_needs_another_second_reader(walk: Walk) -> None:
    """One person never holds both roles, also not one after the other."""
    for step in ORDER[: ORDER.index(Step.REQUEST)]:
        walk.do(step, WHOSE[RULES[step].who])
    walk.do(Step.READ, 2)
    with pytest.raises(GateError, match="nobody else read it"):
        walk.do(Step.REQUEST, 2)
    with pytest.raises(GateError, match="than who coded or redacted it"):
        walk.do(Step.SECOND, 1)
    for step in (Step.CODE, Step.CORROBORATE):
        walk.do(step, 2)
    walk.do(Step.SECOND, 1)
    walk.do(Step.REQUEST, 2)


@pytest.mark.parametrize("step", [Step.SECOND, Step.JIGSAW])
def test_nobody_looks_at_their_own_redaction_after_another_took_the_item_over(
    walk: Walk, step: Step
) -> None:
    with walk.case(1) as case:
        gates.config(case, Panel.parse('steps = ["triage", "read", "second", "jigsaw"]'))
    for before in (Step.TRIAGE, Step.READ, Step.REDACT, Step.CHECKLIST):
        walk.do(before, 1)
    walk.do(Step.READ, 2)
    with pytest.raises(GateError, match="than who coded or redacted it"):
        walk.do(step, 1)
    for after in (Step.REDACT, Step.CHECKLIST):
        walk.do(after, 2)
    for after in (Step.SECOND, Step.JIGSAW):
        walk.do(after, 1)
    walk.do(Step.BUILD, 2)


def test_a_look_at_ones_own_work_that_came_with_a_merge_does_not_count(walk: Walk) -> None:
    """Two read it first, each on a machine of their own: the newer one counts, and the other redacted."""
    with walk.case(1) as case:
        gates.config(case, Panel.parse('steps = ["triage", "read", "second", "jigsaw"]'))
    for step in (Step.TRIAGE, Step.READ, Step.REDACT, Step.CHECKLIST):
        walk.do(step, 1)
    words = {step: {ask.name: "none" for ask in ASKED[step]} for step in (Step.SECOND, Step.JIGSAW)}
    with walk.case(1) as case:
        about = Progress.of(case, walk.item).done[Step.REDACT]
        mine = [Answers.of(Step.SECOND, words[Step.SECOND])]
        mine.append(Answers.of(Step.JIGSAW, words[Step.JIGSAW], about))
        for answers in mine:  # what no gate of ours let through
            case.journal(walk.item).add(RECORDS[answers.step], answers.to_json())
    with walk.case(2) as case:
        case.journal(walk.item).add(
            RECORDS[Step.READ], Answers.of(Step.READ, {"note": "x"}).to_json()
        )
        progress = Progress.of(case, walk.item)
        assert progress.first == "r2"
        assert progress.done[Step.REDACT].by == "r1"
        assert not {Step.SECOND, Step.JIGSAW} & progress.done.keys()
        folder = case.files.path(walk.item, "entry").parent
        assert next_of(folder, panel_of(case), "r3").second_wanted, "the list says so too"
        with pytest.raises(GateError, match=r"second .* jigsaw|nobody else read it"):
            gates.check_done(progress, panel_of(case), Step.BUILD)


def test_nothing_is_done_to_an_item_that_was_not_opened(walk: Walk) -> None:
    with walk.case(1) as case, pytest.raises(GateError, match="not opened"):
        answered(Step.TRIAGE)(case, walk.item)
    with walk.case(2) as case:
        gates.open_item(case, walk.item)
    with walk.case(1) as case, pytest.raises(GateError, match="not opened"):
        answered(Step.TRIAGE)(case, walk.item)


def test_every_act_stands_in_the_ledger_before_its_record(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.do(Step.TRIAGE, 1)
    monkeypatch.setattr("intake.review.journal.write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        walk.do(Step.READ, 1)
    monkeypatch.undo()
    (ledger,) = walk.room.folder.glob("ledgers/*.ledger")
    acts = [line.split(b" ")[2] for line in ledger.read_bytes().splitlines()[2::3]]
    assert acts == [b"config", b"open", b"triage", b"open", b"read", b"note"]
    with walk.case(1) as case:
        assert Step.READ not in Progress.of(case, walk.item).done


def test_a_bundle_is_not_imported_before_its_sticks_way_is_recorded(walk: Walk) -> None:
    with walk.room.bundle() as bundle:
        checked = unchecked(bundle.contents)
    steps = [
        (Step.COLLECT, {"stick": "7", "size": "0", "root": checked.root.hex(), "count": "0"}),
        (Step.HANDOVER, {"stick": "7", "from": "courier", "to": "reviewer"}),
        (Step.SESSION, {"hash": f"sha256:{'0' * 64}"}),
    ]
    assert [step for step, rule in RULES.items() if rule.on is On.STICK][:3] == [
        s for s, _ in steps
    ]
    with walk.case(1) as case:
        for number, (step, fields) in enumerate(steps):
            with pytest.raises(GateError) as caught:
                check_stick(case, checked)
            left = [one for one, _ in steps[number:]]
            assert caught.value.hint.startswith(f"what comes first: {', '.join(left)};")
            custody.keep(case, step, **fields)
        check_stick(case, checked)
    with walk.case(2) as case, pytest.raises(GateError, match="not checked this week"):
        check_stick(case, checked)
    with walk.case(1) as case:
        gates.config(case, Panel.parse('steps = ["collect", "handover"]'))
        custody.keep(case, Step.COLLECT, **(steps[0][1] | {"size": "9", "root": "ab" * 32}))
        check_stick(case, checked)


def test_another_sticks_way_does_not_count(walk: Walk) -> None:
    with walk.room.bundle() as bundle:
        checked = unchecked(bundle.contents)
    with walk.case(1) as case:
        for stick, root in (("7", "ab" * 32), ("8", checked.root.hex())):
            fields = {"stick": stick, "size": "0", "root": root, "count": "0"}
            custody.keep(case, Step.COLLECT, **fields)
        custody.keep(case, Step.HANDOVER, **{"stick": "7", "from": "courier", "to": "reviewer"})
        with pytest.raises(GateError, match="the stick's way is not recorded"):
            check_stick(case, checked)


@pytest.mark.parametrize(
    "text",
    [
        "steps = 3",
        'steps = ["no"]',
        "steps = [1]",
        "more = 1",
        "organisation = 1",
        "= x",
        "x" * 20_001,
    ],
)
def test_settings_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        Panel.parse(text)


def test_the_names_of_records_are_told_apart() -> None:
    assert len(set(RECORDS.values())) == len(RECORDS) == 22
