import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from intake.cli import run
from intake.web.site import Site
from tests.panel import make_panel, sign
from tests.ports import free_port
from tests.web.serving import serving, site_in

SERVE = [sys.executable, "-m", "intake", "serve"]


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A site as `intake init` makes it."""
    folder = tmp_path / "site"
    assert run(["init", str(folder), "--organisation", "O", "--address", "a.onion"]) == 0
    return folder


def deployment_of(site: Path) -> str:
    line = next(
        row for row in (site / "site.toml").read_text().splitlines() if row.startswith("deployment")
    )
    return json.loads(line.split(" = ")[1].split("  #")[0])


def test_init_leaves_nothing_where_the_store_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that it can be run again, with the same words."""
    words = ["init", str(tmp_path / "site"), "--organisation", "O", "--address", "a.onion"]
    database = f"postgresql://intake@/intake?host={tmp_path}"
    assert run([*words, "--store", database, "--store-room", "200000000000"]) == 1
    assert "cannot be reached" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert run(words) == 0


def test_init_prints_the_deployment_that_the_roster_must_bear(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site"
    assert run(["init", str(folder), "--organisation", "O", "--address", "a.onion"]) == 0
    assert capsys.readouterr().out.strip() == deployment_of(folder)
    assert (folder / "store.sqlite").is_file()
    assert run(["init", str(folder), "--organisation", "O", "--address", "a.onion"]) == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "only"),
    [("abc.onion", True), ("127.0.0.1", False), ("abc.onion.example", False)],
)
def test_a_new_site_with_an_onion_address_shows_its_form_there_alone(
    tmp_path: Path, address: str, *, only: bool
) -> None:
    words = ["init", str(tmp_path / "site"), "--organisation", 'O "\\" O', "--address", address]
    assert run(words) == 0
    settings = Site.open(tmp_path / "site").settings
    assert (settings.only_onion, settings.address) == (only, address)
    assert settings.organisation == 'O "\\" O'


@pytest.mark.parametrize(
    "address", ["http://abc.onion", "abc.onion/", "ABC.onion", "abc.ONION", "abc.onion:80"]
)
def test_an_onion_address_with_more_than_its_name_makes_no_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    """Nobody's browser would send it, so everybody would get the warning."""
    words = ["init", str(tmp_path / "site"), "--organisation", "O"]
    assert run([*words, "--address", address]) == 1
    assert "only_onion" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["init"],
        ["init", "x", "--organisation", "O"],
        ["init", "x", "--organisation", "O", "--address", "a", "--language", "de"],
        ["serve"],
        ["serve", "x", "--workers", "0"],
        ["serve", "x", "--bind", "0.0.0.0:8000"],
        ["serve", "x", "--bind", "8000"],
        ["collect", "x"],
        ["roster", "publish", "x"],
        ["nothing"],
    ],
)
def test_wrong_words_end_with_2_and_a_hint(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("intake: error:")
    assert "Traceback" not in printed


def test_a_first_roster_without_digits_or_with_others_is_not_published(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = make_panel(deployment=deployment_of(site))
    note = tmp_path / "roster.note"
    note.write_bytes(panel.note)
    publish = ["roster", "publish", str(site), str(note)]
    assert run(publish) == 1
    assert run([*publish, "--fingerprint", "12345 " * 6]) == 1
    printed = capsys.readouterr().err
    assert "another fingerprint" in printed
    note.write_bytes(sign(panel.roster, (1,)))
    assert run([*publish, "--fingerprint", panel.roster.roots.fingerprint]) == 1
    assert not (site / "keys" / "roster.note").exists()
    note.write_bytes(panel.note)
    assert run([*publish, "--fingerprint", panel.roster.roots.fingerprint]) == 0
    assert panel.roster.digest in capsys.readouterr().out


def test_a_site_without_a_roster_serves_and_collects_nothing(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["serve", str(site)], ["collect", str(site), str(tmp_path / "bundle")]):
        assert run(words) == 1
        printed = capsys.readouterr().err
        assert "no roster yet" in printed
        assert "intake roster publish" in printed
    assert not (tmp_path / "bundle").exists()


def test_serving_with_a_key_from_the_tests_vectors_is_refused(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from intake.roster import Roster, SignedRoster

    vector = Path(__file__).parents[1] / "vectors" / "roster"
    fixed = SignedRoster.parse(next(vector.glob("*.note")).read_bytes()).roster
    mine = make_panel(deployment=deployment_of(site)).roster
    forbidden = Roster(**(vars_of(mine) | {"reviewers": fixed.reviewers}))
    note = tmp_path / "roster.note"
    note.write_bytes(sign(forbidden))
    words = ["roster", "publish", str(site), str(note)]
    assert run([*words, "--fingerprint", forbidden.roots.fingerprint]) == 1
    assert "secret half is public" in capsys.readouterr().err


def vars_of(roster: object) -> dict[str, object]:
    return {name: getattr(roster, name) for name in roster.__dataclass_fields__}


def test_a_second_server_on_one_site_is_refused_with_one_phrase(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    with serving(site.folder) as (_, first):
        second = subprocess.run(
            [*SERVE, str(site.folder), "--bind", f"127.0.0.1:{free_port()}"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 1
        assert second.stderr == (
            "intake: error: another server runs on this site already\n"
            "intake: hint: end that one first\n"
        )
        os.kill(first.pid, 0)
        first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 0


def test_collecting_writes_one_new_sealed_file(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = make_panel(deployment=deployment_of(site))
    note = tmp_path / "roster.note"
    note.write_bytes(panel.note)
    digits = panel.roster.roots.fingerprint
    run(["roster", "publish", str(site), str(note), "--fingerprint", digits])
    bundle = tmp_path / "bundle"
    assert run(["collect", str(site), str(bundle)]) == 0
    assert "0 submissions" in capsys.readouterr().out
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert bundle.read_bytes().startswith(b"age-encryption.org/v1\n-> mlkem768x25519 ")
    before = bundle.read_bytes()
    assert run(["collect", str(site), str(bundle)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert bundle.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("release", "{site}", "{big}"),
        ("roster", "publish", "{site}", "{big}"),
        ("roster", "publish", "{site}", "{site}/site.toml", "--roots", "{big}"),
    ],
)
def test_a_file_that_fits_no_memory_is_refused_by_its_length(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """Who names a bundle where a note belongs must not have the kernel end the server for it."""
    made, _ = site_in(tmp_path / "site")
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(1 << 40)
    assert run([word.format(site=made.folder, big=big) for word in words]) == 1
    assert "is longer than" in capsys.readouterr().err
