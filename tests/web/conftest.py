"""A site with fresh keys in a temporary folder, its pages, and people who visit them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.age import decrypt_bytes
from intake.container import Container
from intake.opening import Opening
from intake.seal import check_container
from intake.store import Store
from intake.web.app import FormApp, create_app
from intake.web.site import Site, today_in_utc
from tests.panel import Panel, make_panel
from tests.web.follow import Visitor, in_process

SCRIPT = b'"use strict";\n'


@dataclass
class World:
    """A site, its store, its pages, and the reviewers' keys to look at what was kept."""

    site: Site
    store: Store
    acceptor: Acceptor
    panel: Panel
    app: FormApp
    day: dt.date

    def visitor(self) -> Visitor:
        return Visitor(in_process(self.app))

    def kept(self) -> list[tuple[Opening, Container]]:
        """Everything in the store, opened by the second reviewer and checked."""
        rows = []
        for stored in self.store:
            opening = Opening.parse(stored.opening)
            container = Container.parse(decrypt_bytes(stored.sealed, [self.panel.identities[1]]))
            check_container(container, opening)
            rows.append((opening, container))
        return rows

    def text(self) -> str:
        """The narrative of the one testimony that was kept."""
        ((_, container),) = self.kept()
        return container.answers["narrative"]

    def on(self, day: dt.date) -> None:
        """Let the pages' clock show another day."""
        self.day = day


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(lang: str = "ru", **changes: object) -> World:
        folder = tmp_path / f"site{len(made)}"
        site = Site.create(folder, "test", "Северный архив", "abcd.onion", lang)
        site.settings = replace(site.settings, **changes)
        panel = make_panel(deployment=site.settings.deployment)
        site.publish(panel.note, panel.roster.roots, today_in_utc())
        store = Store.create(site.store_path, site.settings.deployment)
        acceptor = Acceptor(store, site, site.settings.largest)
        world = World(site, store, acceptor, panel, None, today_in_utc())
        world.app = create_app(site, acceptor, script=SCRIPT, today=lambda: world.day)
        made.append(world)
        return world

    yield make
    for world in made:
        world.store.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
