"""Each rule of docs/format.md 18, broken once in good work, is found by its own name and no other."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.audit.ledger_chain import MACHINES, Fault, Reviewers
from intake.audit.ledger_check import check_ledgers
from intake.audit.ledger_facts import Facts
from intake.errors import MalformedError, RosterError
from intake.ledger.act import Kind
from intake.ledger.record import Head, read_head, read_records
from intake.tlog.checkpoint import Checkpoint
from tests.ledger.broken import BROKEN, BUILT, EXPORT, SIGNED_ONE, before, last, swapped
from tests.ledger.panels import (
    FILE,
    GOOD,
    HEADS,
    I0,
    I1,
    LOG,
    START,
    TODAY,
    Step,
    checked,
    one,
    put,
    rosters,
    two,
    week,
    write,
)
from tests.vectors.roster.fixed import ROSTER, reviewer


def test_nothing_is_found_in_good_work(tmp_path: Path) -> None:
    """Two machines, four weeks, every step known to whoever builds on it: no finding."""
    outcome = checked(tmp_path, write(GOOD))
    assert outcome.findings == []
    assert [chain.size for chain in outcome.chains] == [
        sum(step.machine == name for step in GOOD) for name in HEADS
    ]


def test_a_ledger_that_names_machines_without_end_is_not_read_on(tmp_path: Path) -> None:
    """What a machine knew is kept by machine, for each moment: 2 MB of names took a gigabyte."""
    seen = {"size": "1", "root": LOG["root"]}
    names = [f"m{number:03d}" for number in reversed(range(MACHINES + 1))]
    steps = [one(0, Kind.SYNC, machine=name, **seen) for name in names]
    for count, whole in ((MACHINES, True), (MACHINES + 1, False)):
        files = {"one": write(steps[:count])["one"]}
        outcome = checked(tmp_path, files)
        (chain,) = outcome.chains
        assert (chain.size, chain.whole) == (MACHINES, whole)
        format_faults = [str(f) for f in outcome.findings if f.fault is Fault.FORMAT]
        said = f"format: one act {MACHINES}: it names more than {MACHINES} other machines"
        assert format_faults == ([] if whole else [said])


@pytest.mark.parametrize(
    ("fault", "machine", "steps"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_rule_is_found_by_its_own_name(
    tmp_path: Path, fault: Fault, machine: str, steps: list[Step]
) -> None:
    """One change to good work gives findings of one kind, in the right ledger, at an act."""
    findings = checked(tmp_path, write(steps)).findings
    assert {finding.fault for finding in findings} == {fault}
    assert findings[0].machine == machine
    assert findings[0].index is not None


def altered(files: dict[str, bytes], old: bytes, new: bytes) -> dict[str, bytes]:
    """The first machine's file with a piece of its bytes changed after it was signed."""
    assert files["one"].count(old) == 1
    return files | {"one": files["one"].replace(old, new)}


@pytest.mark.parametrize(
    ("fault", "index", "old", "new"),
    [
        (Fault.ROOT, 10, f"code item={I0}", f"redact item={I0}"),
        (Fault.FORMAT, 10, f"code item={I0}", f"decode item={I0}"),
        (Fault.FORMAT, 10, f"code item={I0}", f"code item={I0[1:]}"),
        (Fault.FORMAT, 10, f"code item={I0}", f"code item={I0} item={I0}"),
    ],
)
def test_a_changed_byte_is_found_at_its_act(
    tmp_path: Path, fault: Fault, index: int, old: str, new: str
) -> None:
    """What was signed cannot be altered, and what is no act ends the reading, with one finding."""
    files = altered(write(GOOD), old.encode() + b"\n", new.encode() + b"\n")
    (finding,) = checked(tmp_path, files).findings
    assert (finding.fault, finding.machine, finding.index) == (fault, "one", index)


def test_a_false_signature_is_found_at_its_act(tmp_path: Path) -> None:
    """A signature that another act had is none here."""
    files = write(GOOD)
    lines = files["one"].split(b"\n")
    lines[2 + 3 * 6 + 2] = lines[2 + 3 * 5 + 2]
    (finding,) = checked(tmp_path, files | {"one": b"\n".join(lines)}).findings
    assert (finding.fault, finding.machine, finding.index) == (Fault.SIGNATURE, "one", 6)


def test_a_ledger_cut_off_is_no_ledger_from_there(tmp_path: Path) -> None:
    """An auditor is told that the end is missing, and nothing is made of it."""
    files = write(GOOD)
    (finding,) = checked(tmp_path, files | {"one": files["one"][:-1]}).findings
    assert (finding.fault, finding.index) == (Fault.FORMAT, checked_size(files["one"]) - 1)


def checked_size(data: bytes) -> int:
    """How many acts a ledger has."""
    return (data.count(b"\n") - 2) // 3


def kept_of(folder: Path, files: dict[str, bytes], size: int) -> dict[str, Checkpoint]:
    """What an auditor kept when the first machine's ledger had this size."""
    path = put(folder, files)[0]
    with path.open("rb") as file:
        head = read_head(file)
        record = [record for record, _ in zip(read_records(file, head), range(size), strict=False)]
    return {head.origin: Checkpoint(head.origin, size, record[-1].root)}


