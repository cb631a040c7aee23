"""What the product is made of is known to the byte, and a tree gives the same bytes on any machine."""

import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.supply import audit, sbom, wheelhouse
from deploy.supply.locks import DEV, NPM, LockError, installed_locks, npm_lock, python_lock
from tests.web.serving import site_in

ROOT = Path(__file__).parents[2]
_OFFLINE_PAGES = """
import sys
from pathlib import Path
import intake
from intake.accept import Acceptor
from intake.store import Store
from intake.web.app import create_app
from intake.web.site import Site
assert Path(intake.__file__).is_relative_to(Path.cwd())
site = Site.open(Path(sys.argv[1]))
app = create_app(site, Acceptor(Store.open(site.store_path), site, site.settings.largest))
for lang in ("en", "ru"):
    sys.stdout.buffer.write(app.test_client().get(f"/offline-{lang}.html").data)
"""
_OUTPUTS = (
    *("../static/seal.js", "../static/stretch.js", "../static/leave.js"),
    *("../../review/desk/static/desk.js", "../../review/desk/static/marking.js"),
    "../../audit/publication.html",
)
_BUILT_FROM = ("@noble", "@scure", "@esbuild", "age-encryption", "esbuild", "hash-wasm")
_WITHOUT = (
    "__pycache__",
    "node_modules",
    ".git",
    ".venv",
    "build",
    "tests",
    "benchmarks",
    ".*_cache",
)


@pytest.fixture(scope="module")
def two_trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """This tree in two places, unpacked by two people: other paths, other modes, other times."""
    folder = tmp_path_factory.mktemp("trees")
    trees = folder / "a", folder / "an other place" / "b"
    for tree, mode in zip(trees, (0o644, 0o600), strict=True):
        shutil.copytree(
            ROOT, tree, ignore=shutil.ignore_patterns(*_WITHOUT), copy_function=shutil.copyfile
        )
        for number, path in enumerate(sorted(tree.rglob("*"), reverse=mode == 0o600)):
            if path.is_file():
                path.chmod(mode)
                os.utime(path, (10**9 + number * mode, 10**9 + number * mode))
    return trees


def _surroundings() -> Iterator[tuple[int, dict[str, str]]]:
    common = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    yield 0o022, {**common, "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
    words = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1700000000"}
    yield 0o077, {**common, **words, "PYTHONHASHSEED": "2"}


@pytest.fixture(scope="module")
def built(two_trees: tuple[Path, Path]) -> list[dict[str, bytes]]:
    """Wheel and sdist of each, each built in surroundings of its own."""
    made = []
    for tree, (mask, env) in zip(two_trees, _surroundings(), strict=True):
        command = [sys.executable, "-m", "deploy.supply", "dist", str(tree / "build/dist")]
        subprocess.run(command, cwd=tree, env=env, umask=mask, check=True, capture_output=True)
        made.append({path.name: path.read_bytes() for path in (tree / "build/dist").iterdir()})
    return made


def test_two_builds_of_wheel_and_sdist_are_the_same_bytes(built: list[dict[str, bytes]]) -> None:
    first, second = built
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "whl"]
    assert first == second


def test_the_wheel_made_of_the_sdist_is_the_wheel(
    built: list[dict[str, bytes]], tmp_path: Path
) -> None:
    """Who packs it for a distribution builds from there."""
    files = {name.rpartition(".")[2]: content for name, content in built[0].items()}
    with tarfile.open(fileobj=io.BytesIO(files["gz"])) as sdist:
        sdist.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.iterdir()
    assert wheelhouse.build("wheel", tmp_path / "out", tree).read_bytes() == files["whl"]


