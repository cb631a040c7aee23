"""What an auditor can rely on of the one page: nine claims, each judged by what was really seen."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from intake.audit.followed import read_followed
from intake.audit.report_claims import judge
from intake.audit.report_evidence import Evidence
from intake.canonical import b64
from intake.ledger.act import Kind
from intake.tlog.note import Algorithm, Signer
from intake.tlog.policy import Policy
from tests.audit.log_site import log_site
from tests.audit.report_case import (
    FOUND,
    LEFT,
    Case,
    all_in_order,
    canaries,
    ledger,
    log_of,
    said,
    sentinel_of,
)
from tests.ledger.panels import CLEARED, FILE, two, write
from tests.ledger.test_ledger_vectors import LEDGERS
from tests.panel import seed, sign
from tests.test_completeness import FIRST, LAST, NOW
from tests.tlog.logs import LOG, POLICY, WITNESSES

CLAIMS = ("R1", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10")
OF_WORK = ("R4", "R5", "R6", "R10")  # judged by the reviewers' ledgers alone
PASS = dict.fromkeys(CLAIMS, "PASS")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A site where all is in order, and one look at its log."""
    folder = tmp_path_factory.mktemp("case")
    with log_site(folder / "log") as site:
        case = all_in_order(folder, site)
        case.report("--url", site.url, code=0)
        yield case


@pytest.fixture
def case(made: Case, tmp_path: Path) -> Case:
    """The same with a state folder of its own, and the log as it was."""
    shutil.copytree(made.folder / "state", tmp_path / "state")
    shutil.copytree(made.folder / "reference", tmp_path / "reference")
    again = replace(made, folder=tmp_path, given=dict(made.given))
    again.site.publish(log_of(again.little).entries)
    again.serve()
    return again


def told(case: Case, *words: object, code: int, **other: Path | None) -> dict[str, Any]:
    """The report as JSON."""
    answer: dict[str, Any] = json.loads(case.report(*words, "--json", code=code, **other))
    return answer


def verdicts(answer: dict[str, Any]) -> dict[str, str]:
    return {claim["claim"]: claim["verdict"] for claim in answer["claims"]}


def exceptions(answer: dict[str, Any], name: str) -> list[str]:
    (claim,) = (one for one in answer["claims"] if one["claim"] == name)
    return [f"{one['level']}: {one['phrase']}" for one in claim["exceptions"]]


def numbers(answer: dict[str, Any]) -> list[str]:
    return [number for claim in answer["claims"] for number in claim["numbers"]]


def test_a_site_where_all_is_in_order_passes_on_every_claim(case: Case) -> None:
    """With every file and a look at the log; the numbers are those of the log."""
    answer = told(case, "--url", case.site.url, code=0)
    assert verdicts(answer) == PASS
    assert answer["passed"] is True
    size, root = len(case.site.entries), answer["checkpoints"][-1]["root"]
    words = "\n".join(numbers(answer))
    assert f"{size} entries, root {root}" in words
    assert "canaries: 30 answered for, 0 lost; at most 10 % is lost at the door, with 95 %" in words
    assert (
        f"bundle of {NOW}: 2 closed weeks, 2 submitted, 0 withdrawn, 0 collected, 30 void" in words
    )
    assert "rosters logged 1 times in all, the newest version 1" in words
    assert "30 days left" in words
    assert f"last week closed: {LAST}; cosigned by w1, w2, last in {NOW}" in words
    assert "reviewers' ledgers: 2, of 39 acts together" in words
    assert answer["weeks"] == [
        {"epoch": str(FIRST), "leaves": 16, "size": 20},
        {"epoch": str(LAST), "leaves": 16, "size": 37},
    ]
    assert size == 37


