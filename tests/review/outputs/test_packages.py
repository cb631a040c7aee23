"""What stands in each package, read back from its bytes."""

import json
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from intake.errors import MalformedError, ProofError
from intake.ledger.act import Kind
from intake.review.coding.chain import Event, Leads, Link, Watch
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.consent import Purpose
from intake.review.outputs.archives import archive, read_archive
from intake.review.outputs.building import build
from intake.review.outputs.court import Custody, Held, originals
from intake.review.outputs.events import CHAIN_COLUMNS
from intake.review.outputs.letters import FIELDS, REQUIRED, letter_json
from intake.review.outputs.material import Extract, Material, Output, Piece
from intake.review.outputs.report import press, report
from intake.review.outputs.sheets import cell, dangerous, read_sheet, sheet
from intake.review.outputs.wording import PHRASES
from tests.review.outputs.materials import (
    CODES,
    COURT_KEY,
    LABELS,
    OFFICER,
    PRISON,
    QUOTE,
    TEXT,
    material,
    month,
    piece,
    pieces,
    told_the_state,
)
from tests.review.poison import POISON

CUSTODY = Custody(
    1, "2026-W41", "courier-1", Kind.COLLECT, "a" * 64, "site", "r1", "stick 4", "0" * 64, "sig"
)
HELD = {
    CODES[i]: Held(f"{i:064x}", 65_536, "courier-1", (CUSTODY,), f"{i + 9:064x}", 24_000)
    for i in range(5)
}


def files(output: Output, made: Material, held: dict[str, Held] | None = None) -> dict[str, bytes]:
    return {one.name: one.content for one in build(output, made, held)}


# The report and the press pack


def test_a_report_says_method_limits_levels_cases_and_changes() -> None:
    text = report(material()).text()
    for phrase in ("method_1", "limits_1", "levels", "caption", "changes_1", "first_account"):
        assert PHRASES[phrase]["en"] in text
    assert "Men were held in a police station without any record." in text
    assert (
        f"Level: A (Two or more independent direct sources). Cases: {CODES[0]}, {CODES[1]}." in text
    )
    assert (
        "[Translated or told in other words by the reviewers (agreed to publication, wording:"
        in text
    )
    assert "    A man was taken to a police station.\n" in text
    assert "They took me" not in text
    assert "contact@example.org" in text
    assert not re.search(r"2017-03-0[1-9]", text)


def test_a_case_says_nothing_of_itself_that_the_tables_hide() -> None:
    told = pieces(8)
    lone = replace(told[0].coding.acts[0], number=4, code="act.forced_marriage")
    part = replace(told[0].coding.involvements[0], affiliation="p.court")
    coding = replace(
        told[0].coding,
        acts=(*told[0].coding.acts, lone),
        involvements=(part, *told[0].coding.involvements[1:]),
        relation="r.witness",
    )
    text = report(replace(material(), pieces=(replace(told[0], coding=coding), *told[1:]))).text()
    for hidden in ("Forced marriage", "Judge, prosecutor", "I saw or heard it"):
        assert hidden not in text
    assert PHRASES["not_shown"]["en"] in text
    assert LABELS[OFFICER.name] not in text


def test_how_often_is_said_of_all_and_never_under_five() -> None:
    text = report(material()).text()
    assert "Person | 8\n" in text
    few = (replace(pieces(8)[0], reasons=(("body", 3),)), *pieces(8)[1:])
    assert "Body | several\n" in report(replace(material(), pieces=few)).text()


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("output", Output)
def test_each_output_says_where_one_person_alone_signed(output: Output, alone: bool) -> None:
    from tests.review.outputs.test_refusing import allowed

    made = replace(allowed(output), alone=alone)
    built = build(output, made, HELD if output is Output.COURT else None)
    said = PHRASES["alone"]["en"]
    for one in built:
        everything = one.content + (one.document.text().encode() if one.document else b"")
        assert (said.encode() in everything or b'"one_person_signed": true' in everything) == alone


