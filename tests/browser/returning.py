"""One person who comes back with a code: the board they find, and how they go about it in a tab.

With script; the wire gives the board, so that it can be any.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from intake.age import HybridIdentity, encrypt_bytes
from intake.author import HINT_SIZE, Holder
from intake.board import PART, Index, parts_of
from intake.codename import Codename
from intake.epoch import Epoch
from intake.reply import PLAINTEXT, ReplyNote, row_of
from intake.seal import reply_of
from intake.web.site import today_in_utc
from tests.browser.browsers import Tab, until
from tests.browser.serving import Served
from tests.browser.wire import Wire
from tests.browser.writing import SENTENCE

BUTTONS = {"more": "#more", "consent": "#consent", "withdraw": "#withdraw"}
NONE = "Сообщений нет."
SOME = "Для вас есть сообщение."
PATIENT = 60  # seconds: a machine with other work stretches a code slowly


def write_and_send(tab: Tab, wire: Wire) -> Codename:
    """Write something through the form's script; gives the code that is shown for it."""
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has("#continue"), "a button to go on with")
    tab.type("[name=narrative]", SENTENCE)
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    tab.press("#send")
    until(lambda: tab.has(".code"), "the code", PATIENT)
    return Codename.parse(tab.text(".code"))


def open_return(tab: Tab, wire: Wire) -> None:
    """Go to the page for a code and wait until there is a way on."""
    tab.open(f"{wire.address}/r")
    until(lambda: tab.has("#open"), "a button to open a code with")


def open_all_of_return(tab: Tab, wire: Wire) -> None:
    """The same for the first time in a tab, until nothing that the page fetches is yet to be asked."""
    before = len(wire.requests)
    open_return(tab, wire)
    fetched = lambda path: any(r.path.startswith(path) for r in wire.requests[before:])  # noqa: E731
    until(lambda: fetched("/words") and fetched("/stretch"), "what a code needs")


def come_back(tab: Tab, wire: Wire, code: Codename) -> None:
    """Open a code, and see its messages."""
    open_return(tab, wire)
    open_code(tab, code)


def open_code(tab: Tab, code: Codename) -> None:
    """On the page for it."""
    tab.type("#code", " ".join(code.words))
    tab.press("#open")
    until(lambda: tab.has("#more"), "what the code opens", PATIENT)


def go(tab: Tab, to: str) -> None:
    """From the messages to writing more, to changing consent or to withdrawing."""
    tab.press(BUTTONS[to])
    until(lambda: tab.has("#back") and not tab.has("#more"), to)


def reply(
    site: Served, holder: Holder, text: str, question: str = "", number: int = 0
) -> tuple[bytes, ReplyNote]:
    """A row of the board that a reviewer of the site answers with, and the note in it."""
    address = reply_of(holder)
    week = Epoch.of(today_in_utc())
    note = ReplyNote.to_address(address, site.site.settings.deployment, week, text, question)
    return row_of(note.signed(site.keys.signers[0]), address, number), note


def decoys(count: int) -> list[bytes]:
    """Rows that nobody can open."""
    nobody = HybridIdentity.generate().recipient
    rows = (encrypt_bytes(bytes(PLAINTEXT), [nobody]) for _ in range(count))
    return [os.urandom(HINT_SIZE) + row for row in rows]


def give_board(wire: Wire, site: Served, rows: Iterable[bytes]) -> Sequence[bytes]:
    """Have the wire answer with a board of these rows; gives its parts."""
    ordered = sorted(rows)
    index = Index.of(site.site.settings.deployment, ordered).to_bytes()
    parts = tuple(parts_of(ordered))

    def answer(body: bytes) -> Callable[[int, bytes], tuple[int, bytes]]:
        return lambda _status, _body: (200, body)

    for path in [path for path in wire.alter if path.startswith("/board/")]:
        del wire.alter[path]
    wire.alter["/board/index"] = answer(index)
    for number, part in enumerate(parts):
        wire.alter[f"/board/{number}"] = answer(part)
    assert len(parts) == -(-len(ordered) // PART)
    assert all(sha256(part).hexdigest().encode() in index for part in parts)
    return parts
