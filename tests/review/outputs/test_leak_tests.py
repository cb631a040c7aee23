"""Leaks planted in finished files: each is found, and it is said where."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from intake.errors import ProofError
from intake.review.coding.register import Of, Person, Register
from intake.review.consent import Purpose
from intake.review.linking import hints
from intake.review.outputs import building, naming
from intake.review.outputs.building import build
from intake.review.outputs.document import Document, Picture
from intake.review.outputs.leak_tests import check_file
from intake.review.outputs.looking import LEAK, Fault
from intake.review.outputs.material import Extract, Material, Output
from intake.review.outputs.report import report
from intake.review.outputs.sheets import read_sheet
from intake.review.outputs.typesetting import pdf
from tests.review.outputs.materials import material, piece, told_the_state
from tests.review.outputs.test_packages import HELD

MADE = material(count=12)
REPORT = report(MADE)
CONTENT = pdf(REPORT)
NAME = "Khasavyurtov"
SPELLINGS = (
    "Khasavyurtov",
    "KHASAVYURTOV",
    "Хасавюртов",
    "Хасавюртовым",
    "Хacавюртов",
    "хасав\u200bюртов",
    "Хасав-\nюртов",
    "Hasavyurtova",
    "в серо\u0301м уазике",
)


def faults(content: bytes, document: Document = REPORT, made: Material = MADE) -> list[Fault]:
    return check_file("report.pdf", content, document, made)


def written(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(CONTENT)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_file_as_it_was_made_has_no_fault() -> None:
    assert faults(CONTENT) == []


@pytest.mark.parametrize("output", [Output.EVENTS, Output.COURT, Output.UWAZI, Output.DETENTION])
def test_no_pseudonym_of_the_register_and_no_hint_of_likeness_is_in_any_output(
    output: Output,
) -> None:
    """The register has two that look alike, and two that somebody said are not one: nothing of it leaves."""
    made = alike(output)
    assert len(hints(made.register)) == 1
    held = HELD if output is Output.COURT else None
    for one in build(output, made, held):
        for name in made.register.entries:
            assert name.encode() not in one.content
        for told in (b"Zelimchan", b"100.0"):
            assert told not in one.content


@pytest.mark.parametrize("output", [Output.EVENTS, Output.COURT, Output.DETENTION])
def test_the_twin_that_shows_a_pseudonym_of_the_register_is_refused(
    output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "labels_of", lambda _, names: {name: name for name in names})
    held = HELD if output is Output.COURT else None
    with pytest.raises(ProofError, match="a pseudonym of the register"):
        build(output, alike(output), held)


def alike(output: Output) -> Material:
    """Material of which two people may be one: `Zelimkhan` and `Zelimchan`."""
    purpose = {Output.COURT: Purpose.COURTS, Output.UWAZI: Purpose.PUBLISH}.get(
        output, Purpose.INVESTIGATORS
    )
    made = material(purpose)
    if output is Output.DETENTION:
        made = told_the_state(made, output)
    double = Person("p-0000fe", Of.INDIVIDUAL, ("Zelimchan",))
    register = Register.of([*made.register.entries.values(), double])
    return replace(made, register=register, verbatim=True)


def in_metadata(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": NAME})


def in_title(writer: PdfWriter) -> None:
    writer.add_metadata({"/Title": f"Report on {NAME}"})


def in_xmp(writer: PdfWriter) -> None:
    stream = writer.root_object["/Metadata"].get_object()
    stream.set_data(stream.get_data().replace(b"<dc:format>", b"<dc:format>Khasavyurtov "))


def in_bookmark(writer: PdfWriter) -> None:
    writer.add_outline_item(title=NAME, page_number=0)


def in_note(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text=NAME, rect=(0, 0, 9, 9)))


def in_attachment(writer: PdfWriter) -> None:
    writer.add_attachment("x.txt", NAME.encode())


def in_script(writer: PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{NAME}')")}
    named = DictionaryObject({NameObject(key): value for key, value in action.items()})
    writer.root_object[NameObject("/OpenAction")] = named


def in_lost_object(writer: PdfWriter) -> None:
    writer._add_object(DictionaryObject({NameObject("/Old"): TextStringObject(NAME)}))


def another_font(writer: PdfWriter) -> None:
    for one in writer._objects:
        if isinstance(one, dict) and one.get("/Type") == "/Font" and "/BaseFont" in one:
            one[NameObject("/BaseFont")] = NameObject("/ABCDEF+Zaur")
            return


def a_photograph(writer: PdfWriter) -> None:
    image = StreamObject()
    image[NameObject("/Subtype")] = NameObject("/Image")
    image.set_data(b"x")
    added = DictionaryObject({NameObject("/x"): writer._add_object(image)})
    writer.pages[0]["/Resources"][NameObject("/XObject")] = added


def in_alt(writer: PdfWriter) -> None:
    for one in writer._objects:
        if isinstance(one, dict) and "/Alt" in one:
            one[NameObject("/Alt")] = TextStringObject(f"{one['/Alt']} {NAME}")
            return
    pytest.fail("there is no alt text")


def in_actual_text(writer: PdfWriter) -> None:
    for one in writer._objects:
        if isinstance(one, dict) and "/Alt" in one:
            one[NameObject("/ActualText")] = TextStringObject(NAME)
            return


@pytest.mark.parametrize(
    ("plant", "where", "leak"),
    [
        (in_metadata, "metadata /Author", True),
        (in_title, "metadata", True),
        (in_xmp, "metadata", True),
        (in_bookmark, "bookmark", True),
        (in_note, "a comment or a link", False),
        (in_attachment, "catalog /Names", False),
        (in_script, "catalog /OpenAction", False),
        (in_lost_object, "an object that nothing reaches", False),
        (another_font, "a font", False),
        (a_photograph, "a picture in pixels", False),
        (in_alt, "alt text of a picture", True),
        (in_actual_text, "a text in place of another", True),
    ],
)
def test_what_no_page_shows_is_found_and_named(
    plant: Callable[[PdfWriter], object], where: str, leak: bool
) -> None:
    found = faults(written(plant))
    here = [fault for fault in found if fault.where == f"report.pdf: {where}"]
    assert here
    assert any(fault.what == LEAK for fault in here) == leak
    assert NAME not in str(found)


def test_writing_it_anew_without_a_change_is_no_leak() -> None:
    """So it is the plant that was found above, and not the other program's hand."""
    found = {(fault.where, fault.what) for fault in faults(written(lambda _: None))}
    assert not any(what == LEAK for _, what in found)
    assert not any("bookmark" in where or "catalog" in where for where, _ in found)