def test_what_was_seen_before_must_still_be_there(tmp_path: Path) -> None:
    """The same ledger, grown, is good; one rewritten is a fork, one cut short a rollback."""
    files = write(GOOD)
    full = checked_size(files["one"])
    for size in (1, 7, full):
        assert checked(tmp_path, files, kept_of(tmp_path, files, size)).findings == []
    kept = kept_of(tmp_path, files, full)
    cut = files | {"one": files["one"][:-1]}
    (finding,) = checked(tmp_path, cut, kept).findings
    assert finding.fault is Fault.FORMAT, "it may have been as long as before"
    short = write(GOOD[:-1])
    (finding,) = checked(tmp_path, short, kept).findings
    assert (finding.fault, finding.machine, finding.index) == (Fault.ROLLBACK, "one", None)
    other = write(swapped(GOOD, one(0, Kind.TRIAGE, item=I1), one(0, Kind.CODE, item=I1)))
    (finding,) = checked(tmp_path, other, kept).findings
    assert (finding.fault, finding.machine, finding.index) == (Fault.FORK, "one", full - 1)


def test_a_machine_that_shows_each_its_own_ledger_is_found_out(tmp_path: Path) -> None:
    """What the second machine recorded of the first is not what the auditor is given."""
    story = write(GOOD)
    other = write(swapped(GOOD, one(0, Kind.TRIAGE, item=I1), one(0, Kind.CODE, item=I1)))
    findings = checked(tmp_path, {"one": other["one"], "two": story["two"]}).findings
    assert {(finding.fault, finding.machine) for finding in findings} == {
        (Fault.FORK, "one"),
        (Fault.FORK, "two"),  # the other story has another second machine too
    }
    assert "is not the ledger that two saw" in findings[0].phrase


def test_one_ledger_of_two_is_not_blamed_for_what_the_other_may_hold(tmp_path: Path) -> None:
    """Only the missing file is told; what rests on it is counted as unchecked."""
    outcome = checked(tmp_path, {"two": write(GOOD)["two"]})
    (finding,) = outcome.findings
    assert (finding.fault, finding.machine) == (Fault.ABSENT, "two")
    assert outcome.figures.unchecked == 3, "the second opening and reading, and the sign-off"
    assert outcome.figures.without_triage == 0, "it may have been triaged where nobody looked"


def test_two_roots_of_a_ledger_that_was_not_given_are_a_fork(tmp_path: Path) -> None:
    """Both machines saw the same size of a third one, with two roots."""
    third = {"machine": "three", "size": "6"}
    steps = last(
        one(4, Kind.SYNC, root="00" * 32, **third), two(4, Kind.SYNC, root="11" * 32, **third)
    )
    faults = {finding.fault for finding in checked(tmp_path, write(steps)).findings}
    assert faults == {Fault.ABSENT, Fault.FORK}


def test_to_do_a_thing_again_later_takes_nothing_away(tmp_path: Path) -> None:
    """Imported, opened, built and signed off twice: the first time counts."""
    again = [
        one(4, Kind.IMPORT, failed="0", items=I0, **LOG),
        one(4, Kind.OPEN, item=I0, purpose="triage"),
        one(4, Kind.OPEN, item=I0, purpose="first-reading"),
        one(4, Kind.TRIAGE, item=I0),
        one(4, Kind.BUILD, hash=FILE, items=I0),
        one(4, Kind.SIGNOFF, hash=FILE),
    ]
    outcome = checked(tmp_path, write(last(*again)))
    assert outcome.findings == []
    assert (outcome.figures.without_triage, outcome.figures.four_eyes) == (0, 1)


def test_a_clock_a_day_ahead_is_no_fault(tmp_path: Path) -> None:
    """On a Sunday the next week may have begun elsewhere; on the day before it has not."""
    files = write([one(0, Kind.KEY, subject="tested"), one(1, Kind.KEY, subject="tested")])
    sunday = week(1).monday - dt.timedelta(days=1)
    assert checked(tmp_path, {"one": files["one"]}, today=sunday).findings == []
    saturday = sunday - dt.timedelta(days=1)
    (finding,) = checked(tmp_path, {"one": files["one"]}, today=saturday).findings
    assert (finding.fault, finding.index) == (Fault.TIME, 1)


def test_nobody_is_blamed_for_what_they_could_not_know(tmp_path: Path) -> None:
    """A text read on one machine after it was withdrawn on the other, before they met: no fault."""
    steps = before(two(4, Kind.SYNC, machine="one"), two(3, Kind.OPEN, item=I1, purpose="triage"))
    assert checked(tmp_path, write(steps)).findings == []


def test_knowledge_passes_through_a_third_machine() -> None:
    """What two knew when three met it, three knows too, and no more."""
    facts = Facts()
    facts.syncs["three"] = [(4, "two", 9)]
    facts.syncs["two"] = [(8, "one", 5), (9, "one", 7)]
    assert facts.knows("three", 4) == {"three": 4}
    assert facts.knows("three", 5) == {"three": 5, "two": 9, "one": 5}
    assert facts.knows("three", 6, facts.knows("three", 5)) == {"three": 6, "two": 9, "one": 5}


