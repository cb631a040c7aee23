"""The audit asks as the Firefox does on which Tor Browser is built, in its private mode."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.audit.asking import FETCHED, SCRIPT, TYPED, Visitor
from intake.reaching import Address
from tests.browser.browsers import FirefoxTab, until
from tests.browser.marionette import Marionette
from tests.browser.wire import Request, Wire

DIFFER = {"User-Agent", "Cookie"}  # the one by system and version, the other by visit


@pytest.fixture
def private_fox(tmp_path: Path) -> Iterator[FirefoxTab]:
    """A Firefox with what Tor Browser sets and a request shows."""
    profile = tmp_path / "profile"
    fox = Marionette.start(
        profile,
        {
            "browser.privatebrowsing.autostart": True,
            "privacy.resistFingerprinting": True,
            "privacy.spoof_english": 2,
        },
    )
    yield FirefoxTab(fox)
    fox.stop(profile)


def shown(request: Request) -> list[tuple[str, str]]:
    """What a request's headers say, in order, without what may differ."""
    rows = [(name, "" if name in DIFFER else value) for name, value in request.headers]
    # The weight of the second language changed between versions.
    return [(n, v.partition(";")[0] if n == "Accept-Language" else v) for n, v in rows]


def of(requests: list[Request], method: str, path: str) -> Request:
    """The first request of this kind."""
    return next(r for r in requests if r.method == method and r.path.startswith(path))


def test_no_header_tells_the_audit_from_tor_browser(private_fox: FirefoxTab, wire: Wire) -> None:
    """The same headers, in the same order, with the same values, for each kind of request."""
    private_fox.open(f"{wire.address}/")
    start = "form[action='/1'] button"
    until(lambda: private_fox.has(start), "the landing page")
    private_fox.press(start)
    until(lambda: private_fox.has("#continue"), "the form")
    real = list(wire.requests)
    wire.requests.clear()
    visitor = Visitor(Address.parse(wire.address), None)
    visitor.get("/", TYPED)
    visitor.post("/1", of(real, "POST", "/1").body)
    visitor.get(of(real, "GET", "/seal-").path, SCRIPT)
    visitor.get("/roster.note", FETCHED)
    visitor.close()
    asked = wire.requests
    for kind in (("GET", "/"), ("POST", "/1"), ("GET", "/seal-"), ("GET", "/roster.note")):
        assert shown(of(asked, *kind)) == shown(of(real, *kind)), kind