def test_a_press_pack_says_what_may_not_be_asked_and_whom_to_ask() -> None:
    made = replace(material(), not_asked=("Which language they spoke.",))
    text = press(made).text()
    for i in range(1, 6):
        assert f"* {PHRASES[f'not_asked_{i}']['en']}\n" in text
    assert "* Which language they spoke.\n" in text
    assert "Our organisation: contact@example.org" in text
    assert "Kadyrkhanov" not in text


# Letters to the United Nations


@pytest.mark.parametrize("output", FIELDS)
def test_a_letter_has_every_field_and_names_each_gap(output: Output) -> None:
    made = told_the_state(material(Purpose.INVESTIGATORS), output)
    made = replace(made, to_state=False)
    told = output in {Output.DETENTION, Output.TORTURE}
    found = files(output, made)
    value = json.loads(found[f"{output}.json"])
    text = found[f"{output}.txt"].decode()
    for case in value["cases"]:
        assert tuple(case["fields"]) == FIELDS[output]
        assert case["gaps"] == [key for key, lines in case["fields"].items() if lines is None]
        assert case["gaps"]
    for key in FIELDS[output]:
        assert PHRASES[f"field_{key}"]["en"] in text
    assert PHRASES["gap"]["en"] in text
    assert (PHRASES["not_for_the_state"]["en"] in text) == (not told)
    assert value["for_a_government"] == told


def test_the_six_of_the_group_on_disappearances_are_gaps_until_the_family_says() -> None:
    empty = json.loads(files(Output.DISAPPEARANCES, material(Purpose.INVESTIGATORS))["wgeid.json"])
    assert set(empty["cases"][0]["gaps"]) >= REQUIRED
    assert len(REQUIRED) == 6
    answers = {
        "missing_name": "A full name",
        "missing_when": "March 2017",
        "missing_where": "a street",
        "missing_forces": "men in black",
        "missing_done": "went to the station",
        "missing_reporter": "his aunt",
    }
    told = piece(0, fields=(("narrative", "x" * 99), *answers.items()))
    made = material(Purpose.INVESTIGATORS, pieces=(told,), findings=())
    found = files(Output.DISAPPEARANCES, made)
    (case,) = json.loads(found["wgeid.json"])["cases"]
    assert not REQUIRED & set(case["gaps"])
    assert [case["fields"][key] for key in FIELDS[Output.DISAPPEARANCES][:6]] == [
        [text] for text in answers.values()
    ]
    assert PHRASES["required"]["en"] not in found["wgeid.txt"].decode()


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("output", "names"),
    [
        (Output.DISAPPEARANCES, {"full_name", "reporter"}),
        (Output.DETENTION, {"identity"}),
        (Output.TORTURE, {"identity"}),
    ],
)
def test_a_state_learns_a_name_by_the_second_yes_alone(
    output: Output, names: set[str], named: bool
) -> None:
    """The yes that a government is told is not yet a yes to the name: it stays a gap, named as one."""
    told = (("missing_name", "Zubaira"), ("missing_reporter", "Khava"), ("narrative", TEXT))
    made = told_the_state(
        material(Purpose.INVESTIGATORS, pieces=(piece(0, fields=told),), findings=()), output
    )
    (one,) = made.pieces
    assert one.government is not None
    agreed = replace(one, government=replace(one.government, name=named))
    (case,) = json.loads(letter_json(output, replace(made, pieces=(agreed,))))["cases"]
    assert all((case["fields"][key] is not None) is named for key in names)
    assert names.isdisjoint(case["gaps"]) is named
    assert ("Zubaira" in json.dumps(case)) is named


def test_a_letter_gives_substance_to_each_perpetrator() -> None:
    made = material(Purpose.INVESTIGATORS)
    value = json.loads(files(Output.PROCEDURES, made)["special-procedures.json"])
    fields = value["cases"][0]["fields"]
    assert fields["perpetrators"][0] == (
        f"{LABELS[OFFICER.name]} Kadyrkhanov Bislan: Gave orders; Police (local or district); Level A; major;"
        " two cells described alike"
    )
    assert fields["dates"][1] == "2017-03-04 – 2017-03-06 (About)"
    assert fields["consent_government"] is None
    assert fields["consent_case"] == ["investigators (c_investigators.1, ru)"]
    assert value["cases"][0]["told"][0][0] == "narrative"


