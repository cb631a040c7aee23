"""Plants fresh words in a running site and looks where they, or anybody's traces, were left.

It never shows a byte of what it finds, and what it plants on a live site is a decoy.
"""

import fcntl
import json
import os
import resource
import time
from dataclasses import dataclass, replace

from intake.author import Author
from intake.container import Container, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.seal import container_of, decoy_of, seal_container
from intake.testimony import Testimony
from intake.visible import line
from intake.web.listening import Address, FromSystemd
from intake.web.sentinel_machine import Machine, MachinePlaces
from intake.web.sentinel_places import Place, SitePlaces, State
from intake.web.sentinel_scan import Search
from intake.web.sentinel_visit import Visit
from intake.web.sentinel_words import Planted
from intake.web.site import Site, today_in_utc

TITLE = "testimony-intake/sentinel/v1"
_TEST = "This is a test by the operator, with `intake doctor --sentinel`, and nobody's testimony: "


@dataclass(frozen=True)
class Report:
    """What one run says: one line a place."""

    deployment: str
    epoch: Epoch
    places: tuple[Place, ...]

    @property
    def found(self) -> bool:
        """Whether there was anything anywhere."""
        return any(place.state is State.FOUND for place in self.places)

    def to_json(self) -> str:
        """As `intake audit report` takes it: places, states, kinds, and nothing that was found."""
        places = [
            {"place": place.name, "state": place.state, "kinds": place.kinds}
            for place in self.places
        ]
        values = {"title": TITLE, "deployment": self.deployment, "epoch": str(self.epoch)}
        return json.dumps(values | {"places": places}, ensure_ascii=False, indent=1)

    def lines(self) -> list[str]:
        """For people; the last line says no more than what was looked at."""
        rows = [_as_line(place) for place in self.places]
        left = sum(place.state is State.NOT_CHECKED for place in self.places)
        word = "something" if self.found else "nothing"
        return [*rows, f"found {word} in the places checked; not checked: {left}"]


def run(site: Site, address: Address, machine: Machine, *, test_site: bool, wait: float) -> Report:
    """Plant, wait `wait` seconds, and look everywhere.

    Where no server runs on the site nothing is planted, and what needs that is not checked. On a
    live site the form is filled in up to the page that shows it again, and a decoy is sent sealed;
    on a test site both ways are gone to the end, and two test testimonies stay. Raises
    `VisitError` where the site does not answer at `address`.
    """
    # This program knows the words, and is not to be the leak.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    running = is_served(site)
    inside, outside = SitePlaces(site, running=running), MachinePlaces(machine, site.folder)
    planted = None
    places: list[Place] = []
    if running:
        planted = plant(site, address, test_site=test_site)
        places.append(Place.looked_at("planting", ()))
        time.sleep(wait)
    else:
        why = "no server runs on this site: start it, to have words planted and looked for"
        places.append(Place.not_checked("planting", why))
    search = Search(planted.needles() if planted else {}, time.time())
    places += inside.look(planted, search)
    places += outside.look(planted, search)
    return Report(site.settings.deployment, Epoch.of(today_in_utc()), tuple(places))


def plant(site: Site, address: Address, *, test_site: bool) -> Planted:
    """Visit the site by both ways, with fresh words."""
    if isinstance(address, FromSystemd):
        raise MalformedError(
            "only systemd knows where this site listens", "name it: --bind unix:/PATH/OF/SOCKET"
        )
    planted = Planted.fresh()
    visit = Visit(address, site.settings.address, planted)
    visit.wander()
    visit.write(_TEST + planted.phrase, send=test_site)
    today = today_in_utc()
    roster = site.current().roster
    epoch = Epoch.of(today)
    author = Author.fresh(epoch)
    container: Container = decoy_of(roster, epoch=epoch, author=author)
    if test_site:
        testimony = Testimony.from_answers("en", {"narrative": _TEST + planted.phrase}, ())
        container = container_of(testimony, roster, mode=Mode.BROWSER, epoch=epoch, author=author)
    letter = seal_container(container, roster, today=today, author=author)
    visit.hand_in(letter.to_bytes())
    names = (letter.head.status, letter.head.opening.envelope)
    return replace(planted, ended=time.time(), objects=names)


def is_served(site: Site) -> bool:
    """Whether a server holds the site's lock."""
    path = site.folder / "serve.lock"
    if not path.exists():
        return False
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _as_line(place: Place) -> str:
    said = ", ".join(place.kinds) or place.why
    return line(f"{place.state:12} {place.name}" + (f": {said}" if said else ""))
