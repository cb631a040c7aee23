import datetime as dt
import resource
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from intake.container import SIZES
from intake.errors import IntakeError, MalformedError, RosterError, StoreError
from intake.roots import RootSet
from intake.store import Store
from intake.web.site import Site
from tests.panel import Panel, make_panel, root_signers, sign

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def made(tmp_path: Path) -> tuple[Site, Panel]:
    site = Site.create(tmp_path / "site", "archive", "Организация", "abc.onion", "ru")
    return site, make_panel(deployment=site.settings.deployment)


@contextmanager
def no_room() -> Generator[None]:
    """What is written to a file fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def next_roster(panel: Panel, **changes: object) -> Panel:
    following = {"version": panel.roster.version + 1, "previous": panel.roster.digest}
    return replace(panel, roster=replace(panel.roster, **(following | changes)))


def test_a_new_site_has_its_own_deployment_and_reads_back_its_settings(tmp_path: Path) -> None:
    sites = [Site.create(tmp_path / name, "archive", "О «К»", "x.onion", "en") for name in "ab"]
    for site in sites:
        again = Site.open(site.folder)
        assert again.settings == site.settings
        assert again.settings.organisation == "О «К»"
        assert again.settings.largest == SIZES[0]
        assert site.folder.stat().st_mode & 0o777 == 0o700
        key = site.folder / "antiforgery.key"
        assert key.stat().st_mode & 0o777 == 0o600
        assert len(site.antiforgery_key) == 32
    assert sites[0].settings.deployment != sites[1].settings.deployment
    assert sites[0].antiforgery_key != sites[1].antiforgery_key


def test_a_site_is_never_made_over_another(made: tuple[Site, Panel]) -> None:
    with pytest.raises(StoreError, match="already"):
        Site.create(made[0].folder, "archive", "O", "a.onion", "ru")


def test_of_a_site_for_which_there_is_no_room_nothing_is_left(tmp_path: Path) -> None:
    with no_room(), pytest.raises(OSError, match="large"):
        Site.create(tmp_path / "site", "archive", "O", "a.onion", "ru")
    assert list(tmp_path.iterdir()) == []


def test_a_store_beside_which_there_is_no_room_is_called_full(made: tuple[Site, Panel]) -> None:
    site, _ = made
    Store.create(site.store_place, site.settings.deployment).close()
    with no_room(), pytest.raises(StoreError, match="the store is full"):
        Store.open(site.store_place)


@pytest.mark.parametrize(
    ("name", "organisation", "address"),
    [
        ("Archive", "O", "a"),
        ("", "O", "a"),
        ("a" * 64, "O", "a"),
        ("a", "", "a"),
        ("a", "O", "a\nb"),
    ],
)
def test_words_that_cannot_be_shown_make_no_site(
    tmp_path: Path, name: str, organisation: str, address: str
) -> None:
    with pytest.raises(MalformedError):
        Site.create(tmp_path / "site", name, organisation, address, "ru")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('language = "ru"', 'language = "de"', "language"),
        ("largest = 65536", "largest = 65537", "largest"),
        ("largest = 65536", 'largest = "65536"', "largest"),
        ("largest = 65536", "largest = true", "largest"),
        ("largest = 65536", "larger = 65536", "larger, largest"),
        ('address = "abc', 'address = "\\u0000abc', "address"),
        ('organisation = "', "organisation = ", "TOML"),
        ('deployment = "archive', 'deployment = "Archive', "deployment"),
    ],
)
def test_a_wrong_line_in_site_toml_is_named(
    made: tuple[Site, Panel], old: str, new: str, says: str
) -> None:
    path = made[0].folder / "site.toml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(MalformedError, match=says):
        Site.open(made[0].folder)


def test_a_folder_without_a_site_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Site.open(tmp_path)
    assert "intake init" in caught.value.hint


def test_a_site_without_a_roster_says_how_to_get_one(made: tuple[Site, Panel]) -> None:
    for asked in (made[0].current, made[0].notes):
        with pytest.raises(RosterError, match="no roster yet") as caught:
            asked()
        assert "roster publish" in caught.value.hint


def test_a_roster_that_was_there_and_is_gone_is_called_missing(made: tuple[Site, Panel]) -> None:
    site, panel = made
    site.publish(panel.note, panel.roster.roots, TODAY)
    (site.folder / "keys" / "roster.note").unlink()
    for asked in (site.current, site.notes):
        with pytest.raises(RosterError, match="is missing"):
            asked()


def test_the_first_roster_is_checked_against_roots_that_came_another_way(
    made: tuple[Site, Panel],
) -> None:
    site, panel = made
    with pytest.raises(RosterError, match="first roster"):
        site.publish(panel.note, None, TODAY)
    strangers = replace(panel.roster.roots, keys=panel.roster.roots.keys[2:])
    with pytest.raises(IntakeError):
        site.publish(sign(panel.roster, (0,)), strangers, TODAY)
    assert not (site.folder / "keys" / "roots").exists()
    site.publish(panel.note, panel.roster.roots, TODAY)
    assert Site.open(site.folder).current().roster == panel.roster
    with pytest.raises(RosterError, match="first roster"):
        site.publish(panel.note, panel.roster.roots, TODAY)


def test_a_later_roster_follows_and_the_one_before_is_still_taken(
    made: tuple[Site, Panel],
) -> None:
    site, panel = made
    notes = [panel.note]
    site.publish(notes[0], panel.roster.roots, TODAY)
    assert site.current().roster == panel.roster
    second = next_roster(panel)
    notes.append(second.note)
    site.publish(notes[1], None, TODAY)
    assert site.current().roster == second.roster
    assert site.named(panel.roster.digest, TODAY) == panel.roster
    assert site.named(second.roster.digest, TODAY) == second.roster
    assert set(site.notes()) == set(notes)
    for stale in (panel, next_roster(panel), replace(second, roster=panel.roster)):
        with pytest.raises(IntakeError):
            site.publish(stale.note, None, TODAY)
    assert site.current().roster == second.roster


@pytest.mark.parametrize("days", [14, 15])
def test_an_expired_roster_is_taken_for_14_days(made: tuple[Site, Panel], days: int) -> None:
    site, panel = made
    site.publish(panel.note, panel.roster.roots, TODAY)
    day = panel.roster.expires + dt.timedelta(days=days)
    if days <= 14:
        assert site.named(panel.roster.digest, day) == panel.roster
    else:
        with pytest.raises(RosterError, match="not taken any more"):
            site.named(panel.roster.digest, day)


def test_an_unknown_roster_and_one_with_a_compromised_key_are_not_taken(
    made: tuple[Site, Panel],
) -> None:
    from intake.reviewer import Revocation, recipient_hash

    site, panel = made
    site.publish(panel.note, panel.roster.roots, TODAY)
    with pytest.raises(RosterError, match="not this site's"):
        site.named("sha256:" + "0" * 64, TODAY)
    lost = panel.roster.reviewers[0]
    revoked = Revocation(lost.name, recipient_hash(lost.recipient), TODAY, "compromised")
    second = next_roster(panel, reviewers=panel.roster.reviewers[1:], revoked=(revoked,))
    site.publish(second.note, None, TODAY)
    with pytest.raises(RosterError, match="not taken any more"):
        site.named(panel.roster.digest, TODAY)


@pytest.mark.parametrize("fault", ["one signature", "altered", "another deployment", "removed"])
def test_a_roster_that_was_changed_in_the_folder_is_not_used(
    made: tuple[Site, Panel], fault: str
) -> None:
    site, panel = made
    site.publish(panel.note, panel.roster.roots, TODAY)
    path = site.folder / "keys" / "roster.note"
    if fault == "one signature":
        path.write_bytes(sign(panel.roster, (0,)))
    elif fault == "altered":
        path.write_bytes(panel.note.replace(b"version 1", b"version 2"))
    elif fault == "another deployment":
        path.write_bytes(make_panel(deployment="other-abcdefgh").note)
    else:
        path.unlink()
    with pytest.raises(IntakeError):
        Site.open(site.folder).current()


def test_cut_off_anywhere_a_change_of_roots_leaves_a_site_that_works(
    made: tuple[Site, Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.web import site as module

    site, panel = made
    first = panel.note
    site.publish(first, panel.roster.roots, TODAY)
    keys = (*panel.roster.roots.keys[:4], *(s.vkey for s in root_signers(3)))
    second = next_roster(panel, roots=RootSet(2, keys))
    note = sign(second.roster, (0, 1))
    write = module._write
    for steps in range(4):
        done = []

        def stops(path: Path, content: bytes, done: list[Path] = done, most: int = steps) -> None:
            if len(done) == most:
                raise KeyboardInterrupt
            done.append(path)
            write(path, content)

        monkeypatch.setattr(module, "_write", stops)
        try:
            site.publish(note, None, TODAY)
        except KeyboardInterrupt:
            assert steps < 3
        monkeypatch.undo()
        found = Site.open(site.folder).current().roster
        assert found in (panel.roster, second.roster)
        if found == second.roster:
            break
    else:
        pytest.fail("the new roster never came into use")
    assert Site.open(site.folder).named(panel.roster.digest, TODAY) == panel.roster
