"""`intake epoch`, `intake cosign` and the files that a site serves, as an operator uses them."""

import datetime as dt
import os
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.author import Author
from intake.cli import run
from intake.container import Mode
from intake.epoch import Epoch
from intake.log.promising import promise_for
from intake.opening import Letter
from intake.roster import SignedRoster
from intake.seal import seal
from intake.store import Store
from intake.testimony import Testimony
from intake.tlog.entries import (
    Blinded,
    CodeReleased,
    ConfigChanged,
    EpochClosed,
    RosterChanged,
    parse_entry,
)
from intake.tlog.merkle import leaf_hash, verify_inclusion
from intake.tlog.policy import Policy
from intake.tlog.promise import Promise
from intake.tlog.tile_reader import TileReader
from intake.tlog.tiles import TileName
from intake.web.announcing import settings_bytes
from intake.web.app import create_app
from intake.web.settings_tables import Backups, NeutralPage, SupportEntry
from intake.web.site import Site
from tests.log.witnesses import policy_of, witnesses
from tests.panel import Panel, make_panel
from tests.web.serving import site_in

TODAY = dt.datetime.now(dt.UTC).date()
NOW = Epoch.of(TODAY)
TESTIMONY = Testimony.from_answers("ru", {"narrative": "Ӏумар сказал"}, {"stats"})


@pytest.fixture
def place(tmp_path: Path) -> tuple[Site, Panel]:
    return site_in(tmp_path / "site")


def letter_to(panel: Panel) -> Letter:
    author = Author.fresh(NOW)
    return seal(TESTIMONY, panel.roster, mode=Mode.TOOL, today=TODAY, author=author)


def entries_of(site: Site) -> list[object]:
    published = site.log_folder.published()
    assert published is not None
    return [parse_entry(entry) for entry in site.log_folder.reader(published).entries()]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip()


