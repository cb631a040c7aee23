"""The readers of what outputs are made of: the leak tests read a file as if a stranger had made it."""

import csv
import io

from intake.epoch import Epoch
from intake.review.outputs.archives import archive, read_archive
from intake.review.outputs.document import Document, Grid, Heading, Picture, Quotation
from intake.review.outputs.drawing import Sheet
from intake.review.outputs.pdf_reading import read_pdf
from intake.review.outputs.sheets import read_sheet, sheet
from intake.review.outputs.typesetting import pdf
from intake.review.outputs.uwazi import COLUMNS
from intake.review.outputs.uwazi_reading import check
from tests.fuzz.parser import Parser

SHEET = sheet([("n", "text"), ("1", "=1+1"), ("2", 'a "b",\nc')])
DOCUMENT = Document(
    ("A title",),
    "ru",
    Epoch(2026, 47),
    (
        Heading(1, ("Глава",)),
        Quotation(("label",), "слова"),
        Grid(("caption",), (("A",),), ((("1",),),)),
        Picture(Sheet(20, 20).svg("a", "b", "c"), ("alt",), ("caption",)),
    ),
)


def _again(rows: list[list[str]]) -> bytes:
    """Cells as they stand, whether or not `sheet` would have let them."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


PARSERS: tuple[Parser, ...] = (
    Parser("sheet", read_sheet, (SHEET,), _again),
    Parser("archive", read_archive, (archive({"a.txt": b"1", "b.csv": SHEET}),), archive),
    Parser("paper", read_pdf, (pdf(DOCUMENT),), patience=10),
    Parser(
        "sheet for Uwazi",
        lambda data: check(data, {}),
        (sheet([COLUMNS, ("a", "b", "c", "Torture", *("" for _ in COLUMNS[4:]))]),),
    ),
)
