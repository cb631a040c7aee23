"""Sheets opened by a real spreadsheet: every cell is text, and nothing in it was worked out or run."""

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from intake.review.outputs.sheets import sheet
from tests.review.poison import POISON

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","click")',
    '=WEBSERVICE("http://x.example")',
    "{=1+1}",
    "＝1+1",
    "- Где остальные? - спросил он.",
)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"


def opened(content: bytes, folder: Path) -> ET.Element:
    """What LibreOffice makes of a sheet, as its own flat XML."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is needed: sudo apt-get install libreoffice-calc"
    (folder / "sheet.csv").write_bytes(content)
    command = [
        office,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--infilter=CSV:44,34,76,1,,0,false,true,false",
        "--convert-to",
        "fods",
        "--outdir",
        str(folder),
        str(folder / "sheet.csv"),
    ]
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        timeout=180,
        env=os.environ | {"HOME": str(folder)},
    )
    return ET.parse(folder / "sheet.fods").getroot()


@pytest.mark.long
def test_a_spreadsheet_works_nothing_out(tmp_path: Path) -> None:
    texts = (*POISON, *FORMULAS)
    content = sheet([("n", "text"), *((str(i), text) for i, text in enumerate(texts))])
    root = opened(content, tmp_path)
    assert not [cell for cell in root.iter() if cell.get(f"{TABLE}formula")]
    assert not [link for link in root.iter(f"{TEXT}a") if link.get(f"{XLINK}href")]
    rows = [
        row for row in root.iter(f"{TABLE}table-row") if row.find(f"{TABLE}table-cell") is not None
    ]
    shown = ["".join(row.itertext()).strip() for row in rows]
    assert sum(bool(text) for text in shown) == len(texts) + 1


@pytest.mark.long
def test_it_does_of_an_unguarded_text_which_shows_that_the_test_can_fail(tmp_path: Path) -> None:
    root = opened(b"a\r\n=1+1\r\n", tmp_path)
    assert [cell for cell in root.iter() if cell.get(f"{TABLE}formula")]