PAGE = """testimony-intake/test-abcdefgh, WEEK
9 PASS, 0 FAIL, 0 NOT CHECKED

R1  PASS         completeness: nothing was dropped
   bundle of WEEK: 2 closed weeks, 2 submitted, 0 withdrawn, 0 collected, 30 void, 0 erased
   canaries: 30 answered for, 0 lost; at most 10 % is lost at the door, with 95 % confidence

R3  PASS         integrity: nothing was altered, and there is one log
   37 entries, root HASH
   last week closed: WEEK; cosigned by w1, w2, last in WEEK
   seen 1 times since WEEK, each time continuing the one before
   reviewers' ledgers: 2, of 39 acts together

R4  PASS         access: nothing was opened before it was triaged, or worked on unopened
   4 opens, 0 of them before triage; 0 items opened beyond triage by one person only

R5  PASS         sign-off: every export was signed off by two people, where there are two
   1 exports: 1 by four eyes, 0 by a panel of one

R6  PASS         consent: what was withdrawn is gone, and nothing left after it was known to be
   consents: 1 recorded, 0 changed; 0 times an export was refused
   1 items withdrawn, 1 of them destroyed on every machine, 0 overdue
   0 exports of what was known to be withdrawn or erased, 0 of what was withdrawn since
   not shown here: words and wording agreed to, as the case has them; withdrawals not imported

R7  PASS         keys: the reviewers' keys are those that the root holders signed
   rosters logged 1 times in all, the newest version 1
   version 1: 3 reviewers, 0 keys revoked; in use from DAY to DAY, 30 days left
   - note: the roster names no log

R8  PASS         configuration and software: what is served is what was announced
   code, 1 times in all: sha256:HASH
   config, 1 times in all: sha256:HASH
   site in WEEK: 19 files and pages, 0 differ

R9  PASS         log privacy: nothing that identifies anybody is kept
   log: 37 entries, all of the seven closed forms
   sentinel of WEEK: 2 places without traces, 0 with traces, 1 not looked at
   - note: the server's memory: not looked at

R10 PASS         retention: what is due was erased on every machine
   2 items due: 2 erased on every machine, 0 under way, 0 overdue
"""


def test_the_page_of_a_site_in_order_is_these_lines(case: Case) -> None:
    """Every claim once, its verdict in one column, what it rests on below it."""
    page = case.report("--url", case.site.url, code=0).decode()
    for form, name in ((r"[0-9]{4}-W[0-9]{2}", "WEEK"), (r"[0-9a-f]{64}", "HASH")):
        page = re.sub(form, name, page)
    assert re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "DAY", page) == PAGE


def test_the_roster_ends_soon_is_said_in_its_last_fortnight(case: Case) -> None:
    """And 15 days before it is not; from the day after its end on, it fails."""
    roster = case.put("roster", case.panel.note)
    told = {days: _keys_of(case, roster, days) for days in (15, 14, 0, -1)}
    ends = "the roster ends in {} days: the root holders must sign the next one"
    assert ends.format(15) not in told[15]
    assert ends.format(14) in told[14]
    assert ends.format(0) in told[0]
    assert [phrase for phrase in told[-1] if phrase.startswith("the roster given: ")]


def _keys_of(case: Case, roster: Path, days: int) -> list[str]:
    """What is said of the keys so many days before the roster's end."""
    kept = read_followed(case.folder / "state")
    day = case.panel.roster.expires - dt.timedelta(days=days)
    evidence = Evidence(
        policy=POLICY,
        now=dt.datetime.combine(day, dt.time(12), dt.UTC),
        late=3,
        kept=kept,
        roster=roster.read_bytes(),
        roots=case.panel.roster.roots,
    )
    (claim,) = (one for one in judge(evidence).claims if one.name == "R7")
    return [phrase for _, phrase in claim.exceptions]


def test_without_a_look_what_was_kept_is_judged(case: Case) -> None:
    """The site need not be there; the roster comes from a file then."""
    asked = len(case.site.asked)
    roster = case.put("roster", case.panel.note)
    assert verdicts(told(case, code=0, roster=roster)) == PASS
    assert len(case.site.asked) == asked