# Court


def test_a_court_gets_an_index_and_a_cover_that_name_the_originals_and_hold_none() -> None:
    made = material(Purpose.COURTS, pieces=pieces(5, withheld=("who_text",)), findings=())
    made = replace(made, lead_only=True, sealed_to=COURT_KEY)
    found = files(Output.COURT, made, HELD)
    assert set(found) == {"court.zip"}
    package = read_archive(found["court.zip"])
    assert not [name for name in package if name.endswith(".age")]
    index = json.loads(package["index.json"])
    rows = read_sheet(package["index.csv"])
    assert [row[0] for row in rows[1:]] == [item["id"] for item in index["items"]] == sorted(HELD)
    first = index["items"][0]
    assert first["redaction"] == "Redacted|event|person|Fields left out|1"
    assert (first["sha256"], first["size"], first["lead_only"]) == ("0" * 64, "65536", "Yes")
    assert (first["original_sha256"], first["original_size"]) == (f"{9:064x}", "24000")
    assert (first["files_left_out"], index["sealed_to"]) == ("0", COURT_KEY)
    assert first["custody"][0]["action"] == "collect"
    assert first["dates"] == "2017-03-01|2017-03-31|2017-03-04|2017-03-06"
    assert first["consent"] == "c_courts.1"
    assert package[f"{CODES[0]}.txt"].decode().startswith("relation\n    r.self\n")
    note = build(Output.COURT, made, HELD)[0].document
    assert note is not None
    assert package["README.txt"].decode() == note.text()
    said = (
        "not_sworn",
        "defence",
        "sealed_apart",
        "lead_only",
        *(f"check_{n}" for n in range(1, 6)),
    )
    for phrase in said:
        assert PHRASES[phrase]["en"] in note.text()
    assert all(one.original in note.text() for one in HELD.values())


@pytest.mark.parametrize("key", ["", "age1pq1x", "sha256:" + "0" * 63])
def test_a_court_whose_key_is_not_named_gets_nothing(key: str) -> None:
    made = replace(material(Purpose.COURTS, findings=()), sealed_to=key)
    with pytest.raises(MalformedError, match="names no key"):
        build(Output.COURT, made, HELD)


def test_no_original_goes_open() -> None:
    sealed = b"age-encryption.org/v1\nsealed"
    assert read_archive(originals({"B": sealed})) == {"B.age": sealed}
    for given in ({}, {"B": b"open"}, {"B": sealed, "C": b"{}"}):
        with pytest.raises(MalformedError, match="not sealed"):
            originals(given)


@pytest.mark.parametrize(
    "change",
    [
        {"original": "x"},
        {"original_size": 0},
        {"files": -1},
        {"digest": "x"},
        {"size": 0},
        {"custody": ()},
    ],
)
def test_an_original_without_a_hash_or_of_unknown_hands_is_refused(
    change: dict[str, object],
) -> None:
    with pytest.raises(MalformedError):
        replace(HELD[CODES[0]], **change)  # type: ignore[arg-type]


def test_custody_is_of_the_listed_acts_alone() -> None:
    with pytest.raises(MalformedError):
        replace(CUSTODY, action="lost")  # type: ignore[arg-type]
    with pytest.raises(MalformedError):
        replace(CUSTODY, object="x")


def test_originals_are_those_of_the_cases_and_for_a_court_alone() -> None:
    made = material(Purpose.COURTS)
    for held in (None, {}, {code: HELD[code] for code in list(HELD)[1:]}):
        with pytest.raises(MalformedError):
            build(Output.COURT, made, held)
    with pytest.raises(MalformedError):
        build(Output.EVENTS, made, HELD)


# Events and statistics


