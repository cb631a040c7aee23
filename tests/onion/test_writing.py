"""A survivor's whole way through tor: Firefox ESR, a SOCKS proxy, a real onion service, a unix socket."""

import http.client
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from intake.codename import Codename
from intake.container import Mode
from tests.browser.browsers import until
from tests.browser.firefox_tab import FirefoxTab
from tests.browser.returning import NONE
from tests.browser.serving import Served, served
from tests.browser.walk import form_to_sent
from tests.browser.writing import SENTENCE
from tests.onion.foxes import fox
from tests.onion.joining import Network
from tests.web.serving import connect, serving, site_in

SERVICE = "form"
WARNING = "Вы открыли страницу не через Tor Browser."
PATHS = ("landing", "form", "form-wrong", "check", "sent")
_TELLING = """
from flask import request
from intake.web.app import FormApp
seen = FormApp.preprocess_request
def telling(self):
    print(request.path, file=sys.stderr, flush=True)
    return seen(self)
FormApp.preprocess_request = telling
"""
WAYS = [
    pytest.param(True, True, id="script, as Tor Browser takes onions"),
    pytest.param(True, False, id="script, without the browser's own cryptography"),
    pytest.param(False, True, id="no script"),
]


@pytest.fixture(scope="module")
def site(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site that `intake serve` has on a unix socket, for its onion address alone."""
    folder = tmp_path_factory.mktemp("onion") / "site"
    with served(folder, onion=network.hosts[SERVICE], bind=network.bind(SERVICE)) as running:
        yield running


def said_by(site: Served) -> bytes:
    """Everything that the server said since it was started."""
    return (site.site.folder.parent / f"{site.site.folder.name}.log").read_bytes()


def come_back(tab: FirefoxTab, site: Served, code: str, *, script: bool) -> None:
    """Open a code at /r."""
    tab.open(f"{site.address}/r")
    on = "#open" if script else "noscript [name=go][value=open]"
    until(lambda: tab.has(on), "a button to open a code with")
    tab.type("#code", code)
    tab.press(on)
    until(lambda: NONE in tab.text(), "what the code opens")


@pytest.mark.parametrize(("script", "secure"), WAYS)
def test_what_is_written_through_tor_is_kept_and_its_code_comes_back(
    network: Network, site: Served, tmp_path: Path, script: bool, secure: bool
) -> None:
    """Every page to the last, then /r; each reviewer's key opens what was typed; no log tells of it.

    Also where Firefox keeps its cryptography from pages of an onion service, as it does when nobody
    says otherwise: sealing needs the random numbers alone, which it gives to every page.
    """
    site.begin()
    before = said_by(site)
    with fox(network, tmp_path / "profile", script=script, secure=secure) as tab:
        tab.open(f"{site.address}/ru")
        assert site.onion in tab.text()  # so that it can be compared with the address bar
        assert ("landing", *form_to_sent(tab, script=script)) == PATHS
        assert ("закрыт на нашем сервере" in tab.text()) is not script
        code = tab.text(".code")
        asked = "return [isSecureContext, typeof crypto.subtle]"
        seen = tab.firefox.ask("WebDriver:ExecuteScript", {"script": asked, "args": []})
        assert seen == ([True, "object"] if secure else [False, "undefined"])
        if secure:
            come_back(tab, site, code, script=script)
    (container,) = site.kept()
    assert container.mode is (Mode.BROWSER if script else Mode.SERVER)
    text = f"{SENTENCE}\n\nSecond paragraph, with a longword{'d' * 60}."
    assert container.answers == {"relation": "r.witness", "narrative": text}
    assert {row.level.value for row in container.consent if row.agreed} == {"stats"}
    # What was said of the visit, by whom: nothing by the server, and by tor nothing of it.
    assert said_by(site) == before == b""
    words = Codename.parse(code).words
    for log in map(network.logs, ("service", "visitor", "r0", "r1", "a0", "a1", "a2")):
        assert site.onion not in log
        told = [" ".join(two) for two in pairwise(words) if " ".join(two) in log]
        assert told == []
        assert not any(word in log for word in (SENTENCE, "/ru", "Mozilla", "Firefox", "GET "))


def asked(bind: str, path: str, headers: Mapping[str, str]) -> tuple[int, list[str], str]:
    """What whoever can reach the socket itself is answered: status, names of headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1")
    connection.sock = connect(bind)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        names = [name.lower() for name, _ in answer.getheaders()]
        return answer.status, names, answer.read().decode("utf-8")
    finally:
        connection.close()


def test_a_server_that_told_of_a_visit_would_be_seen(tmp_path: Path) -> None:
    """The twin of what is asked above of the server's log: this one writes each path down."""
    site, _ = site_in(tmp_path / "site")
    bind, log = f"unix:{tmp_path}/form.sock", tmp_path / "site.log"
    with serving(site.folder, change=_TELLING, log=log, bind=bind):
        assert b"/ru" not in log.read_bytes()  # what it asked itself before it began is there
        asked(bind, "/ru", {"Host": "127.0.0.1"})
        assert b"/ru" in log.read_bytes()


@pytest.mark.parametrize("path", ["/ru", "/1", "/s", "/r"])
def test_only_who_comes_by_the_onion_address_gets_a_form(
    network: Network, site: Served, path: str
) -> None:
    """By 127.0.0.1, and by the name of a gateway: the warning. Nobody is told of another address."""
    for host, status in ((site.onion, 200), ("127.0.0.1", 403), (f"{site.onion}.ws", 403)):
        got, names, body = asked(network.bind(SERVICE), path, {"Host": host})
        assert got == status
        assert (WARNING in body) is (status == 403)
        assert ("<form" in body) is (status == 200)
        assert "onion-location" not in names
        assert site.onion not in body or status == 200