def test_an_earlier_version_in_the_same_file_is_found() -> None:
    old = pdf(report(replace(MADE, title=f"Report on {NAME}")))
    writer = PdfWriter(io.BytesIO(old), incremental=True)
    writer.add_metadata({"/Title": MADE.title})
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(old[:-10])
    assert "report.pdf: an older version" in {fault.where for fault in faults(out.getvalue())}


@pytest.mark.parametrize("tail", [b"\n% Khasavyurtov", b"\n%%EOF\n", b"x"])
def test_nothing_stands_after_the_end(tail: bytes) -> None:
    assert "report.pdf: an older version" in {one.where for one in faults(CONTENT + tail)}


def test_where_the_reader_had_to_guess_is_a_fault_and_says_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = faults(CONTENT.replace(b"startxref\n", b"startxref ", 1))
    assert found
    assert capfd.readouterr() == ("", "")


def test_pages_that_say_more_than_was_approved_are_found() -> None:
    changed = replace(MADE, method=(f"It was {NAME}.",))
    found = faults(pdf(report(changed)))
    assert Fault("report.pdf: the pages", "they do not read as what was approved") in found
    assert Fault("report.pdf: the pages", LEAK) in found


def test_a_label_in_a_chart_is_found_and_named() -> None:
    """In the drawing alone, and where whoever drew it says so."""
    blocks = list(REPORT.blocks)
    at, picture = next(
        (i, one)
        for i, one in enumerate(blocks)
        if isinstance(one, Picture) and ">Torture<" in one.svg
    )
    drawn = picture.svg.replace(">Torture<", f">{NAME}<", 1)
    assert drawn != picture.svg
    blocks[at] = replace(picture, svg=drawn)
    hidden_in = replace(REPORT, blocks=tuple(blocks))
    assert Fault("report.pdf: the pages", LEAK) in faults(pdf(hidden_in))
    told = tuple(NAME if text == "Torture" else text for text in picture.texts)
    blocks[at] = replace(picture, svg=drawn, texts=told)
    said = replace(REPORT, blocks=tuple(blocks))
    assert Fault("report.pdf: label of a picture", LEAK) in faults(pdf(said), said)


