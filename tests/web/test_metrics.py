"""`intake metrics`: figures that Prometheus reads, and that do not move when somebody writes."""

import datetime as dt
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from intake.cli import run
from intake.epoch import Epoch
from intake.log.site_log import arranged
from intake.store import Store
from intake.web import figures
from intake.web.figures import STEP, Figures
from intake.web.site import Site, today_in_utc
from tests.web.serving import backed_up, kept_in, site_in

TODAY = today_in_utc()
NAMES = {
    *("intake_store_bytes", "intake_closed_epoch_end_seconds", "intake_epoch_age_days"),
    *("intake_roster_days_left", "intake_backup_age_days"),
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a closed week and a backup of the day before yesterday."""
    made, _ = site_in(tmp_path / "site")
    made.store_path.unlink()
    Store.create(made.store_path, made.settings.deployment, Epoch.of(TODAY).previous).close()
    assert run(["epoch", str(made.folder)]) == 0
    backed_up(made, TODAY - dt.timedelta(days=2))
    return made


def written(site: Site, name: str = "intake.prom") -> Path:
    file = site.folder.parent / name
    assert run(["metrics", str(site.folder), str(file)]) == 0
    return file


def one_arrives(site: Site) -> None:
    """And takes so much room that another step is reached."""
    store = Store.open(site.store_path)
    kept_in(store, Epoch.of(TODAY))
    store.close()
    with site.store_path.open("ab") as file:
        file.truncate(site.store_path.stat().st_size + STEP)


def test_prometheus_own_parser_reads_each_figure(site: Site) -> None:
    file = written(site)
    assert file.stat().st_mode & 0o777 == 0o644
    families = list(text_string_to_metric_families(file.read_text("utf-8")))
    assert all(family.type == "gauge" and family.documentation for family in families)
    samples = [sample for family in families for sample in family.samples]
    assert all(sample.labels == {} for sample in samples)
    values = {sample.name: sample.value for sample in samples}
    last = Epoch.of(TODAY).previous
    assert values == {
        "intake_store_bytes": STEP,
        "intake_closed_epoch_end_seconds": last.end.timestamp(),
        "intake_epoch_age_days": (TODAY - last.end.date()).days,
        "intake_roster_days_left": 30,
        "intake_backup_age_days": 2,
    }
    assert set(values) == NAMES


def test_the_file_is_the_same_when_a_testimony_arrived(site: Site) -> None:
    before = written(site).read_bytes()
    one_arrives(site)
    assert written(site).read_bytes() == before


@pytest.mark.parametrize("fault", ["measured each time", "of another week"])
def test_a_build_that_measures_each_time_would_be_seen(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The twins: one that forgets what was shown, and one to which every week is another."""
    kept = figures._kept
    if fault == "measured each time":
        monkeypatch.setattr(figures, "_kept", lambda *_: None)
    else:
        monkeypatch.setattr(figures, "_kept", lambda before, _: kept(before, Epoch(2020, 1)))
    before = written(site).read_bytes()
    one_arrives(site)
    assert written(site).read_bytes() != before


def test_the_size_is_measured_anew_after_the_next_close(site: Site) -> None:
    before = written(site).read_text("utf-8")
    one_arrives(site)
    now = Epoch.of(TODAY)
    store = Store.open(site.store_path)
    store.leaves.close(now, lambda openings: arranged(openings, now))
    store.close()
    found = Figures.of(site, TODAY, before)
    assert found.closed == now
    assert found.store_bytes is not None
    assert found.store_bytes >= 2 * STEP
    assert found.store_bytes % STEP == 0


def test_a_file_of_somebody_elses_counts_for_nothing(site: Site) -> None:
    """What stands in the file before is only believed where it is of the same week, and a number."""
    end = int(Epoch.of(TODAY).previous.end.timestamp())
    for before in ("", "x", f"intake_store_bytes 1e9\nintake_closed_epoch_end_seconds {end}\n"):
        assert Figures.of(site, TODAY, before).store_bytes == STEP
    kept = f"intake_store_bytes {7 * STEP}\nintake_closed_epoch_end_seconds {end}\n"
    assert Figures.of(site, TODAY, kept).store_bytes == 7 * STEP
    assert Figures.of(site, TODAY, kept.replace(str(end), "0")).store_bytes == STEP


def test_what_is_not_there_has_no_figure(tmp_path: Path) -> None:
    made, _ = site_in(tmp_path / "site")
    (made.folder / "keys" / "roster.note").unlink()
    file = written(made)
    assert list(text_string_to_metric_families(file.read_text("utf-8"))) == []


def test_wrong_words_are_refused(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["metrics", str(site.folder), str(site.folder.parent / "intake.txt")]) == 1
    assert ".prom" in capsys.readouterr().err
    missing = site.folder.parent / "none"
    assert run(["metrics", str(site.folder), str(missing / "intake.prom")]) == 1
    assert f"there is no folder {missing}" in capsys.readouterr().err
    (site.folder / "backup.json").write_text("{")
    assert run(["metrics", str(site.folder), str(site.folder.parent / "intake.prom")]) == 1
    assert "backup.json is damaged" in capsys.readouterr().err