def test_events_say_who_did_what_to_whom_with_both_codes() -> None:
    found = files(Output.EVENTS, material(Purpose.COURTS))
    head, *rows = read_sheet(found["events.csv"])
    first = dict(zip(head, rows[1], strict=True))
    assert (
        first
        | {
            "event": CODES[0],
            "who": LABELS[OFFICER.name],
            "who_name": "Kadyrkhanov Bislan",
            "involvement": "i.did",
            "involvement_esf": "010100000000",
            "affiliation_esf": "010104000000",
            "what": "act.torture",
            "what_esf": "020111110000",
            "methods_esf": "030800000000|030102000000",
            "to_whom": LABELS["p-00000d"],
            "from": "2017-03-04",
            "place_name": "ROVD Argunovo",
            "district": "argun",
            "corroboration": "g.c",
            "source_relation_esf": "010100000000",
        }
        == first
    )
    value = json.loads(found["events.json"])
    assert value["events"][0]["acts"][1]["what"] == {"code": "act.torture", "esf": "020111110000"}
    assert value["events"][0]["information"]["relation"]["code"] == "r.self"
    known = {one.esf for terms in TERMS.values() for one in terms.values() if one.esf}
    assert set(re.findall(r'"esf": "([^"]+)"', found["events.json"].decode())) <= known
    assert Vocabulary.ACT in TERMS


def test_statistics_are_two_ways_with_n_and_what_is_hidden() -> None:
    found = files(Output.STATISTICS, material(Purpose.STATS, count=12))
    value = json.loads(found["statistics.json"])
    assert [table["name"] for table in value["tables"]] == [
        "month_act",
        "place_affiliation",
        "relation_act",
    ]
    assert (value["n"], value["k"]) == (12, 5)
    assert value["caption"] == PHRASES["caption"]["en"]
    rows = read_sheet(found["month_act.csv"])
    assert rows[-4][:2] == ["n", "12"]
    assert rows[-3][0] == "suppressed"
    assert rows[-2][1] == PHRASES["caption"]["en"]
    assert int(rows[-3][1]) == sum(row.count("hidden") for row in rows)
    assert CODES[0].encode() not in b"".join(found.values())


# Sheets and archives


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "\u00a0-", "\u200b="]
)
def test_no_cell_begins_like_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    shown = read_sheet(sheet([("a",), (text,)]))[1][0]
    assert not dangerous(shown)
    assert "HYPERLINK" in shown


@pytest.mark.parametrize("text", POISON, ids=range(40))
def test_poison_in_a_cell_is_one_cell_still(text: str) -> None:
    rows = read_sheet(sheet([("a", "b"), (text, "x")]))
    assert len(rows) == 2
    assert rows[1] == [cell(text), "x"]
    assert not set("\x1b\x07\x00\x9b\u202e\u200b") & set(rows[1][0])


