"""`intake doctor --sentinel` on a clean site: it plants by both ways, finds nothing, and says where."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from intake.age import decrypt_bytes
from intake.author import Author
from intake.cli import run
from intake.container import Container, Kind
from intake.epoch import Epoch
from intake.opening import Opening
from intake.seal import check_container, decoy_of, seal_container
from intake.store import Store
from intake.web import sentinel
from intake.web.listening import UnixPath, parse_address
from intake.web.sentinel_machine import Machine
from intake.web.sentinel_places import Place, SitePlaces, State
from intake.web.sentinel_scan import Search
from intake.web.sentinel_visit import Visit, VisitError
from intake.web.sentinel_words import Kind as Found
from intake.web.sentinel_words import Planted
from intake.web.site import Site, today_in_utc
from tests.panel import Panel
from tests.ports import free_port
from tests.web.serving import serving, site_in

NEVER = {"the server's memory", "freed blocks of the disk"}


@dataclass
class Ground:
    """A site that is served, and the places of its own that a machine would have."""

    site: Site
    panel: Panel
    folder: Path
    bind: str = "127.0.0.1:8000"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def machine(self) -> Machine:
        return Machine(
            logs=(self.log,),
            unit="intake-of-nobody.service",
            also=(self.folder / "backup",),
            temporary=(self.folder / "temporary",),
        )

    def look(self, *, test_site: bool = False) -> sentinel.Report:
        address = parse_address(self.bind)
        return sentinel.run(self.site, address, self.machine, test_site=test_site, wait=0)

    def kept(self) -> list[Container]:
        store = Store.open(self.site.store_path)
        try:
            rows = [(Opening.parse(one.opening), one.sealed) for one in store]
        finally:
            store.close()
        opened = []
        for opening, sealed in rows:
            container = Container.parse(decrypt_bytes(sealed, [self.panel.identities[1]]))
            check_container(container, opening)
            opened.append(container)
        return opened


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    site, panel = site_in(tmp_path / "site")
    for name in ("backup", "temporary"):
        (tmp_path / name).mkdir()
    return Ground(site, panel, tmp_path)


@pytest.fixture
def served(ground: Ground) -> Iterator[Ground]:
    with serving(ground.site.folder, log=ground.log, workers=1) as (port, _):
        ground.bind = f"127.0.0.1:{port}"
        yield ground


def states(report: sentinel.Report) -> dict[str, State]:
    return {place.name: place.state for place in report.places}


def test_a_live_site_gets_one_decoy_and_nothing_is_found(served: Ground) -> None:
    report = served.look()
    assert not report.found
    assert [container.kind for container in served.kept()] == [Kind.DECOY]
    of = states(report)
    assert all(of[name] is State.NOT_CHECKED for name in NEVER)
    assert of["the store's file times"] is State.NOT_CHECKED
    checked = {name for name, state in of.items() if state is State.CHECKED}
    assert checked >= {
        "planting",
        "store.sqlite",
        "store.sqlite-wal",
        "store.sqlite, its tables",
        "the site's folder",
        f"server log {served.log}",
        f"temporary folder {served.folder / 'temporary'}",
        f"named with --also: {served.folder / 'backup'}",
    }
    assert report.lines()[-1].startswith("found nothing in the places checked; not checked: ")


def test_after_a_hundred_letters_from_one_address_the_disk_knows_nothing_of_it(
    served: Ground,
) -> None:
    """Neither the address, nor the browser, nor when they came."""
    site = served.site
    planted = Planted.fresh()
    places = SitePlaces(site, running=True)
    visit = Visit(parse_address(served.bind), site.settings.address, planted)
    today, roster = today_in_utc(), site.current().roster
    for _ in range(100):
        author = Author.fresh(Epoch.of(today))
        container = decoy_of(roster, epoch=Epoch.of(today), author=author)
        letter = seal_container(container, roster, today=today, author=author)
        visit.hand_in(letter.to_bytes())
    planted = replace(planted, ended=time.time())
    found = list(places.look(planted, Search(planted.needles(), time.time())))
    assert {place.kinds for place in found} == {()}
    assert len(served.kept()) == 100
    assert served.log.read_bytes() == b""


def test_a_test_site_gets_a_testimony_by_each_way_that_says_what_it_is(served: Ground) -> None:
    report = served.look(test_site=True)
    assert not report.found
    texts = [container.answers["narrative"] for container in served.kept()]
    assert len(texts) == 2
    assert all(text.startswith("This is a test by the operator") for text in texts)
    planted = {tuple(text.rsplit(" ", 2)[1:]) for text in texts}
    assert len(planted) == 1  # the same words by both ways
    assert {container.mode.value for container in served.kept()} == {"server", "browser"}


def test_every_page_of_the_guided_form_is_filled_in_and_followed(ground: Ground) -> None:
    ground.site.settings = replace(ground.site.settings, form="guided", only_onion=False)
    (ground.site.folder / "site.toml").write_bytes(ground.site.settings.to_bytes())
    with serving(ground.site.folder, log=ground.log, workers=1) as (port, _):
        ground.bind = f"127.0.0.1:{port}"
        assert not ground.look(test_site=True).found
    (guided,) = (one for one in ground.kept() if one.form.id == "guided")
    word = guided.answers["narrative"].split()[-1]
    answered = [text for text in guided.answers.values() if word in text]
    assert len(answered) > 10


def test_a_site_for_its_onion_address_alone_is_visited_on_a_socket(ground: Ground) -> None:
    address = f"{'a' * 56}.onion"
    ground.site.settings = replace(ground.site.settings, address=address, only_onion=True)
    (ground.site.folder / "site.toml").write_bytes(ground.site.settings.to_bytes())
    ground.bind = f"unix:{ground.folder}/form.sock"
    with serving(ground.site.folder, log=ground.log, bind=ground.bind, workers=1):
        assert isinstance(parse_address(ground.bind), UnixPath)
        assert not ground.look().found
    assert [container.kind for container in ground.kept()] == [Kind.DECOY]


def test_where_no_server_runs_nothing_is_planted_and_that_is_said(ground: Ground) -> None:
    ground.bind = "127.0.0.1:1"
    before = ground.site.store_path.stat()
    report = ground.look()
    assert not report.found
    of = states(report)
    for name in ("planting", "temporary folders", "swap", "core dumps", "the store's file times"):
        assert of[name] is State.NOT_CHECKED, name
    assert of["store.sqlite, its tables"] is State.CHECKED
    # And looking writes nothing.
    assert ground.site.store_path.stat().st_mtime_ns == before.st_mtime_ns
    assert not list(ground.site.folder.glob("store.sqlite-*"))


def test_a_wrong_address_is_said_and_nothing_is_called_checked(served: Ground) -> None:
    served.bind = f"127.0.0.1:{free_port()}"
    with pytest.raises(VisitError, match=r"no site answers at 127\.0\.0\.1:"):
        served.look()


def test_a_site_that_refuses_everything_is_said(served: Ground) -> None:
    (served.site.folder / "keys" / "roster.note").unlink()
    site = Site.open(served.site.folder)
    with pytest.raises(VisitError, match="HTTP 503"):
        sentinel.run(site, parse_address(served.bind), served.machine, test_site=False, wait=0)


def test_the_command_prints_a_line_a_place_or_json_in_its_fixed_shape(
    served: Ground, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.web.sentinel_machine._TEMPORARY", ())
    monkeypatch.setenv("TMPDIR", str(served.folder / "temporary"))
    words = ["doctor", str(served.site.folder), "--sentinel", "--bind", served.bind]
    words += ["--wait", "0", "--log", str(served.log), "--also", str(served.folder / "backup")]
    assert run(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert run([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["title", "deployment", "epoch", "places"]
    assert document["title"] == "testimony-intake/sentinel/v1"
    assert document["deployment"] == served.site.settings.deployment
    assert Epoch.parse(document["epoch"]) in (Epoch.now(), Epoch.now().previous)
    assert all(set(place) == {"place", "state", "kinds"} for place in document["places"])
    assert len(document["places"]) == len(lines) - 1
    for place, said in zip(document["places"], lines, strict=False):
        assert said.startswith(f"{place['state']:12} {place['place']}")
        assert ": " in said or place["state"] == "checked"
    names = [place["place"] for place in document["places"]]
    assert f"temporary folder {served.folder / 'temporary'}" in names
    # A word in a backup, and it ends with 1; the word itself is not said.
    (served.folder / "backup" / "old").write_text("from 198.51.100.77")
    assert run(words) == 1
    said = capsys.readouterr().out
    assert "found        named with --also: " in said
    assert "198.51.100.77" not in said
    assert "found something in the places checked" in said


def test_what_goes_with_the_sentinel_alone_is_refused_without_it(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["--bind", "127.0.0.1:8000"], ["--test-site"], ["--wait", "0"], ["--also", "x"]):
        assert run(["doctor", str(ground.site.folder), *words]) == 2
        assert f"{words[0]} goes with --sentinel" in capsys.readouterr().err
    words = ["doctor", str(ground.site.folder), "--sentinel", "--bind", "0.0.0.0:80"]
    assert run(words) == 1
    assert "systemd" not in capsys.readouterr().err


def test_a_socket_that_only_systemd_knows_has_to_be_named(served: Ground) -> None:
    served.bind = "systemd"
    with pytest.raises(Exception, match="only systemd knows") as caught:
        served.look()
    assert "--bind unix:" in caught.value.hint  # type: ignore[attr-defined]


def test_what_could_not_be_looked_at_is_never_called_checked(ground: Ground) -> None:
    """Swap and logs that are not there or cannot be read, a store that is none."""
    ground.site.store_path.write_bytes(b"no database")
    report = ground.look()
    assert states(report)["store.sqlite, its tables"] is State.NOT_CHECKED
    assert states(report)[f"server log {ground.log}"] is State.NOT_CHECKED
    with pytest.raises(ValueError, match="kinds"):
        Place("x", State.CHECKED, (Found.WORDS,))
    with pytest.raises(ValueError, match="reason"):
        Place("x", State.NOT_CHECKED)


def test_looking_twice_does_not_find_what_the_first_one_planted(served: Ground) -> None:
    served.look(test_site=True)
    served.look(test_site=True)
    with closing(sqlite3.connect(served.site.store_path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM submission").fetchone()
    assert count == 4
    assert not served.look().found
    assert served.log.stat().st_size == 0
