"""`intake doctor` reads the list of relays that a real tor got from a (private) Tor network."""

import datetime as dt
import os

from intake.machine import Level
from intake.web.checkup_consensus import NAME, clock_by_tor
from tests.onion.joining import Network


def test_the_list_that_a_real_tor_wrote_tells_of_a_clock_that_is_ahead(network: Network) -> None:
    folder = network.folder / "visitor"
    path = folder / NAME
    now = dt.datetime.now(dt.UTC)
    assert clock_by_tor(folder, now).level is Level.FINE
    assert clock_by_tor(folder, now - dt.timedelta(hours=1)).level is Level.WRONG
    # As a clock that is an hour ahead would have dated it: such a list counts for some minutes.
    before = path.stat().st_mtime
    os.utime(path, (before, before + 3600))
    try:
        assert clock_by_tor(folder, now + dt.timedelta(hours=1)).level is Level.WARNING
    finally:
        os.utime(path, (before, before))
