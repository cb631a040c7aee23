"""A PDF says what was approved and nothing else, whatever stands in it, and is the same every time."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.review.outputs import typesetting
from intake.review.outputs.document import (
    Block,
    Document,
    Grid,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quotation,
    joined,
    shown,
    squeezed,
)
from intake.review.outputs.pdf_reading import read_pdf
from intake.review.outputs.typesetting import TypesettingError, on_paper, pdf
from tests.review.outputs.reading import pages, poppler
from tests.review.poison import POISON

MARKUP = (
    '#eval("1+1") #read("/etc/passwd") #import "@preview/x:1.0.0" #sys.inputs',
    "$ x^2 $ *bold* _it_ `raw` = Heading <label> @ref https://example.org/x",
    "// comment /* block */ \\ \\u{41} ~ -- --- ... \"quoted\" 'single'",
    "```typ #panic()``` #show: none #set page(width: 1pt)",
    "<script>alert(1)</script> <svg onload=x> &amp; ]]> %PDF-1.7 endobj",
)


def document(*blocks: Block, lang: str = "en", title: str = "A title") -> Document:
    return Document((title,), lang, Epoch(2026, 47), blocks)


def approved(made: Document) -> str:
    return squeezed("".join(on_paper(shown(joined(line))) for _, line in made.lines())).replace(
        "•", ""
    )


EVERYTHING = document(
    Heading(1, ("Заголовок",)),
    Paragraph(("Хьаж-Ӏела, хьаж-ӏела, ", "ёЁ № «» — и\u0306, э\u0301")),
    Heading(2, ("Second",)),
    Listing((("one",), ("two",))),
    Quotation(("label",), "first line\n- second line\n\nfourth"),
    Grid(("a caption",), (("A",), ("B",)), ((("1",), ("2",)), (("3",), ("",)))),
    lang="ru",
)


@pytest.mark.parametrize("texts", [POISON, MARKUP], ids=["poison", "markup"])
def test_hostile_text_is_drawn_as_it_stands_and_does_nothing(
    texts: tuple[str, ...], tmp_path: Path
) -> None:
    blocks = [block for text in texts for block in (Quotation((text,), text), Paragraph((text,)))]
    grid = Grid((texts[0],), tuple((text,) for text in texts[:3]), ())
    made = document(*blocks, Heading(1, (texts[-1],)), grid, Listing((texts,)), title=texts[-1])
    content = pdf(made)
    assert pages(content, tmp_path) == approved(made)
    assert squeezed(read_pdf(content).text).replace("•", "") == approved(made)
    assert read_pdf(content).faults == ()
    assert "passwd:" not in pages(content, tmp_path)


def test_text_is_what_was_approved_to_poppler_too(tmp_path: Path) -> None:
    assert pages(pdf(EVERYTHING), tmp_path) == approved(EVERYTHING)
    assert "ӏ" in pages(pdf(EVERYTHING), tmp_path)


def test_it_is_the_same_every_time_and_carries_the_week_alone(tmp_path: Path) -> None:
    content = pdf(EVERYTHING)
    assert pdf(EVERYTHING) == content
    info = poppler("pdfinfo", content, tmp_path)
    assert (
        re.findall(r"(?:CreationDate|ModDate): +(.*)", info) == ["Mon Nov 16 00:00:00 2026 UTC"] * 2
    )
    assert not re.search("Author|Producer|Keywords|Subject", info)
    assert re.search(r"Tagged: +yes", info)
    assert re.search(r"JavaScript: +no", info)


def test_it_says_that_it_is_for_archives_and_for_everybody(tmp_path: Path) -> None:
    content = pdf(EVERYTHING)
    xmp = poppler("pdfinfo", content, tmp_path, "-meta")
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in xmp
    structure = poppler("pdfinfo", content, tmp_path, "-struct")
    for tag in ("H1", "H2", "Table", "TH", "TD", "L ", "LI", "BlockQuote"):
        assert tag in structure
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "ru"


def test_one_family_of_fonts_all_of_it_in_the_file(tmp_path: Path) -> None:
    rows = poppler("pdffonts", pdf(EVERYTHING), tmp_path).splitlines()[2:]
    assert {re.sub("^[A-Z]{6}.", "", row.split()[0]) for row in rows} == {
        "DejaVuSans",
        "DejaVuSans-Bold",
    }
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_letters_that_the_font_cannot_draw_in_order_are_escaped(tmp_path: Path) -> None:
    made = document(Paragraph(("שלום مرحبا 漢字 ქართ 😀",)))
    content = pdf(made)
    assert "⟨U+05E9⟩" in pages(content, tmp_path)
    assert pages(content, tmp_path) == approved(made)


def test_twenty_thousand_marks_neither_climb_nor_take_long() -> None:
    made = document(Quotation(("label",), "z" + "\u0301" * 20_000))
    paper = read_pdf(pdf(made))
    assert squeezed(paper.text).count("⟨U+0301⟩") == 20_000 - 1
    assert squeezed(paper.text) == approved(made)


def test_the_typesetter_reads_no_file_and_has_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "TIME_LIMIT", 0.01)
    with pytest.raises(TypesettingError, match="took over"):
        pdf(EVERYTHING)


@pytest.mark.parametrize(("limit", "least"), [("MEMORY", 64 << 20), ("PROCESSOR", 1)])
def test_nor_more_memory_or_work_than_it_may(
    limit: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(
        *(
            Quotation(("label",), "слово дело " * 2_000)
            for _ in range(400 if limit == "PROCESSOR" else 1)
        )
    )
    monkeypatch.setattr(typesetting, limit, least)
    with pytest.raises(TypesettingError, match="gave no file"):
        pdf(made)


def test_what_fails_says_nothing_of_the_text() -> None:
    broken = Picture("<svg", ("alt",), ("caption",))
    with pytest.raises(TypesettingError) as caught:
        pdf(document(broken, Paragraph(("Zaur",))))
    assert "Zaur" not in str(caught.value) + caught.value.hint


def test_the_process_alone_ends_without_a_file_where_it_is_given_none() -> None:
    command = [sys.executable, "-I", "-m", "intake.review.outputs.typesetter", str(4 << 30), "9"]
    done = subprocess.run(command, input=b"{}", capture_output=True, timeout=60, check=False)
    assert done.returncode
    assert done.stdout == b""


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(MalformedError):
        typesetting._drawable({"x": 1.5})


def test_plain_text_is_the_same_words() -> None:
    text = EVERYTHING.text()
    assert text.startswith("A title\n\n====")
    assert "    - second line\n" in text
    assert "A | B\n1 | 2\n3 | \n" in text
