"""What stands in an export, what never does, and where it is written."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from intake.container import Container, File, Form
from intake.errors import ConsentError, IntakeError, MalformedError, ProofError, StoreError
from intake.review.consent import Purpose
from intake.review.export import Shape, check_leaks, new_file, prepare, render
from intake.review.planning import Plan, carry_out
from intake.review.redacting import Redaction, Span
from tests.review.poison import POISON
from tests.review.test_showing import harmless
from tests.review.workroom import NOW, alone, container

ENVELOPE = bytes(range(32))


def redacted(box: Container, *spans: str, **plan: object) -> Redaction:
    asked = Plan(tuple(map(Span.parse, spans)), **plan)  # type: ignore[arg-type]
    return carry_out(box, ENVELOPE, asked, None, "r1")


def exported(
    box: Container, redaction: Redaction, shape: Shape, purpose: Purpose = Purpose.PUBLISH
) -> str:
    return render(prepare(box, redaction, purpose, alone(box)), shape).decode()


BOX = container(
    ("relation", "r.self"),
    ("narrative", "Zaur came.\n\nHe\tleft."),
    ("who_text", "them"),
)
PLAN = ("narrative:0:4=person",)


def test_a_text_says_for_what_by_which_consent_and_then_the_fields() -> None:
    assert exported(BOX, redacted(BOX, *PLAN), Shape.TEXT) == (
        "format: testimony-intake/export/v1\n"
        "for: publish\n"
        "deployment: test-abcdefgh\n"
        "kind: testimony\n"
        "language: ru\n"
        "consent: use publish, wording c_publish.1, lang ru\n"
        "redactions: person 1\n"
        "withheld_fields: 0\n"
        "withheld_files: 0\n"
        "\n"
        "relation\n"
        "    r.self\n"
        "\n"
        "narrative\n"
        "    [person] came.\n"
        "    \n"
        "    He left.\n"
        "\n"
        "who_text\n"
        "    them\n"
    )


def test_json_holds_the_same_and_nothing_else() -> None:
    box = replace(BOX, files=(File("Zaur.jpg", "image/jpeg", b"x"),))
    redaction = redacted(box, *PLAN, withheld=("who_text",))
    assert json.loads(exported(box, redaction, Shape.JSON, Purpose.COURTS)) == {
        "format": "testimony-intake/export/v1",
        "for": "courts",
        "deployment": "test-abcdefgh",
        "kind": "testimony",
        "language": "ru",
        "consent": {"use": "courts", "wording": "c_courts.1", "lang": "ru"},
        "redactions": {"person": 1},
        "withheld_fields": 1,
        "withheld_files": 1,
        "week": str(NOW),
        "fields": [["relation", "r.self"], ["narrative", "[person] came.\n\nHe left."]],
    }


@pytest.mark.parametrize("purpose", Purpose)
def test_nothing_joins_an_export_to_the_store(purpose: Purpose) -> None:
    text = exported(BOX, redacted(BOX, *PLAN), Shape.JSON, purpose)
    for secret in (ENVELOPE.hex(), ENVELOPE.hex()[:12], BOX.roster, BOX.redact_root.hex(), "seed"):
        assert secret not in text
    dated = purpose in {Purpose.INVESTIGATORS, Purpose.COURTS}
    assert (str(NOW) in text) == dated


def test_statistics_are_codes_and_no_text() -> None:
    box = container(("relation", "r.told"), ("aware", "Ivan told me"), ("narrative", "SECRET"))
    value = json.loads(exported(box, redacted(box), Shape.JSON, Purpose.STATS))
    assert value["codes"] == {"relation": "r.told", "aware": None}
    assert set(value) == {"format", "for", "deployment", "kind", "language", "codes"}
    withheld = redacted(box, withheld=("relation",))
    value = json.loads(exported(box, withheld, Shape.JSON, Purpose.STATS))
    assert value["codes"] == {"relation": None, "aware": None}
    with pytest.raises(MalformedError, match="codes"):
        exported(box, redacted(box), Shape.TEXT, Purpose.STATS)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("text", POISON, ids=range(40))
def test_no_poison_leaves_in_an_export(text: str, shape: Shape) -> None:
    box = container(("narrative", text), ("ivan.1.x", text))
    out = exported(box, redacted(box), shape)
    assert harmless(out.replace("\n", ""))
    if shape is Shape.TEXT:
        margin = [row for row in out.split("\n\n", 1)[1].split("\n") if not row.startswith("    ")]
        assert margin == ["narrative", "", "ivan.1.x", ""]


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize(
    ("fields", "spans", "places"),
    [
        ((("narrative", "Zaur, zaur"),), PLAN, "narrative:6:10"),
        ((("narrative", "Zaur"), ("who_text", "by ZAUR")), PLAN, "who_text:3:7"),
        ((("narrative", "Zaur Ali. Ali"),), ("narrative:0:8=person",), "narrative:10:13"),
        ((("narrative", "He went. They"),), ("narrative:0:8=event",), None),
        ((("narrative", "Zaur Alim. alim"),), ("narrative:0:9=person",), "narrative:11:15"),
        ((("narrative", "Ӏела 1ела"),), ("narrative:0:4=person",), "narrative:5:9"),
        ((("narrative", "Zaur Za\u200bur"),), PLAN, "narrative:5:10"),
        ((("narrative", "Zaur \u202eZaur\t"),), PLAN, "narrative:6:10"),
        ((("narrative", "Zaur zaurs"),), PLAN, "narrative:5:10"),
        ((("narrative", "Zaur заура"),), PLAN, "narrative:5:10"),
        ((("narrative", "Zaur"), ("aware", "zaur")), PLAN, "aware:0:4"),
        ((("narrative", "self"), ("relation", "r.self")), ("narrative:0:4=words",), None),
        ((("narrative", "person x"),), ("narrative:0:6=person",), None),
    ],
)
def test_what_was_removed_is_refused_where_it_still_stands(
    fields: tuple[tuple[str, str], ...], spans: tuple[str, ...], places: str | None, shape: Shape
) -> None:
    box = container(*fields)
    redaction = redacted(box, *spans)
    if places is None:
        exported(box, redaction, shape)
        return
    with pytest.raises(ProofError) as caught:
        exported(box, redaction, shape)
    assert caught.value.phrase == f"something that was removed still stands at {places}"
    assert "--everywhere" in caught.value.hint
    exported(box, redacted(box, *spans, everywhere=True), shape)


def test_a_withheld_text_must_not_stand_elsewhere_either() -> None:
    box = container(("narrative", "then kadirov came"), ("who_text", "Kadirov"))
    with pytest.raises(ProofError, match="narrative:5:12"):
        exported(box, redacted(box, withheld=("who_text",)), Shape.TEXT)


def test_the_name_of_a_field_can_leak_too() -> None:
    box = container(("narrative", "Zaur"), ("zaur", "x"))
    with pytest.raises(ProofError) as caught:
        exported(box, redacted(box, *PLAN), Shape.JSON)
    assert "name of a field" in caught.value.phrase
    assert "zaur" not in caught.value.phrase + caught.value.hint
    exported(box, redacted(box, *PLAN, withheld=("zaur",)), Shape.JSON)


def test_a_language_tag_carries_no_more_than_a_language() -> None:
    box = replace(BOX, form=Form("minimal", 2, "ru-Zaur-Ali"))
    assert "Zaur" not in exported(box, redacted(box, *PLAN), Shape.JSON)


@pytest.mark.parametrize("shape", Shape)
def test_the_check_reads_the_very_bytes(shape: Shape) -> None:
    """A fault in the writer, planted: bytes that are not what was approved do not pass."""
    publication = prepare(BOX, redacted(BOX, *PLAN), Purpose.PUBLISH, alone(BOX))
    content = render(publication, shape)
    check_leaks(content, shape, publication)
    for planted in (content.replace(b"[person]", b"Zaur"), content.replace(b"them", b"they")):
        with pytest.raises(ProofError, match="does not read as what was approved"):
            check_leaks(planted, shape, publication)


# The file


def test_a_new_file_is_for_its_owner_alone_and_never_replaces_one(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    out = tmp_path / "out.txt"
    with new_file(out, tmp_path / "case") as file:
        file.write(b"text")
    assert (out.read_bytes(), out.stat().st_mode & 0o777) == (b"text", 0o600)
    with pytest.raises(StoreError, match="exists"), new_file(out, tmp_path / "case"):
        pytest.fail("never reached")
    assert out.read_bytes() == b"text"


def test_no_export_goes_through_a_link_or_into_the_case(tmp_path: Path) -> None:
    case = tmp_path / "case"
    (case / "items").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "way").symlink_to(case)
    for path in (
        tmp_path / "link",
        case / "out",
        case / "items" / "out",
        tmp_path / "way" / "out",
        case / "items" / ".." / "out",
    ):
        with pytest.raises(StoreError), new_file(path, case):
            pytest.fail("never reached")
    assert not (tmp_path / "target").exists()
    assert sorted(p.name for p in case.rglob("*")) == ["items"]


def test_an_export_that_fails_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    with pytest.raises(IntakeError), new_file(tmp_path / "out", tmp_path / "case") as file:
        file.write(b"half")
        raise StoreError("the disk is full")
    assert os.listdir(tmp_path) == ["case"]  # noqa: PTH208


def test_what_is_for_the_team_alone_is_refused_until_it_is_left_out() -> None:
    """And a code that was left out takes no word out of the story."""
    box = container(
        ("narrative", "The police came; a court sat."),
        ("told_before", "t.police t.court"),
        ("missing_name", "Zaur"),
    )
    with pytest.raises(ConsentError, match="told_before is for the team alone") as caught:
        prepare(box, redacted(box), Purpose.COURTS, alone(box))
    assert "--withhold told_before" in caught.value.hint
    with pytest.raises(ConsentError, match="missing_name was not agreed to for the use courts"):
        prepare(box, redacted(box, withheld=("told_before",)), Purpose.COURTS, alone(box))
    out = redacted(box, withheld=("missing_name", "told_before"))
    text = exported(box, out, Shape.TEXT, Purpose.COURTS)
    assert "The police came; a court sat." in text
    assert "t.police" not in text
