"""Nothing tells a canary from a testimony: neither what is asked for, nor what is kept."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from intake.age import decrypt_bytes
from intake.audit.asking import Visitor
from intake.audit.canary_state import CanaryFolder, Way
from intake.audit.canary_visit import Trust, Visit, ready
from intake.canonical import decode
from intake.reaching import Address
from intake.store import Store
from tests.browser.browsers import FirefoxTab, until
from tests.browser.marionette import Marionette
from tests.browser.serving import Served, served
from tests.browser.walk import is_other_than
from tests.browser.wire import Request, Wire, wire_to
from tests.browser.writing import NATIVE

TEXT = "Мы *шли* ~ там.\n\nДа, + «и» нет & <b>"
FRESH = re.compile(  # differs from one visit to the next: tokens, and the author's secrets
    rb"(?<=csrf_token=)[\w.-]+|(?<=resend=)[\w%]+"
)


@pytest.fixture(scope="module", params=["minimal", pytest.param("guided", marks=pytest.mark.long)])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("server") / "site", str(request.param)) as running:
        yield running


def write_in_firefox(wire: Wire, profile: Path, *, script: bool) -> None:
    """As a person does, in a Firefox with what Tor Browser sets and a request shows."""
    fox = Marionette.start(
        profile,
        {
            "browser.privatebrowsing.autostart": True,
            "privacy.resistFingerprinting": True,
            "privacy.spoof_english": 2,
            "javascript.enabled": script,
        },
    )
    try:
        tab = FirefoxTab(fox)
        tab.open(f"{wire.address}/")
        start = "form[action='/1'] button"
        until(lambda: tab.has(start), "the landing page")
        tab.press(start)
        further = "#continue" if script else f"{NATIVE}, [name=go][value=next]"
        until(lambda: tab.has(further), "the form")
        tab.type("[name=narrative]", TEXT)
        for _ in range(40):
            shown = tab.text()
            tab.press(further if tab.has(further) else "[formaction='/2']")
            until(lambda shown=shown: is_other_than(tab, shown), "another page")
            if tab.has("dl"):
                break
        tab.press("#send" if script else "main form button:not(.plain)")
        until(lambda: not tab.has("dl") and tab.has("h1"), "the sent page")
    finally:
        fox.stop(profile)


def write_as_auditor(site: Served, wire: Wire, folder: Path, way: Way) -> None:
    """The same text, as a canary."""
    visitor = Visitor(Address.parse(wire.address), None)
    state = CanaryFolder(folder)
    with state.locked():
        visit = Visit(visitor, way, None, state.keep, lambda _: None)
        visit.send(ready(TEXT.encode(), "text"), Trust(site.site.roots(), None))
    visitor.close()


def shown(request: Request) -> tuple[object, ...]:
    """What a site sees of a request, without what differs between two visits of one person."""
    rows: list[tuple[str, str]] = []
    for name, value in request.headers:
        # The version, and how much the second language weighs: both differ between Firefoxes.
        said = "" if name in {"User-Agent", "Cookie", "X-CSRFToken"} else value
        rows.append((name, said.partition(";")[0] if name == "Accept-Language" else said))
    letter = request.type == "application/octet-stream"
    body: object = FRESH.sub(b"", request.body)
    if letter:
        head, _, sealed = request.body.partition(b"\n\n")
        body = [line.partition(b" ")[0] for line in head.split(b"\n")], len(head), len(sealed)
    elif body:
        # Percent signs: two secrets in base64 may need more or fewer.
        rows = [(n, v if n != "Content-Length" else "") for n, v in rows]
    return request.method, request.path, tuple(rows), body


def fetched(requests: list[Request]) -> list[tuple[object, ...]]:
    """All that was asked for, in order; a page's scripts come side by side in a browser, and its words and form."""
    rows = [shown(request) for request in requests]
    order = [n for n, row in enumerate(rows) if not str(row[1]).endswith(".js")]
    scripts = sorted(rows[n] for n in range(len(rows)) if n not in order)
    # Words and form may change places with each other, and with nothing else.
    beside = groupby((rows[n] for n in order), lambda row: str(row[1]).endswith(".json"))
    return [row for free, run in beside for row in (sorted(run) if free else run)] + scripts


def kept(site: Served) -> dict[bytes, object]:
    """What the site keeps, by its opening, as it looks from outside and inside."""
    store = Store.open(site.site.store_path)
    try:
        rows = list(store)
    finally:
        store.close()
    found: dict[bytes, object] = {}
    for row in rows:
        if row.sealed in site.old:
            continue
        plain = decrypt_bytes(row.sealed, site.keys.identities[:1])
        size = int.from_bytes(plain[8:12])
        manifest = decode(plain[12 : 12 + size])
        assert isinstance(manifest, dict)
        secret = {key for key in manifest if key in {"seed", "redact", "reply", "withdraw"}}
        same = {key: "" if key in secret else value for key, value in manifest.items()}
        reply = manifest["reply"]
        assert isinstance(reply, dict)
        same["reply"] = {name: len(str(value)) for name, value in reply.items()}
        lengths = (len(row.opening), len(row.sealed), len(plain), size)
        found[row.opening] = lengths, same
    return found


@pytest.mark.parametrize("way", Way)
def test_a_canary_and_a_testimony_of_the_same_words_are_alike(
    site: Served, way: Way, tmp_path: Path
) -> None:
    """Every request with its headers in their order and its body, the letter, the container."""
    site.begin()
    with wire_to(site.port) as wire:
        write_in_firefox(wire, tmp_path / "profile", script=way is Way.SCRIPT)
        real = list(wire.requests)
        wire.requests.clear()
        write_as_auditor(site, wire, tmp_path / "state", way)
        asked = list(wire.requests)
    assert fetched(asked) == fetched(real)
    one, other = kept(site).values()
    assert one == other


def test_files_that_a_browser_asks_for_side_by_side_come_now_in_one_order_now_in_another(
    site: Served, tmp_path: Path
) -> None:
    """After roster and week, and all before anything is sent."""
    orders: Counter[tuple[str, ...]] = Counter()
    for number in range(24):
        site.begin()
        with wire_to(site.port) as wire:
            write_as_auditor(site, wire, tmp_path / str(number), Way.SCRIPT)
        paths = [re.sub(r"-[0-9a-z-]*", "", request.path) for request in wire.requests]
        at = paths.index("/epoch") + 1
        assert paths[at - 2] == "/roster.note"
        assert paths[-1] == "/s"
        orders[tuple(paths[at:-1])] += 1
    each = {frozenset(order) for order in orders}
    assert each in (
        {frozenset({"/words.json", "/stretch.js"})},
        {frozenset({"/words.json", "/stretch.js", "/form.json"})},
    )
    assert max(orders.values()) <= 21  # of two orders one comes oftener in 4 of 100,000 runs
    assert {len(order) for order in orders} == {len(next(iter(each)))}


def test_a_mark_would_be_seen(site: Served, tmp_path: Path) -> None:
    """A line end after the text, as an editor leaves it: the bodies and the containers differ."""
    site.begin()
    bodies: list[object] = []
    for text in (TEXT, f"{TEXT}\n"):
        with wire_to(site.port) as wire:
            state = CanaryFolder(tmp_path / str(len(bodies)))
            visitor = Visitor(Address.parse(wire.address), None)
            with state.locked():
                Visit(visitor, Way.FORM, None, state.keep, lambda _: None).send(
                    text, Trust(None, None)
                )
            visitor.close()
            bodies.append(fetched(wire.requests))
    assert bodies[0] != bodies[1]
    one, other = kept(site).values()
    assert one != other