def test_a_submission_is_promised_logged_cosigned_and_proved_from_what_is_served(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    """All that a person or an auditor holds fits together, and it came over the public files."""
    site, panel = place
    store = Store.open(site.store_path)
    acceptor = Acceptor(store, site)
    opening = acceptor.accept_letter(letter_to(panel))
    assert opening is not None
    promise = Promise.open(promise_for(opening, site.log_signer), site.log_signer.vkey)
    assert (promise.epoch, promise.commit) == (NOW, opening.commit)
    with witnesses(site.log_signer.vkey, [os.urandom(32) for _ in range(3)]) as three:
        policy = policy_of(site.log_signer.vkey, three)
        site.log_policy_path.write_bytes(policy.to_bytes())
        assert run(["epoch", str(site.folder), "--now"]) == 0
        assert f"{NOW}" in said(capsys)
        assert run(["cosign", str(site.folder)]) == 0
        assert "cosigned by w0, w1, w2" in said(capsys)
    client = create_app(site, acceptor).test_client()
    answer = client.get("/log/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    published = site.log_folder.published()
    assert published is not None
    assert answer.data == published.to_bytes()
    assert len(policy.endorsed(published).witnesses) == 3

    def fetch(path: str) -> bytes | None:
        found = client.get(f"/log/{path}")
        return found.data if found.status_code == 200 else None

    checkpoint = published.checkpoint
    reader = TileReader(fetch, checkpoint.size, checkpoint.root)
    entries = list(reader.entries())
    entry = Blinded(promise.commit).to_bytes()
    index = entries.index(entry)
    verify_inclusion(
        index, checkpoint.size, leaf_hash(entry), reader.inclusion(index), checkpoint.root
    )
    # The close is in the store too, so the next letter is promised the next week.
    later = acceptor.accept_letter(letter_to(panel))
    assert later is not None
    assert later.epoch == NOW.next
    store.close()


def test_what_is_public_of_a_site_is_logged_when_it_changes(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    site, panel = place

    def public() -> list[object]:
        assert run(["epoch", str(site.folder)]) == 0
        assert run(["cosign", str(site.folder)]) == 0
        return [e for e in entries_of(site) if not isinstance(e, Blinded | EpochClosed)]

    manifest = site.folder / "listed"
    assert run(["manifest", str(site.folder), str(manifest)]) == 0
    code = sha256((manifest / "manifest.json").read_bytes()).hexdigest()
    first = public()
    config = sha256(settings_bytes(site.settings)).hexdigest()
    assert first == [
        RosterChanged(1, panel.roster.digest),
        ConfigChanged(f"sha256:{config}"),
        CodeReleased(f"sha256:{code}"),
    ]
    assert public() == first
    text = (site.folder / "site.toml").read_text("utf-8")
    (site.folder / "site.toml").write_text(text.replace("2000000000", "3000000000"), "utf-8")
    second = public()
    assert second[:3] == first
    assert [type(entry) for entry in second[3:]] == [ConfigChanged]


def test_a_roster_is_logged_when_it_is_published_and_not_while_another_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site"
    assert run(["init", str(folder), "--organisation", "O", "--address", "a.onion"]) == 0
    site = Site.open(folder)
    panel = make_panel(deployment=site.settings.deployment)
    (tmp_path / "note").write_bytes(panel.note)
    words = ["roster", "publish", str(folder), str(tmp_path / "note")]
    words += ["--fingerprint", panel.roster.roots.fingerprint]
    with site.log_folder.locked():
        assert run(words) == 1
    assert "being written already" in capsys.readouterr().err
    assert not (folder / "keys" / "roster.note").exists()
    assert run(words) == 0
    assert run(["cosign", str(folder)]) == 0
    kinds = [type(entry) for entry in entries_of(site)]
    assert kinds == [RosterChanged, ConfigChanged, CodeReleased]


def test_every_setting_is_part_of_what_config_changed_says(place: tuple[Site, Panel]) -> None:
    settings = place[0].settings
    changes = {
        "deployment": "other-abcdefgh",
        "organisation": "X",
        "address": "x.onion",
        "language": "en",
        "largest": 262_144,
        "form": "guided",
        "only_onion": True,
        "weekly_bytes": 3_000_000_000,
        "withdraw_days": 7,
        "neutral": {"ru": NeutralPage("T", ("l",))},
        "support": (SupportEntry("n", "ru", "r", dt.date(2026, 11, 1)),),
        "backup": Backups(step=32 << 20),
    }
    # Where the store is, and what carries the daily notice, is nobody's to know.
    assert set(changes) | {"store", "store_room", "notify"} == set(settings.__dataclass_fields__)
    elsewhere = replace(settings, store="postgresql:///intake", store_room=4_000_000_000)
    elsewhere = replace(elsewhere, notify=("/usr/local/bin/intake-notify",))
    assert settings_bytes(elsewhere) == settings_bytes(settings)
    spelled = {settings_bytes(replace(settings, **{name: v})) for name, v in changes.items()}
    assert len(spelled | {settings_bytes(settings)}) == len(changes) + 1
    # What came later is said where it is set, so that hashes of before stay as they were.
    backups = replace(settings, backup=Backups(step=32 << 20))
    assert b'"backup":{"step":33554432,"to":""}' in settings_bytes(backups)
    kept = replace(settings, backup=Backups(step=32 << 20, keep=2))
    assert b'"backup":{"keep":2,"step":33554432,"to":""}' in settings_bytes(kept)


def test_closing_says_what_it_did_and_again_that_nothing_is_over(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = place
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert said(capsys).startswith("closed ")
    before = (site.log_folder.path / "staged").read_bytes()
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert said(capsys).startswith("no week is over; the log has ")
    assert (site.log_folder.path / "staged").read_bytes() == before


def test_a_site_that_was_left_alone_for_years_is_closed_up_to_a_week_that_is_named(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    """Else its log could never go on; and a wrong clock still closes nothing by itself."""
    site, _ = place
    long_ago = Epoch.of(TODAY - dt.timedelta(weeks=100))
    site.store_path.unlink()
    Store.create(site.store_path, site.settings.deployment, since=long_ago).close()
    assert run(["epoch", str(site.folder)]) == 1
    said = capsys.readouterr().err
    assert "hint: look at the machine's clock; where it is right, say up to which week" in said
    words = said[said.index("`intake ") + len("`intake ") : said.rindex("`")].split()
    assert words == ["epoch", "--until", str(NOW.previous)]
    assert run(["epoch", "--until", str(NOW), str(site.folder)]) == 1
    assert f"{NOW} is not over" in capsys.readouterr().err
    assert run(["epoch", "--until", "2026-47", str(site.folder)]) == 1
    assert "an epoch is written like" in capsys.readouterr().err
    assert run([*words, "--now", str(site.folder)]) == 2
    assert "do not go together" in capsys.readouterr().err
    assert run([*words, str(site.folder)]) == 0
    assert capsys.readouterr().out.startswith(f"closed {long_ago}, ")
    assert run(["epoch", str(site.folder)]) == 0
    assert capsys.readouterr().out.startswith("no week is over; ")


def test_a_site_made_today_does_not_close_weeks_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    assert run(["init", str(folder), "--organisation", "O", "--address", "a.onion"]) == 0
    store = Store.open(folder / "store.sqlite")
    assert (store.leaves.closed() or NOW).next == NOW
    store.close()


def test_without_a_quorum_one_line_says_so_and_nothing_new_is_shown(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = place
    assert run(["epoch", str(site.folder), "--now"]) == 0
    with witnesses(site.log_signer.vkey, [os.urandom(32)]) as one:
        policy = policy_of(site.log_signer.vkey, one, quorum=1)
    site.log_policy_path.write_bytes(policy.to_bytes())
    capsys.readouterr()
    assert run(["cosign", str(site.folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "intake: error: quorum 'q' is not met: no cosignature of 'w0'; the checkpoint before it "
        "stays\nintake: hint: w0: it was not reached\n"
    )
    assert site.log_folder.published() is None


def test_cosigning_needs_neither_the_store_nor_the_sites_other_keys(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    """So it can run as another user, or on another machine, from the log and its policy alone."""
    site, _ = place
    assert run(["epoch", str(site.folder), "--now"]) == 0
    elsewhere = site.folder.parent / "elsewhere"
    shutil.copytree(site.log_folder.path, elsewhere / "log")
    (elsewhere / "keys").mkdir()
    shutil.copy(site.log_policy_path, elsewhere / "keys")
    assert run(["cosign", str(elsewhere)]) == 0
    assert "without a witness" in said(capsys)
    assert (elsewhere / "log" / "checkpoint").is_file()


def test_a_new_site_has_a_log_key_of_its_own_and_a_policy_that_parses(
    place: tuple[Site, Panel], tmp_path: Path
) -> None:
    site, _ = place
    path = site.folder / "log.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32
    policy = Policy.parse(site.log_policy_path.read_bytes())
    assert [log.vkey for log in policy.logs] == [site.log_signer.vkey]
    assert site.log_signer.name == f"testimony-intake/{site.settings.deployment}"
    other, _ = site_in(tmp_path / "other")
    assert other.log_signer.seed != site.log_signer.seed


def test_a_site_from_before_it_had_a_log_gets_a_key_once_and_never_a_second_one(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = place
    path = site.folder / "log.key"
    path.unlink()
    site.log_policy_path.unlink()
    made = site.log_signer
    assert site.log_signer == made
    assert made.vkey in [log.vkey for log in Policy.parse(site.log_policy_path.read_bytes()).logs]
    assert path.stat().st_mode & 0o777 == 0o600
    assert run(["epoch", str(site.folder), "--now"]) == 0
    path.unlink()
    assert run(["epoch", str(site.folder)]) == 1
    assert "log.key" in capsys.readouterr().err
    assert not path.exists()
    path.write_bytes(b"short")
    assert run(["epoch", str(site.folder)]) == 1
    assert "log.key is damaged" in capsys.readouterr().err


def test_nothing_but_the_checkpoint_and_tiles_can_be_asked_for(
    place: tuple[Site, Panel],
) -> None:
    site, _ = place
    assert run(["epoch", str(site.folder), "--now"]) == 0
    store = Store.open(site.store_path)
    client = create_app(site, Acceptor(store, site)).test_client()
    assert client.get("/log/checkpoint").status_code == 404  # not before it is cosigned
    assert run(["cosign", str(site.folder)]) == 0
    size = site.log_folder.published().checkpoint.size
    tile = client.get(f"/log/{TileName(0, 0, size)}")
    assert (tile.status_code, tile.content_type) == (200, "application/octet-stream")
    assert len(tile.data) == 32 * size
    names = ("staged", "lock", "tile", "tile/0/000", "tile/00/000", "tile/0/000.p/256")
    names += ("../store.sqlite", "tile/../staged", "tile/0/../../../log.key", "%2e%2e/log.key")
    names += (f"tile/0/001.p/{size}", "tile/9/000.p/1", "tile/0/000.p/", "")
    for name in names:
        assert client.get(f"/log/{name}").status_code == 404, name
    assert client.post("/log/checkpoint").status_code == 405
    store.close()


def test_what_was_sent_twice_is_promised_as_the_first_time(place: tuple[Site, Panel]) -> None:
    site, panel = place
    store = Store.open(site.store_path)
    acceptor = Acceptor(store, site)
    letter = letter_to(panel)
    first = acceptor.accept_letter(letter)
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert acceptor.accept_letter(letter) == first
    assert store.count() == 1
    closed = Acceptor(store, site, weekly_bytes=16_777_216)
    with store.stage() as staging:
        staging.add(bytes(1))
        staging.keep(bytes(16), bytes(32), b"x", _filling(NOW.next))
    assert closed.accept_letter(letter) == first
    store.close()


def _filling(epoch: Epoch):
    from intake.store import Allowance

    return Allowance(epoch, 1 << 40)


def test_a_promise_is_of_one_length_and_of_one_log(place: tuple[Site, Panel]) -> None:
    site, panel = place
    openings = [letter_to(panel).head.opening for _ in range(3)]
    notes = [promise_for(opening, site.log_signer) for opening in openings]
    assert len({len(note) for note in notes}) == 1
    assert len(set(notes)) == 3
    assert SignedRoster.parse(panel.note).roster.deployment in notes[0].decode()