def test_the_name_of_a_file_is_searched() -> None:
    found = check_file("report_khasavyurtov.pdf", CONTENT, REPORT, MADE)
    assert Fault("the name of a file", LEAK) in found
    assert check_file("Report 3.pdf", CONTENT, REPORT, MADE) != []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_in_any_spelling_an_extract_is_refused_before_there_is_a_file(spelling: str) -> None:
    extract = Extract("narrative", 0, 4, f"Then {spelling} came.")
    changed = tuple(replace(one, extracts=(extract,)) for one in MADE.pieces)
    with pytest.raises(
        ProofError, match=r"report.pdf: extract: something that was removed"
    ) as caught:
        build(Output.REPORT, replace(MADE, pieces=changed))
    assert spelling not in str(caught.value)


def test_an_extract_that_is_one_of_our_own_labels_is_somebodys_word_still() -> None:
    extract = Extract("narrative", 0, 4, "Shalinsky")
    told = tuple(
        replace(one, extracts=(extract,), removed=(("Шалинский", "place"),)) for one in MADE.pieces
    )
    with pytest.raises(ProofError, match=r"report.pdf: extract: something that was removed"):
        build(Output.REPORT, replace(MADE, pieces=told))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("output", [Output.EVENTS, Output.UWAZI, Output.PROCEDURES])
def test_and_in_every_other_form(output: Output, spelling: str) -> None:
    purpose = Purpose.COURTS if output is Output.EVENTS else Purpose.INVESTIGATORS
    told = piece(0, text=f"And {spelling} said so.", extracts=())
    if output is Output.EVENTS:
        acts = tuple(replace(act, reason=f"as {spelling} said") for act in told.coding.acts)
        told = replace(told, coding=replace(told.coding, acts=acts))
    made = material(purpose, pieces=(told,), findings=())
    if output is Output.UWAZI:
        made = replace(made, recipient="to.ngo")
    with pytest.raises(ProofError, match="something that was removed"):
        build(output, made)


def test_what_one_piece_lost_stands_in_no_other() -> None:
    told = (piece(0), piece(1, text="He is Bekkhanov.", extracts=()))
    told = (replace(told[0], removed=(("Bekkhanov", "person"),)), told[1])
    with pytest.raises(ProofError, match="something that was removed"):
        build(Output.EVENTS, named(material(Purpose.COURTS, pieces=told, findings=())))


def named(made: Material) -> Material:
    coding = made.pieces[1].coding
    part = replace(coding.involvements[0], rank="Bekkhanov")
    changed = replace(made.pieces[1], coding=replace(coding, involvements=(part,)))
    return replace(made, pieces=(made.pieces[0], changed))


EVENTS = material(Purpose.COURTS)


def test_a_cell_that_leaks_or_begins_a_formula_is_found_by_its_row() -> None:
    content = build(Output.EVENTS, EVENTS)[0].content
    assert check_file("events.csv", content, None, EVENTS) == []
    leak = content.replace(b"g.a", "хасавюртову".encode(), 1)
    assert Fault("events.csv: a cell of row 2", LEAK) in check_file(
        "events.csv", leak, None, EVENTS
    )
    formula = content.replace(b"g.a", b"=1+1", 1)
    assert Fault("events.csv: a cell of row 2", "it begins like a formula") in check_file(
        "events.csv", formula, None, EVENTS
    )
    assert len(read_sheet(content)) == 1 + 3 * len(EVENTS.pieces)