def test_two_builds_of_the_scripts_are_the_committed_bytes(two_trees: tuple[Path, Path]) -> None:
    for tree, (mask, env) in zip(two_trees, _surroundings(), strict=True):
        script = tree / "intake/web/js"
        for package in _BUILT_FROM:  # a link would stand in the bundle's comments as what it is
            place = f"node_modules/{package}"
            shutil.copytree(ROOT / "intake/web/js" / place, script / place)
        outputs = sorted(tree / "intake/web/js" / name for name in _OUTPUTS)
        committed = {path: path.read_bytes() for path in outputs}
        for path in outputs:
            path.write_bytes(b"nothing")
        command = ["node", "build.mjs"]
        said = subprocess.run(
            command, cwd=script, env=env, umask=mask, check=True, capture_output=True, text=True
        )
        assert len(said.stdout.splitlines()) == len(_OUTPUTS), "a bundle is not compared"
        assert {path: path.read_bytes() for path in outputs} == committed
        shutil.rmtree(script / "node_modules")


def test_two_trees_make_one_offline_page(two_trees: tuple[Path, Path], tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    made = []
    for tree, (mask, env) in zip(two_trees, _surroundings(), strict=True):
        command = [sys.executable, "-c", _OFFLINE_PAGES, str(site.folder)]
        made.append(
            subprocess.run(
                command, cwd=tree, env=env, umask=mask, check=True, capture_output=True
            ).stdout
        )
    assert made[0].count(b"</html>") == 2
    assert made[0] == made[1]


def test_the_bill_of_materials_holds_for_its_schema(
    built: list[dict[str, bytes]], tmp_path: Path
) -> None:
    (name,) = [name for name in built[0] if name.endswith(".whl")]
    (tmp_path / name).write_bytes(built[0][name])
    with zipfile.ZipFile(tmp_path / name) as wheel:
        (place,) = [one for one in wheel.namelist() if "/sboms/" in one]
        bill = wheel.read(place)
        assert place in wheel.read(place.split("/")[0] + "/RECORD").decode()
        inside = set(wheel.namelist())
    assert place.endswith(f".dist-info/sboms/{sbom.NAME}")
    # Loaded here: it takes a second, which each of the workers would spend to read this file in.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None
    assert bill == sbom.bill_of_materials()
    assert not any(one.startswith(("intake/web/js", "deploy", "tests")) for one in inside)


def test_the_bill_names_all_that_is_bundled_and_all_that_is_installed() -> None:
    bill = json.loads(sbom.bill_of_materials())
    listed = {one["purl"] for one in bill["components"]}
    locked = {one.purl for lock in installed_locks() for one in python_lock(lock)}
    assert listed == locked
    bundled = {one["name"] for one in bill["metadata"]["component"]["components"]}
    # What esbuild wrote into the scripts, by the names of its own comments.
    seen = set()
    for path in (ROOT / "intake").rglob("static/*.js"):
        for line in path.read_text("utf-8").splitlines():
            if line.strip().startswith("// node_modules/"):
                parts = line.strip().removeprefix("// node_modules/").split("/")
                seen.add("/".join(parts[: 2 if parts[0].startswith("@") else 1]))
    assert seen
    assert seen <= bundled
    for one in [*bill["components"], *bill["metadata"]["component"]["components"]]:
        assert one["externalReferences"][0]["hashes"], one["name"]
        assert one["licenses"], one["name"]


def test_a_changed_lock_is_another_bill(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "requirements", "intake/web/js/package-lock.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(
            ROOT / name, tmp_path / name
        )
    assert sbom.bill_of_materials(tmp_path) == sbom.bill_of_materials()
    lock = tmp_path / "requirements/server.txt"
    lock.write_text(lock.read_text().replace("a", "b", 1).replace("sha256:6", "sha256:7", 1))
    assert sbom.bill_of_materials(tmp_path) != sbom.bill_of_materials()


def test_every_line_of_every_lock_has_hashes() -> None:
    assert {"server", "review", "audit"} <= set(installed_locks())
    for name in (*installed_locks(), DEV):
        assert len(python_lock(name)) > 3
    for path in NPM:
        assert len(npm_lock(path)) > 3


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("flask==3.1.3", "no hash"),
        ("flask>=3.1 --hash=sha256:" + "0" * 64, "not one version"),
        ("flask==3.1.3 --hash=md5:" + "0" * 32, "no hash"),
        ("-e git+https://example.org/flask", "not one version"),
        ("--extra-index-url https://example.org", "not one version"),
    ],
)
def test_a_line_without_one_version_and_hashes_is_refused(
    line: str, phrase: str, tmp_path: Path
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/server.txt").write_text(line + "\n")
    with pytest.raises(LockError, match=phrase):
        python_lock("server", tmp_path)


def test_a_package_of_npm_without_integrity_is_refused(tmp_path: Path) -> None:
    (tmp_path / "intake/web/js").mkdir(parents=True)
    lock = json.loads((ROOT / NPM[0]).read_text())
    del lock["packages"]["node_modules/age-encryption"]["integrity"]
    (tmp_path / NPM[0]).write_text(json.dumps(lock))
    with pytest.raises(LockError, match="age-encryption"):
        npm_lock(NPM[0], tmp_path)


def test_the_audit_without_a_network_finds_nothing_here() -> None:
    assert list(audit.offline()) == []


def test_what_the_audit_finds_is_named(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements", *NPM):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(
            ROOT / name, tmp_path / name
        )
    folder = tmp_path / "requirements"
    lines = (folder / "dev.txt").read_text().replace("flask==", "flask==0.", 1)
    (folder / "dev.txt").write_text(lines)
    rows = (folder / "licences.txt").read_text().replace("click  ", "clack  ", 1)
    (folder / "licences.txt").write_text(rows.replace("BSD-3-Clause", "SSPL-1.0", 1))
    makefile = tmp_path / "Makefile"
    makefile.write_text(makefile.read_text().replace("--ignore-scripts", ""))
    found = "\n".join(audit.offline(tmp_path))
    for phrase in (
        "flask 3.1.3 is tested in another version",
        "flask 3.1.3 is installed here and not in the lock",
        "clack: in requirements/licences.txt and in no lock",
        "click: in requirements/licences.txt and in no lock",
        "may it be given on under SSPL-1.0",
        "run scripts",
    ):
        assert phrase in found, found


def test_a_licence_that_a_package_states_is_the_one_that_is_listed() -> None:
    rows = (ROOT / "requirements/licences.txt").read_text().splitlines()
    stated = 0
    for name, licence in (row.split(None, 1) for row in rows if not row.startswith("#")):
        said = importlib.metadata.metadata(name).get("License-Expression")
        assert said in (None, licence), name
        stated += said is not None
    assert stated > 15


_NPM = "#!/bin/sh\necho '{answer}'\nexit {code}\n"


@pytest.mark.parametrize(
    ("answer", "code", "phrase"),
    [
        ('{"error": {"summary": ""}}', 1, "cannot be reached"),
        ("", 1, "cannot be reached"),
        ('{"vulnerabilities": {}}', 1, "cannot be reached"),
        ('{"vulnerabilities": {"esbuild": {"severity": "high"}}}', 1, "esbuild: high"),
        ('{"vulnerabilities": {}}', 0, None),
    ],
)
def test_a_database_that_does_not_answer_is_no_pass(
    answer: str, code: int, phrase: str | None, tmp_path: Path
) -> None:
    (tmp_path / "asked").write_text(_NPM.format(answer=answer, code=code))
    (tmp_path / "asked").chmod(0o700)
    found = list(
        audit._asked("lock", [str(tmp_path / "asked")], tmp_path, audit._advisories_of_npm)
    )
    assert found == [] if phrase is None else phrase in found[0]


def test_a_package_that_the_database_does_not_know_is_no_pass() -> None:
    answer = {
        "dependencies": [
            {"name": "flask", "skip_reason": "not found"},
            {"name": "click", "version": "8", "vulns": [{"id": "PYSEC-1"}]},
        ]
    }
    assert audit._advisories_of_pip(answer) == [
        "click 8: PYSEC-1",
        "1 packages could not be looked up, the first is flask",
    ]
