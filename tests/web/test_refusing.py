"""What `intake serve` does not start with."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.errors import StoreError
from intake.web.refusing import refuse_unfit
from intake.web.site import Site
from tests.web.serving import site_in


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made, _ = site_in(tmp_path / "site")
    return made


def _open_key(site: Site) -> None:
    (site.folder / "log.key").chmod(0o640)


def _open_folder(site: Site) -> None:
    site.folder.chmod(0o755)


def _open_parent(site: Site) -> None:
    site.folder.parent.chmod(0o777)


def _open_parent_of_the_store(site: Site) -> None:
    other = site.folder.parent / "disk"
    other.mkdir(mode=0o700)
    site.store_path.rename(other / "store.sqlite")
    site.store_path.symlink_to(other / "store.sqlite")
    refuse_unfit(site)
    other.chmod(0o777)


def _short_key(site: Site) -> None:
    (site.folder / "antiforgery.key").write_bytes(bytes(31))


def _short_log_key(site: Site) -> None:
    (site.folder / "log.key").write_bytes(bytes(31))


def _no_store(site: Site) -> None:
    site.store_path.unlink()


def _damaged_store(site: Site) -> None:
    site.store_path.write_bytes(b"no database" * 1000)


def _newer_store(site: Site) -> None:
    connection = sqlite3.connect(site.store_path)
    connection.execute("UPDATE meta SET value = '999' WHERE key = 'version'")
    connection.commit()
    connection.close()


CASES = [
    (_open_key, "others on this machine can reach: log.key"),
    (_open_folder, "others on this machine can reach: site"),
    (_open_parent, "others could put another folder in its place"),
    (_open_parent_of_the_store, "others could put another folder in its place: "),
    (_short_key, "antiforgery.key is missing or damaged"),
    (_short_log_key, "log.key is missing or damaged"),
    (_no_store, "there is no store"),
    (_damaged_store, "the store is damaged"),
    (_newer_store, "the store has version 999"),
]


@pytest.mark.parametrize(("spoil", "says"), CASES, ids=[case[0].__name__ for case in CASES])
def test_a_site_that_would_break_a_promise_is_refused(
    site: Site, spoil: Callable[[Site], None], says: str
) -> None:
    refuse_unfit(site)
    spoil(site)
    with pytest.raises(StoreError) as refused:
        refuse_unfit(site)
    assert says in refused.value.phrase
    assert refused.value.hint


def test_such_a_site_is_not_served(site: Site) -> None:
    """One phrase and a hint; nothing listens before."""
    _open_key(site)
    path = site.folder.parent / "form.sock"
    words = ["serve", str(site.folder), "--bind", f"unix:{path}"]
    ended = subprocess.run(
        [sys.executable, "-m", "intake", *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "intake: error: folder: others on this machine can reach: log.key",
        "intake: hint: chmod -R go= the site's folder",
    ]
    assert not path.exists()
