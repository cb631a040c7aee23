"""Firefox ESR set up as Tor Browser is, where that matters here: everything goes through tor."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.firefox_tab import FirefoxTab
from tests.browser.marionette import Marionette
from tests.onion.joining import Network

_THROUGH_TOR = {
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_version": 5,
    "network.proxy.socks_remote_dns": True,
    "network.dns.blockDotOnion": False,
    "network.proxy.allow_hijacking_localhost": True,
}


@contextmanager
def fox(
    network: Network, profile: Path, *, script: bool, secure: bool = True
) -> Iterator[FirefoxTab]:
    """A tab of a Firefox of its own; `secure` is whether it takes an onion page for a safe one.

    Tor Browser does, and Firefox as it is delivered does not: it keeps its cryptography from such
    a page.
    """
    wanted = {
        **_THROUGH_TOR,
        "network.proxy.socks_port": network.visitor,
        "dom.securecontext.allowlist_onions": secure,
        "javascript.enabled": script,
    }
    running = Marionette.start(profile, wanted)
    try:
        yield FirefoxTab(running)
    finally:
        running.stop(profile)