def test_a_taxpayers_number_that_was_removed_is_found_alone_in_a_cell() -> None:
    """It has twelve digits, and nothing of ours has."""
    piece = replace(EVENTS.pieces[0], removed=(("500100732259", "number"),))
    made = replace(EVENTS, pieces=(piece, *EVENTS.pieces[1:]))
    content = build(Output.EVENTS, made)[0].content
    assert check_file("events.csv", content, None, made) == []
    leak = content.replace(b"g.a", b"500100732259", 1)
    assert Fault("events.csv: a cell of row 2", LEAK) in check_file("events.csv", leak, None, made)


def test_a_key_or_a_value_of_json_that_leaks_is_found() -> None:
    content = build(Output.EVENTS, EVENTS)[1].content
    value = json.loads(content)
    value["events"][0]["khasavyurtov"] = 1
    found = check_file("events.json", json.dumps(value).encode(), None, EVENTS)
    assert LEAK in {fault.what for fault in found}
    value = json.loads(content)
    value["events"][0]["acts"][0]["stated_reason"] = NAME
    (fault,) = check_file("events.json", json.dumps(value).encode(), None, EVENTS)
    assert fault == Fault("events.json: events: acts: stated_reason", LEAK)
    twice = content.replace(b'"format"', b'"format": "Khasavyurtov", "format"', 1)
    assert check_file("events.json", twice, None, EVENTS)


def test_a_count_under_five_is_found_in_sheets_and_in_json() -> None:
    made = material(Purpose.STATS, count=12)
    files = {one.name: one.content for one in build(Output.STATISTICS, made)}
    value = json.loads(files["statistics.json"])
    value["tables"][0]["cells"][0][0] = 4
    found = check_file("statistics.json", json.dumps(value).encode(), None, made)
    assert found == [Fault("statistics.json: month_act", "a count under 5 is shown")]
    sheet = files["relation_act.csv"]
    assert b",12,12\r\n" in sheet
    found = check_file("relation_act.csv", sheet.replace(b",12,12", b",4,12", 1), None, made)
    assert {fault.what for fault in found} == {"a count under 5 is shown"}


def test_a_file_inside_an_archive_is_tested_too() -> None:
    made = replace(material(Purpose.INVESTIGATORS), recipient="to.ngo")
    archive = build(Output.UWAZI, made)[1].content
    assert check_file("uwazi.zip", archive, None, made) == []
    assert check_file("uwazi.zip", archive + b"\0", None, made)
    leak = archive.replace(b"A man hit me", b"Khasavyurtov")
    assert check_file("uwazi.zip", leak, None, made)


def test_a_text_file_is_what_was_approved() -> None:
    made = material(Purpose.INVESTIGATORS)
    text, document = next(
        (one.content, one.document)
        for one in build(Output.PROCEDURES, made)
        if one.name.endswith("txt")
    )
    assert document is not None
    name = "special-procedures.txt"
    assert check_file(name, text, document, made) == []
    found = check_file(name, text + NAME.encode(), document, made)
    assert {fault.what for fault in found} == {"it does not read as what was approved", LEAK}


def test_what_is_no_file_of_its_kind_is_a_fault_and_no_crash() -> None:
    for name in ("report.pdf", "events.csv", "events.json", "uwazi.zip", "court.zip"):
        for content in (b"", b"x", b"%PDF-1.7\n%%EOF", b'"', b"\xff", b"PK\x03\x04"):
            assert check_file(name, content, REPORT, MADE) or name == "events.csv"


def test_an_output_that_differs_the_second_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([b"{}", b"[]"])
    monkeypatch.setattr(building, "events_json", lambda _: next(turns))
    with pytest.raises(ProofError, match="made a second time it has another hash"):
        build(Output.EVENTS, EVENTS)


def test_names_of_officials_in_a_letter_are_no_leak_unless_they_were_removed() -> None:
    made = told_the_state(material(Purpose.INVESTIGATORS), Output.TORTURE)
    text = build(Output.TORTURE, made)[2].content.decode()
    assert "Kadyrkhanov Bislan" in text
    lost = replace(made.pieces[0], removed=(("Кадырханов", "person"),))
    with pytest.raises(ProofError, match="something that was removed"):
        build(Output.TORTURE, replace(made, pieces=(lost, *made.pieces[1:])))