@pytest.mark.parametrize(
    ("at", "last", "believed"),
    [
        (2**63 - 1, "cosigned by w1, w2", False),
        (253_402_300_800, "cosigned by w1, w2", False),  # the year 10000
        (0, "cosigned by w1, w2, last in no week of the calendar", True),
    ],
)
def test_no_time_of_a_witness_stops_the_report(
    case: Case, at: int, last: str, believed: bool
) -> None:
    """Whatever number stands in a cosignature, there is a page; one yet to come is told."""
    case.site.publish(log_of(case.little).entries, at=at)
    case.serve()
    answer = told(case, "--url", case.site.url, code=0)
    assert [phrase for phrase in numbers(answer) if phrase.endswith(last)]
    notes = [one for one in exceptions(answer, "R3") if "time yet to come" in one]
    assert len(notes) == (0 if believed else 2)


def test_a_folder_where_nothing_was_kept_is_no_pass(case: Case) -> None:
    answer = told(case, code=1, state=case.folder / "none")
    found = verdicts(answer)
    assert {found[name] for name in CLAIMS if name not in OF_WORK} == {"NOT CHECKED"}
    assert {found[name] for name in OF_WORK} == {"PASS"}, "ledgers do not hang on the site's log"
    assert answer["origin"] == ""


@pytest.mark.parametrize(
    ("option", "claim"),
    [("bundle", "R1"), ("canaries", "R1"), ("roots", "R7"), ("site", "R8"), ("sentinel", "R9")],
)
def test_what_was_not_given_is_never_a_pass(case: Case, option: str, claim: str) -> None:
    """One file less, one claim less; the others stay."""
    answer = told(case, "--url", case.site.url, code=1, **{option: None})
    assert verdicts(answer) == {**PASS, claim: "NOT CHECKED"}
    assert any(f"give --{option}" in phrase for phrase in exceptions(answer, claim))


def test_without_the_ledgers_nothing_of_the_work_is_a_pass(case: Case) -> None:
    """The log's integrity does not hang on them."""
    answer = told(case, "--url", case.site.url, code=1, ledger=None)
    assert verdicts(answer) == PASS | dict.fromkeys(OF_WORK, "NOT CHECKED")
    assert "reviewers' ledgers: not given" in numbers(answer)
    for name in OF_WORK:
        assert any("give --ledger" in phrase for phrase in exceptions(answer, name))


Change = Callable[[Case], dict[str, Path | None]]


def _dropped(case: Case) -> dict[str, Path | None]:
    words = case.bundle(replace(case.little, items=case.little.items[:1]), code=1)
    return {"bundle": case.put("bundle", words)}


def _another_log(case: Case) -> dict[str, Path | None]:
    """A bundle in order, of a log in which the last week has another void entry."""
    little = case.little
    first = log_of(little)
    cut = replace(first, entries=first.entries[:20], openings=first.openings[:16])
    words = case.bundle(replace(little, log=cut.close(LAST, little.items[1][0])), code=0)
    case.site.publish(first.entries)
    case.serve()
    return {"bundle": case.put("bundle", words)}


def _week_left_out(case: Case) -> dict[str, Path | None]:
    said = json.loads(case.given["bundle"].read_bytes())
    del said["weeks"][str(LAST)]
    return {"bundle": case.put("bundle", json.dumps(said).encode())}


def _void_too_many(case: Case) -> dict[str, Path | None]:
    said = json.loads(case.given["bundle"].read_bytes())
    said["weeks"][str(LAST)]["void"] += 16
    return {"bundle": case.put("bundle", json.dumps(said).encode())}


def _lost(case: Case) -> dict[str, Path | None]:
    return {"canaries": case.put("canaries", canaries(case.folder / "more", case.panel, lost=1))}


def _evidence(case: Case) -> dict[str, Path | None]:
    (case.folder / "state" / "evidence-0123456789abcdef.note").write_bytes(b"")
    return {}


def _other_roster(case: Case) -> dict[str, Path | None]:
    other = replace(case.panel.roster, expires=case.panel.roster.expires - dt.timedelta(days=1))
    return {"roster": case.put("roster", sign(other))}


def _other_log_key(case: Case) -> dict[str, Path | None]:
    key = Signer(LOG.name, Algorithm.ED25519, seed("another key of the log's name")).vkey
    return {"roster": case.put("roster", sign(replace(case.panel.roster, log=key)))}


