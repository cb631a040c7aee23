"""How tests read a PDF: with poppler, which neither wrote it nor is used by the program."""

import re
import subprocess
from pathlib import Path

from intake.review.outputs.document import squeezed


def poppler(program: str, content: bytes, folder: Path, *options: str) -> str:
    """What one of poppler's programs says of a file."""
    path = folder / "read.pdf"
    path.write_bytes(content)
    out = ["-"] if program == "pdftotext" else []
    done = subprocess.run(
        [program, *options, path, *out], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode(errors="replace")


def pages(content: bytes, folder: Path) -> str:
    """The text of all pages in the order in which it is drawn, without page numbers and white space."""
    found = poppler("pdftotext", content, folder, "-raw", "-enc", "UTF-8").split("\f")
    kept = [re.sub(r"\s*\d+ ?/ ?\d+\s*$", "", page) for page in found]
    return squeezed("".join(kept)).replace("•", "")