def test_ledgers_that_claim_to_know_each_others_future_end_all_the_same() -> None:
    """Forged syncs that go round in a circle cannot keep an auditor busy."""
    facts = Facts()
    facts.syncs["one"] = [(0, "two", 2**62)]
    facts.syncs["two"] = [(0, "one", 2**62)]
    assert facts.knows("one", 1) == {"one": 2**62, "two": 2**62}


def test_a_panel_of_one_signs_off_alone_and_that_is_counted(tmp_path: Path) -> None:
    """One sign-off is enough where all rosters of the week name one reviewer, and is told."""
    steps = [
        one(0, Kind.IMPORT, failed="0", items=I0, **LOG),
        one(0, Kind.OPEN, item=I0, purpose="triage"),
        BUILT,
        SIGNED_ONE,
        EXPORT,
    ]
    (path, _) = put(tmp_path, write(steps))
    alone = Reviewers(
        [replace(ROSTER, issued=START.monday, expires=TODAY, reviewers=(reviewer(1),))]
    )
    outcome = check_ledgers([path], alone, {}, TODAY)
    assert outcome.findings == []
    assert (outcome.figures.exports, outcome.figures.alone) == (1, 1)
    (finding,) = check_ledgers([path], rosters(), {}, TODAY).findings
    assert finding.fault is Fault.FOUR_EYES
    (path, _) = put(tmp_path, write([step for step in steps if step != SIGNED_ONE]))
    (finding,) = check_ledgers([path], alone, {}, TODAY).findings
    assert finding.fault is Fault.FOUR_EYES


def test_five_weeks_without_a_sync_are_allowed_and_a_rest_is_not_work(tmp_path: Path) -> None:
    """35 days is the limit; a machine that did nothing for longer has nothing to tell."""
    fine = last(two(9, Kind.INCIDENT, subject="gap"), two(9, Kind.SYNC, machine="one"))
    assert checked(tmp_path, write(fine)).findings == []
    rested = last(two(5, Kind.SYNC, machine="one"), two(14, Kind.INCIDENT, subject="gap"))
    assert checked(tmp_path, write(rested)).findings == []


def test_a_machine_alone_needs_no_sync(tmp_path: Path) -> None:
    """A single ledger that never met another one may run for a year."""
    steps = [one(n, Kind.INCIDENT, subject="other") for n in (0, 8)]
    assert checked(tmp_path, {"one": write(steps)["one"]}).findings == []


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """Two files of one machine, or of another deployment, are no question of faults."""
    paths = put(tmp_path, write(GOOD))
    with pytest.raises(MalformedError, match="of one machine"):
        check_ledgers([paths[0], paths[0]], rosters(), {}, TODAY)
    strange = tmp_path / "strange"
    strange.write_bytes(Head("other-abcdefgh", "one").to_bytes())
    with pytest.raises(MalformedError, match="deployment"):
        check_ledgers([strange], rosters(), {}, TODAY)


def test_rosters_that_contradict_each_other_are_refused() -> None:
    """Two rosters of one version, two deployments, or none at all."""
    for wrong in (
        [],
        [ROSTER, replace(ROSTER, deployment="other-abcdefgh")],
        [ROSTER, replace(ROSTER, reviewers=(reviewer(1),))],
    ):
        with pytest.raises(RosterError):
            Reviewers(wrong)


def test_weeks_at_the_ends_of_the_calendar_are_no_reason_to_stop(tmp_path: Path) -> None:
    """An act of the last week there is: told like any other that has yet to come."""
    whole = write(GOOD)["one"]
    for at in (b"9999-W51", b"1970-W02"):
        before_it, _, after_it = whole.rpartition(str(week(4)).encode())
        changed = before_it + at + after_it
        (path,) = put(tmp_path, {"one": changed})
        found = check_ledgers([path], rosters(), {}, TODAY).findings
        assert {Fault.ROOT, Fault.TIME, Fault.ROSTER} <= {finding.fault for finding in found}


PLAIN = write(GOOD)


@given(st.data())
@settings(deadline=None, max_examples=80)
def test_no_change_to_a_ledger_brings_the_auditor_down(data: st.DataObject) -> None:
    """Any piece of any file replaced: findings, or a refusal in words, never silence."""
    name = data.draw(st.sampled_from(sorted(PLAIN)))
    whole = PLAIN[name]
    begin = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(begin, min(len(whole), begin + 500)))
    piece = data.draw(st.binary(max_size=4) | st.sampled_from([b"9999-W53", b"\n", b"0", b"A"]))
    changed = whole[:begin] + piece + whole[end:]
    with TemporaryDirectory() as folder:
        try:
            outcome = checked(Path(folder), PLAIN | {name: changed})
        except MalformedError:
            return
    # Whole acts missing at the end are seen only by who saw them before.
    assert bool(outcome.findings) == (changed != whole) or whole.startswith(changed)