def _unsigned_roster(case: Case) -> dict[str, Path | None]:
    return {"roster": case.put("roster", sign(case.panel.roster, roots=(0,)))}


def _site_differs(case: Case) -> dict[str, Path | None]:
    return {"site": case.given["site"].parent / "site that differs"}


def _trace(case: Case) -> dict[str, Path | None]:
    return {"sentinel": case.put("sentinel", sentinel_of(*FOUND))}


@pytest.mark.parametrize(
    ("change", "claim", "phrase"),
    [
        (_dropped, "R1", "fails: bundle: "),
        (_another_log, "R1", "the bundle's log of 37 entries is another one than was followed"),
        (_week_left_out, "R1", f"week {LAST} of the log is not in the bundle"),
        (_void_too_many, "R1", f"week {LAST}: 32 entries in the bundle, 16 in the log"),
        (_lost, "R1", "1 of 30 canaries did not reach the reviewers"),
        (_evidence, "R3", "1 checkpoints contradict those kept"),
        (_other_roster, "R7", "the roster given is version 1, and not the log's newest"),
        (_other_log_key, "R7", "the roster names a log key that the policy does not have"),
        (_unsigned_roster, "R7", "the roster given: "),
        (_site_differs, "R8", "fails: /: is not what the manifest lists"),
        (_trace, "R9", "fails: swap: "),
    ],
)
def test_one_thing_wrong_fails_one_claim(
    case: Case, change: Change, claim: str, phrase: str
) -> None:
    """Each claim alone, by one change, and the exception says which."""
    answer = told(case, "--url", case.site.url, code=1, **change(case))
    assert verdicts(answer) == {**PASS, claim: "FAIL"}
    assert any(phrase in said for said in exceptions(answer, claim)), exceptions(answer, claim)


def test_a_ledger_that_is_missing_fails_the_log_and_leaves_the_work_open(case: Case) -> None:
    words = ledger(case.folder / "ledgers", {"two": LEDGERS["two"]}, code=1)
    answer = told(case, "--url", case.site.url, code=1, ledger=case.put("ledger", words))
    # What the one ledger shows by itself to be overdue stays so.
    failing = {"R3": "FAIL", "R10": "FAIL"}
    assert verdicts(answer) == PASS | dict.fromkeys(OF_WORK, "NOT CHECKED") | failing
    phrase = "fails: ledger: absent: two: ledger of one was not given"
    assert phrase in exceptions(answer, "R3")


def test_work_against_the_rules_fails_on_the_page(case: Case) -> None:
    """As the real commands say it, in the lines, too."""
    steps = [*CLEARED, two(9, Kind.EXPORT, hash=FILE[:-4] + "0000", purpose="stats")]
    words = case.put("ledger", ledger(case.folder / "ledgers", write(steps), code=1))
    answer = told(case, "--url", case.site.url, code=1, ledger=words)
    assert verdicts(answer)["R5"] == "FAIL"
    lines = case.report("--url", case.site.url, code=1, ledger=words).decode().splitlines()
    assert any("ledger: four-eyes: two: exported without sign-offs" in line for line in lines)


def test_a_place_where_nobody_looked_is_no_pass(case: Case) -> None:
    """But for those where no program can look."""
    words = case.put("sentinel", sentinel_of(*LEFT))
    answer = told(case, "--url", case.site.url, code=1, sentinel=words)
    assert verdicts(answer) == {**PASS, "R9": "NOT CHECKED"}
    assert "not checked: backups: not looked at" in exceptions(answer, "R9")
    assert "note: the server's memory: not looked at" in exceptions(answer, "R9")


def test_two_canaries_bound_nothing(case: Case) -> None:
    words = canaries(case.folder / "few", case.panel, lost=0, count=2)
    answer = told(case, "--url", case.site.url, code=1, canaries=case.put("canaries", words))
    assert verdicts(answer) == {**PASS, "R1": "NOT CHECKED"}


