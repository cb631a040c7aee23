"""Making a report writes nothing to the home of whoever makes it, nor leaves anything behind."""

import os
import subprocess
import sys
from pathlib import Path

MAKE = """
from intake.review.outputs.building import build
from intake.review.outputs.material import Output
from tests.review.outputs.materials import material
import tempfile
made = build(Output.REPORT, material())
assert made[0].content.startswith(b"%PDF-")
"""


def made(folder: Path, change: str = "") -> list[Path]:
    """What lies in an empty home and an empty folder for temporary files after a report was made."""
    names = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "home", "XDG_CONFIG_HOME": "home"}
    for name in set(names.values()):
        (folder / name).mkdir(parents=True)
    given = {name: str(folder / place) for name, place in names.items()}
    path = {"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {k: v for k, v in os.environ.items() if k != "MPLCONFIGDIR"} | given | path
    subprocess.run([sys.executable, "-c", change + MAKE], env=environment, check=True)
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_report_leaves_nothing_behind(tmp_path: Path) -> None:
    assert made(tmp_path / "one") == []
    twin = "from intake.review.outputs import drawing, typesetting\n"
    twin += "drawing.leave_home_alone = typesetting.leave_home_alone = lambda: None\n"
    assert made(tmp_path / "twin", twin), "the test sees what the library writes by itself"