def test_a_sheet_and_an_archive_have_one_spelling() -> None:
    for other in (b'"a"\r\n', b"a\n", b"\xff", b'"'):
        with pytest.raises(MalformedError):
            read_sheet(other)
    with pytest.raises(MalformedError):
        sheet([("a", "b"), ("c",)])
    packed = archive({"b.txt": b"2", "a.txt": b"1"})
    assert read_archive(packed) == {"a.txt": b"1", "b.txt": b"2"}
    with zipfile.ZipFile(BytesIO(packed)) as zipped:
        assert [one.filename for one in zipped.infolist()] == ["a.txt", "b.txt"]
        assert {one.date_time for one in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as zipped:
        zipped.writestr("a.txt", b"1")
        zipped.comment = b"Zaur"
    for wrong in (other.getvalue(), packed + b"x", b"x" + packed, packed[:-1], b""):
        with pytest.raises(MalformedError):
            read_archive(wrong)
    for name in ("../a", "a/b", "имя.txt", ".x", "a" * 65):
        with pytest.raises(MalformedError):
            archive({name: b""})


@pytest.mark.parametrize("output", [Output.EVENTS, Output.UWAZI, Output.PROCEDURES, Output.COURT])
def test_hostile_accounts_go_through_every_form(output: Output) -> None:
    """Built, tested for leaks, and without a control character in any file but the sealed one."""
    text = "\n".join(POISON) + "\n" + "z" + "\u0301" * 20_000
    purpose = {Output.PROCEDURES: Purpose.INVESTIGATORS}.get(output, Purpose.COURTS)
    purpose = Purpose.INVESTIGATORS if output is Output.UWAZI else purpose
    told = piece(0, text=text, extracts=(Extract("narrative", 0, 9, "x"),), removed=())
    coding = told.coding
    acts = tuple(replace(act, reason=text[:1900]) for act in coding.acts)
    parts = tuple(replace(one, rank=POISON[-1]) for one in coding.involvements)
    told = replace(told, coding=replace(coding, acts=acts, involvements=parts))
    made = material(purpose, pieces=(told,), findings=())
    made = replace(made, recipient="to.ngo") if output is Output.UWAZI else made
    held = {CODES[0]: HELD[CODES[0]]} if output is Output.COURT else None
    for one in build(output, made, held):
        if not one.name.endswith((".pdf", "court.zip", "originals.zip")):
            assert not re.search(
                rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xe2\x80\xae", one.content
            ) or (one.name.endswith("zip"))


def chained(number: int) -> Piece:
    told = piece(number)
    events = (
        Event(1, "Round-up in the village", QUOTE, month(2017, 3), PRISON.name),
        Event(2, "Held in a cellar", QUOTE, description="no light", status=Watch.WATCHED),
    )
    acts = tuple(replace(act, event=1 if act.number == 1 else 0) for act in told.coding.acts)
    chain = (Link(1, 2, Leads.CAUSES, QUOTE),)
    return replace(told, coding=replace(told.coding, acts=acts, events=events, chain=chain))


def test_events_of_an_account_and_their_chain_go_with_its_acts() -> None:
    made = material(Purpose.COURTS, pieces=tuple(chained(n) for n in range(5)), findings=())
    found = files(Output.EVENTS, made)
    (case, *_) = json.loads(found["events.json"])["events"]
    assert [(one["number"], one["title"]) for one in case["events"]] == [
        (1, "Round-up in the village"),
        (2, "Held in a cellar"),
    ]
    assert (case["events"][0]["from"], case["events"][0]["place"]) == (
        "2017-03-01",
        LABELS[PRISON.name],
    )
    assert case["events"][1]["monitoring_status"] == "watched"
    assert case["chain"] == [{"event": 1, "kind": "causes", "to": 2}]
    assert [act["part_of_event"] for act in case["acts"]] == [1, None, None]
    head, first, *_ = read_sheet(found["chain.csv"])
    told = [
        "1",
        "Round-up in the village",
        "causes",
        "2",
        "Held in a cellar",
        PHRASES["two_signed"]["en"],
    ]
    assert (head, first) == (list(CHAIN_COLUMNS), [CODES[0], *told])
    head, first, *_ = read_sheet(found["events.csv"])
    row = dict(zip(head, first, strict=True))
    assert (row["part_of_event"], row["event_title"]) == ("1", "Round-up in the village")
    assert "chain.csv" not in files(Output.EVENTS, material(Purpose.COURTS))
    court = read_archive(files(Output.COURT, made, HELD)["court.zip"])
    assert court["chain.csv"] == found["chain.csv"]


@pytest.mark.parametrize("field", ["title", "description", "impact"])
def test_what_was_removed_does_not_leave_in_the_words_for_an_event(field: str) -> None:
    told = chained(0)
    leak = replace(told.coding.events[0], **{field: "near Hasavyurtov"})  # type: ignore[arg-type]
    coding = replace(told.coding, events=(leak, told.coding.events[1]))
    made = material(Purpose.COURTS, pieces=(replace(told, coding=coding),), findings=())
    with pytest.raises(ProofError, match="still stands there"):
        build(Output.EVENTS, made)


def test_uwazi_has_events_by_number_in_public_and_by_title_for_others() -> None:
    pieces_ = tuple(chained(n) for n in range(8))
    for purpose, said in (
        (Purpose.PUBLISH, "1; 2"),
        (Purpose.INVESTIGATORS, "1 Round-up in the village; 2 Held in a cellar"),
    ):
        made = material(purpose, pieces=pieces_, findings=())
        recipient = "to.archive"
        found = files(Output.UWAZI, replace(made, recipient=recipient))
        head, first, *_ = read_sheet(found["uwazi.csv"])
        row = dict(zip(head, first, strict=True))
        assert (row["events"], row["chain"]) == (said, "1 causes 2")