@pytest.mark.parametrize(
    ("option", "claims"),
    [
        ("bundle", ("R1",)),
        ("canaries", ("R1",)),
        ("ledger", ("R3", *OF_WORK)),
        ("site", ("R8",)),
        ("sentinel", ("R9",)),
    ],
)
@pytest.mark.parametrize(("weeks", "verdict"), [(-5, "PASS"), (-6, "NOT CHECKED"), (1, None)])
def test_a_result_counts_for_five_weeks(
    case: Case, option: str, claims: tuple[str, ...], weeks: int, verdict: str | None
) -> None:
    """Older ones, and those of a week that has not begun, say nothing of now."""
    row = json.loads(case.given[option].read_bytes())
    day = NOW.monday + dt.timedelta(weeks=weeks)
    row["epoch"] = str(type(NOW).of(day))
    words = case.put(option, json.dumps(row).encode())
    answer = told(case, "--url", case.site.url, code=int(verdict != "PASS"), **{option: words})
    assert verdicts(answer) == PASS | dict.fromkeys(claims, verdict or "NOT CHECKED")


def test_a_site_compared_with_its_own_manifest_is_not_checked(case: Case) -> None:
    row = json.loads(case.given["site"].read_bytes()) | {"own": True}
    words = case.put("site", json.dumps(row).encode())
    answer = told(case, "--url", case.site.url, code=1, site=words)
    assert verdicts(answer) == {**PASS, "R8": "NOT CHECKED"}


def test_a_site_compared_with_another_manifest_than_the_logs_fails(case: Case) -> None:
    row = json.loads(case.given["site"].read_bytes()) | {"manifest": "A" * 43}
    words = case.put("site", json.dumps(row).encode())
    answer = told(case, "--url", case.site.url, code=1, site=words)
    assert verdicts(answer) == {**PASS, "R8": "FAIL"}


def test_a_log_that_lies_fails_and_is_not_kept(case: Case) -> None:
    """A rollback: the log is not read, so nothing that it would say is believed."""
    kept = {path.name: path.read_bytes() for path in (case.folder / "state").iterdir()}
    case.site.publish(log_of(case.little).entries[:20])
    case.serve()
    answer = told(case, "--url", case.site.url, code=1)
    assert verdicts(answer) == {
        **PASS,
        "R3": "FAIL",
        **dict.fromkeys(("R7", "R8", "R9"), "NOT CHECKED"),
    }
    after = {path.name: path.read_bytes() for path in (case.folder / "state").iterdir()}
    assert {name: after[name] for name in kept} == kept
    assert sum(name.startswith("evidence-") for name in after) == 1


def test_an_entry_of_no_known_form_fails_the_logs_privacy(case: Case) -> None:
    entries = log_of(case.little).entries
    case.site.publish([*entries, b"Pseen 192.0.2.7"])
    case.serve()
    answer = told(case, "--url", case.site.url, code=1)
    assert verdicts(answer)["R9"] == "FAIL"
    assert any("entry" in phrase for phrase in exceptions(answer, "R9"))


def test_without_the_witnesses_of_the_policy_integrity_fails(case: Case) -> None:
    """Also of a checkpoint that was kept under another policy, and without a look."""
    case.site.publish(log_of(case.little).entries, WITNESSES[:1])
    case.serve()
    assert verdicts(told(case, "--url", case.site.url, code=1))["R3"] == "FAIL"
    all_three = replace(POLICY.groups[0], threshold=3)
    strict = Policy(POLICY.logs, POLICY.witnesses, (all_three,), POLICY.quorum)
    other = case.put("policy", strict.to_bytes())
    roster = case.put("roster", case.panel.note)
    answer = told(case, code=1, policy=other, roster=roster)
    assert verdicts(answer) == {**PASS, "R3": "FAIL"}


def test_a_site_that_does_not_answer_leaves_what_was_kept(case: Case) -> None:
    """Integrity is then not checked; nothing is said of the site that was not seen."""
    roster = case.put("roster", case.panel.note)
    answer = told(case, "--url", "http://127.0.0.1:1", code=1, roster=roster)
    assert verdicts(answer) == {**PASS, "R3": "NOT CHECKED"}


