"""A real site, served by the real `intake serve` on this machine, and the keys to open it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from intake.age import decrypt_bytes
from intake.container import Container
from intake.opening import Opening
from intake.seal import check_container
from intake.store import Store, Stored
from intake.web.site import Site, today_in_utc
from tests.panel import Keys
from tests.web.serving import serving


@dataclass(frozen=True)
class Served:
    """A site that is being served on a port of 127.0.0.1, or behind an onion service."""

    site: Site
    keys: Keys
    port: int
    old: set[bytes] = field(default_factory=set[bytes])
    onion: str = ""

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://{self.onion or f'127.0.0.1:{self.port}'}"

    def begin(self) -> None:
        """Pass over everything that is kept already: the next test begins."""
        self.old.update(row.sealed for row in self._rows())

    def kept(self) -> list[Container]:
        """Everything kept since `begin`, opened by each reviewer and checked."""
        return [self._opened(row.opening, row.sealed) for row in self._new()]

    def openings(self) -> list[Opening]:
        """The opening of everything kept since `begin`."""
        return [Opening.parse(row.opening) for row in self._new()]

    def _new(self) -> list[Stored]:
        return [row for row in self._rows() if row.sealed not in self.old]

    def _rows(self) -> list[Stored]:
        store = Store.open(self.site.store_path)
        try:
            return list(store)
        finally:
            store.close()

    def _opened(self, opening: bytes, sealed: bytes) -> Container:
        one, two = (decrypt_bytes(sealed, [identity]) for identity in self.keys.identities)
        assert one == two
        container = Container.parse(one)
        check_container(container, Opening.parse(opening))
        return container


@contextmanager
def served(
    folder: Path, form: str = "minimal", onion: str = "", bind: str = ""
) -> Iterator[Served]:
    """Make a site with this form in `folder` and serve it until the end of the block.

    With `onion` it is shown by that address alone, and served where `bind` says.
    """
    keys = Keys.fresh()
    site = Site.create(folder, "test", "Северный архив", onion or "abcdefgh.onion", "ru")
    site.settings = replace(site.settings, form=form, only_onion=bool(onion))
    (folder / "site.toml").write_bytes(site.settings.to_bytes())
    Store.create(site.store_path, site.settings.deployment).close()
    # In use for two weeks, so that tests can open a page in the weeks before this one.
    issued = today_in_utc() - dt.timedelta(days=14)
    roster = replace(keys.roster(site.settings.deployment, issued), log=site.log_signer.vkey)
    site.publish(keys.sign(roster), roster.roots, today_in_utc())
    log = folder.parent / f"{folder.name}.log"
    with serving(folder, log=log, bind=bind, workers=1) as (port, _):
        yield Served(site, keys, port, onion=onion)