def test_a_look_is_kept_as_following_keeps_it(case: Case) -> None:
    """Both commands can take turns in one folder."""
    log = log_of(case.little)
    follow = ("audit", "follow", case.site.url, f"--state={case.folder / 'state'}")
    policy = case.given["policy"]
    history = (case.folder / "state" / "history").read_bytes()
    assert history.startswith(b"testimony-intake/history/v1\nfrom 0\nentry 0 ")
    grown = (*log.entries, log.entries[1])
    case.site.publish(grown)
    case.serve()
    answer = told(case, "--url", case.site.url, code=0)
    assert [seen["size"] for seen in answer["checkpoints"]] == [37, 38]
    assert (case.folder / "state" / "history").read_bytes().startswith(history)
    said(*follow, f"--policy={policy}")
    again = told(case, "--url", case.site.url, code=0)
    assert again["checkpoints"] == answer["checkpoints"]


def test_a_bundle_whose_log_was_never_followed_is_not_checked_or_proved_by_a_look(
    case: Case,
) -> None:
    """Nobody saw a checkpoint of its size: only the log of now can show that it goes on from there."""
    log = log_of(case.little)
    root = replace(log, entries=log.entries[:20]).signed().checkpoint.root
    row = json.loads(case.given["bundle"].read_bytes())
    row = {**row, "size": 20, "root": b64(root), "weeks": {str(FIRST): row["weeks"][str(FIRST)]}}
    bundle = case.put("bundle", json.dumps(row).encode())
    roster = case.put("roster", case.panel.note)
    answer = told(case, code=1, bundle=bundle, roster=roster)
    assert verdicts(answer) == {**PASS, "R1": "NOT CHECKED"}
    says = "not checked: no checkpoint of 20 entries, as the bundle's log has, was followed"
    assert f"{says}: give --url" in exceptions(answer, "R1")
    looked = told(case, "--url", case.site.url, code=0, bundle=bundle)
    assert exceptions(looked, "R1") == ["note: 1 weeks were closed after the bundle was collected"]
    bundle = case.put("bundle", json.dumps({**row, "root": b64(bytes(32))}).encode())
    answer = told(case, "--url", case.site.url, code=1, bundle=bundle)
    assert "fails: the log does not go on from the bundle's of 20 entries" in exceptions(
        answer, "R1"
    )
    bundle = case.put("bundle", json.dumps({**row, "size": 400}).encode())
    answer = told(case, "--url", case.site.url, code=1, bundle=bundle)
    assert any("not checked: no checkpoint of 400" in one for one in exceptions(answer, "R1"))


def test_files_of_two_sites_are_refused(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads(case.given["sentinel"].read_bytes()) | {"deployment": "other-abcdefgh"}
    words = case.put("sentinel", json.dumps(row).encode())
    capsys.readouterr()
    assert case.report(code=1, sentinel=words) == b""
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("this is of more than one site: other-abcdefgh, test-abcdefgh")


def test_the_html_page_says_what_the_lines_say(case: Case) -> None:
    """Each verdict, number and exception, in a file that nobody else can read."""
    path = case.folder / "page.html"
    lines = case.report("--url", case.site.url, "--html", path, code=1, site=None).decode()
    assert path.stat().st_mode & 0o777 == 0o600
    text = unescape(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")))
    rows = [
        line.strip().removeprefix("- ") for line in lines.splitlines() if line.startswith("   ")
    ]
    assert len(rows) > 15
    for line in rows:
        assert line in text, line
    assert re.findall(r'<b class="\w+">([A-Z ]+)</b>(R[0-9]+)', path.read_text()) == [
        ("PASS", "R1"),
        ("PASS", "R3"),
        ("PASS", "R4"),
        ("PASS", "R5"),
        ("PASS", "R6"),
        ("PASS", "R7"),
        ("NOT CHECKED", "R8"),
        ("PASS", "R9"),
        ("PASS", "R10"),
    ]
    assert f"<title>{LAST}: 16 blinded entries</title>" in path.read_text()
