"""The board that a site serves, and how replies come on it: `intake deliver`, `intake epoch`."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.age import HybridIdentity, encrypt_bytes
from intake.author import HINT_SIZE, Holder
from intake.board import PART, Index
from intake.canonical import b64
from intake.cli import run
from intake.container import Reply
from intake.epoch import Epoch
from intake.outbox import Outbox
from intake.reply import PLAINTEXT, ROW, ReplyNote, replies_on, row_of
from intake.store import Store
from intake.tlog.note import Algorithm, Note, Signer
from intake.web.app import create_app
from intake.web.board_folder import BoardFolder
from intake.web.site import Site
from tests.boards import cheap_row, cheap_rows
from tests.panel import Panel, make_panel, root_signers, seed, signed
from tests.web.serving import site_in

NOW = Epoch.now()
SIGNER = Signer("r1", Algorithm.ED25519, seed("signer 1"))
DEPLOYMENT = "test-abcdefgh"


@pytest.fixture
def place(tmp_path: Path) -> tuple[Site, Panel]:
    return site_in(tmp_path / "site")


def deliver(site: Site, data: bytes) -> int:
    path = site.folder.parent / "outbox"
    path.write_bytes(data)
    return run(["deliver", str(site.folder), str(path)])


def outbox(site: Site, rows: list[bytes]) -> bytes:
    return Outbox.of(site.settings.deployment, NOW, rows).signed(SIGNER)


def waiting(site: Site) -> int:
    store = Store.open(site.store_path)
    count = store.board.waiting()
    store.close()
    return count


class Reader:
    """Somebody who comes back: fetches the index and every part, and believes what fits."""

    def __init__(self, site: Site) -> None:
        self.store = Store.open(site.store_path)
        self.client = create_app(site, Acceptor(self.store, site)).test_client()

    def board(self) -> list[bytes]:
        answer = self.client.get("/board/index")
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        index = Index.parse(answer.data)
        parts = (self.client.get(f"/board/{n}").data for n in range(len(index.parts)))
        return [row for n, part in enumerate(parts) for row in index.rows_in(n, part)]


@pytest.fixture
def reader(place: tuple[Site, Panel]) -> Iterator[Reader]:
    made = Reader(place[0])
    yield made
    made.store.close()


# The whole way


def test_a_reply_is_delivered_put_up_and_read_from_what_is_served(
    place: tuple[Site, Panel], reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    site, panel = place
    holder = Holder(os.urandom(32))
    address = Reply(holder.mailbox, holder.reply_to)
    note = ReplyNote.to_address(address, site.settings.deployment, NOW, "Мы прочли.")
    rows = [row_of(note.signed(SIGNER), address, 0), cheap_row(), cheap_row()]
    assert reader.board() == []  # a fresh site has an empty board
    assert not (site.folder / "board").exists()
    assert deliver(site, outbox(site, rows[:1])) == 0
    assert deliver(site, outbox(site, rows)) == 0
    assert deliver(site, outbox(site, rows)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 reply waits for the week's close",
        "2 replies wait for the week's close, 1 was delivered before",
        "0 replies wait for the week's close, 3 were delivered before",
    ]
    assert reader.board() == []
    assert run(["epoch", str(site.folder), "--now"]) == 0
    found = reader.board()
    assert len(found) == 16
    assert set(rows) < set(found)
    (reply,) = replies_on(found, holder, panel.roster)
    assert (reply.note.text, reply.by) == ("Мы прочли.", "r1")
    assert replies_on(found, Holder(bytes(32)), panel.roster) == []
    assert deliver(site, outbox(site, rows)) == 0
    assert waiting(site) == 0


def test_the_index_and_the_parts_have_the_types_and_headers_of_every_answer(
    place: tuple[Site, Panel], reader: Reader
) -> None:
    site, _ = place
    assert run(["epoch", str(site.folder), "--now"]) == 0
    client = reader.client
    for path, kind in (
        ("/board/index", "text/plain; charset=utf-8"),
        ("/board/0", "application/octet-stream"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.content_type) == (200, kind)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "Content-Encoding" not in answer.headers
        assert client.post(path).status_code == 405
    others = (
        "1",
        "00",
        "01",
        "-1",
        "+0",
        "0.",
        "٠",
        "index/",
        "99999",
        "0x0",
        "",
        "../store.sqlite",
    )
    for name in (*others, "%2e%2e/log.key", "..%2flog.key", "9" * 5000):
        assert client.get(f"/board/{name}").status_code == 404, name


# Bad input


def without_stanza(row: bytes) -> bytes:
    return row.replace(b"mlkem768x25519", b"mlkem768X25519", 1)


def two_stanzas() -> bytes:
    """Of just a row's length: a server would learn from it which of two codes is in use."""
    both = [HybridIdentity.generate().recipient for _ in range(2)]
    lost = len(encrypt_bytes(bytes(PLAINTEXT), both)) - (ROW - HINT_SIZE)
    row = bytes(HINT_SIZE) + encrypt_bytes(bytes(PLAINTEXT - lost), both)
    assert len(row) == ROW
    return row


def crafted(deployment: str, rows: list[bytes]) -> bytes:
    """An outbox signed by a reviewer who has another program, and does not look at the rows."""
    whole = b"".join(rows)
    lines = (
        "testimony-intake/outbox/v1",
        f"deployment {deployment}",
        f"epoch {NOW}",
        f"rows {len(rows)}",
        f"sha256 {b64(sha256(whole).digest())}",
    )
    text = "".join(f"{line}\n" for line in lines).encode()
    return Note(text, (SIGNER.sign(text),)).to_bytes() + b"\n" + whole


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


ROWS = cheap_rows(3)
STRANGER = Signer("r1", Algorithm.ED25519, bytes(32))
ROOT = root_signers(1)[0]

BAD: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda _: b"", "not an outbox"),
    "something else": (lambda _: b"PK\x03\x04" * 99, "not an outbox"),
    "cut short by a byte": (lambda d: good(d)[:-1], "cut short"),
    "cut short by a row": (lambda d: good(d)[:-ROW], "cut short"),
    "cut in its head": (lambda d: good(d)[:200], "not an outbox"),
    "longer by a byte": (lambda d: good(d) + b"\n", "cut short"),
    "longer by a row": (lambda d: good(d) + ROWS[0], "cut short"),
    "damaged in a row": (lambda d: flipped(good(d), -5), "damaged"),
    "damaged in a signature": (lambda d: flipped(good(d), good(d).index(b"r1 ") + 30), ""),
    "another deployment's": (lambda _: good("other-abcdefgh"), "another deployment"),
    "signed by nobody of the roster": (
        lambda d: Outbox.of(d, NOW, ROWS).signed(STRANGER),
        "no reviewer",
    ),
    "signed by a root holder": (lambda d: Outbox.of(d, NOW, ROWS).signed(ROOT), "no reviewer"),
    "not signed": (lambda d: unsigned(good(d)), ""),
    "a row of another length": (
        lambda d: crafted(d, [ROWS[0], ROWS[1][:-1], b"\0" + b"\xff" * ROW]),
        "file ends inside its header",
    ),
    "a row with two stanzas": (lambda d: crafted(d, [two_stanzas()]), "sealed to one code"),
    "a row with another stanza": (
        lambda d: crafted(d, [without_stanza(ROWS[0])]),
        "sealed to one code",
    ),
    "a row that is no age file": (lambda d: crafted(d, [bytes(ROW)]), "header"),
    "rows not in order": (lambda d: crafted(d, ROWS[::-1]), "not in order"),
    "the same row twice": (lambda d: crafted(d, [ROWS[0], ROWS[0]]), "not in order"),
    "no row": (lambda d: crafted(d, []), ""),
}


def good(deployment: str) -> bytes:
    return Outbox.of(deployment, NOW, ROWS).signed(SIGNER)


def unsigned(data: bytes) -> bytes:
    start, end = data.index("— r1".encode()), data.index(b"\n\n", data.index(b"\n\n") + 1)
    return data[:start] + data[end + 1 :]


def test_what_is_no_outbox_of_this_site_is_refused_whole(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    """One line and no row: also where only one of several rows is bad."""
    site, _ = place
    for name, (made, phrase) in BAD.items():
        assert deliver(site, made(site.settings.deployment)) == 1, name
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("intake: error: "), name
        assert phrase in said.err, (name, said.err)
        assert waiting(site) == 0, name
    assert deliver(site, good(site.settings.deployment)) == 0
    assert waiting(site) == 3


def test_a_reviewer_who_is_no_longer_in_the_roster_puts_nothing_up(
    place: tuple[Site, Panel], capsys: pytest.CaptureFixture[str]
) -> None:
    """With the roster before it could still be delivered; a site believes the one in use alone."""
    site, panel = place
    roster = replace(
        panel.roster,
        version=2,
        previous=panel.roster.digest,
        reviewers=make_panel(2, first=2, deployment=site.settings.deployment).roster.reviewers,
    )
    assert deliver(site, outbox(site, ROWS[:1])) == 0
    site.publish(signed(roster, (s for n in (0, 2) for s in root_signers(n))), None, roster.issued)
    capsys.readouterr()
    assert deliver(site, outbox(site, ROWS)) == 1
    assert "no reviewer of the roster in use signed the outbox" in capsys.readouterr().err
    assert waiting(site) == 1


def test_wrong_words_are_told_apart_from_a_bad_outbox(
    place: tuple[Site, Panel], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = place
    assert run(["deliver", str(site.folder)]) == 2
    assert run(["deliver", str(site.folder), str(tmp_path / "nothing")]) == 2
    assert run(["deliver", str(tmp_path / "nowhere"), str(tmp_path)]) == 2
    capsys.readouterr()
    assert run(["deliver", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("SITE OUTBOX", "intake review reply", "intake epoch"))


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> BoardFolder:
    return BoardFolder(tmp_path / "board", DEPLOYMENT)


def names(folder: BoardFolder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir())


@pytest.mark.parametrize("count", [0, 1, 127, 128, 129, 300])
def test_what_is_written_is_what_is_served(folder: BoardFolder, count: int) -> None:
    rows = cheap_rows(count)
    folder.write(rows)
    index = Index.parse(folder.index())
    assert (index.rows, len(index.parts)) == (count, -(-count // PART))
    parts = [folder.part(n) or b"" for n in range(len(index.parts))]
    assert [row for n, part in enumerate(parts) for row in index.rows_in(n, part)] == rows
    assert folder.part(len(parts)) is None
    assert names(folder) == [*map(str, range(len(parts))), "index"]
    assert folder.holds(rows)
    assert not folder.holds([*rows, b"\xff" * ROW])


def test_what_is_missing_damaged_or_too_much_is_seen_and_made_good(folder: BoardFolder) -> None:
    rows = cheap_rows(130)
    folder.write(rows)

    def lost(name: str) -> None:
        (folder.path / name).unlink()

    def damaged(name: str) -> None:
        path = folder.path / name
        path.write_bytes(flipped(path.read_bytes(), 70))

    faults = [(lost, "index"), (lost, "0"), (lost, "1"), (damaged, "index"), (damaged, "1")]
    faults.append((lambda name: (folder.path / name).write_bytes(b"x"), "2"))
    for fault, name in faults:
        fault(name)
        assert not folder.holds(rows), (fault, name)
        folder.write(rows)
        assert folder.holds(rows)
        assert names(folder) == ["0", "1", "index"]
    (folder.path / ".x.part").write_bytes(b"a crash left it")
    before = {name: (folder.path / name).stat().st_ino for name in names(folder)[1:]}
    folder.write(rows)
    after = {name: (folder.path / name).stat().st_ino for name in names(folder)}
    assert after == before  # and nothing is written that is there


def looking_at(monkeypatch: pytest.MonkeyPatch, folder: BoardFolder) -> set[int]:
    """Look before and after each change of a name whether every part of the index is there.

    A part may only be another board's. Gives the rows of every index that is seen.
    """
    seen: set[int] = set()

    def looking(real: Callable[..., object]) -> Callable[..., object]:
        def step(path: Path, *words: object, **named: object) -> object:
            look()
            result = real(path, *words, **named)
            look()
            return result

        return step

    def look() -> None:
        index = Index.parse(folder.index())
        assert all(folder.part(n) is not None for n in range(len(index.parts))), "a part is missing"
        seen.add(index.rows)

    monkeypatch.setattr(Path, "replace", looking(Path.replace))
    monkeypatch.setattr(Path, "unlink", looking(Path.unlink))
    return seen


def test_a_reader_never_finds_an_index_whose_parts_are_missing(
    folder: BoardFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = looking_at(monkeypatch, folder)
    for count in (400, 0, 130, 129, 400):
        folder.write(cheap_rows(count))
    assert seen == {0, 129, 130, 400}


@pytest.mark.parametrize("fault", ["the index first", "old parts removed first"])
def test_files_that_change_in_another_order_are_seen(
    folder: BoardFolder, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The twin."""
    folder.write(cheap_rows(300))
    looking_at(monkeypatch, folder)
    with pytest.raises(AssertionError, match="a part is missing"):
        if fault == "the index first":
            folder._write("index", Index.of(DEPLOYMENT, cheap_rows(400)).to_bytes())
        else:
            (folder.path / "2").unlink()


@pytest.mark.parametrize(("old", "new"), [(300, 20), (20, 300)])
def test_written_half_and_run_again_it_is_one_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: int, new: int
) -> None:
    """Ended at each step there is, before or after it."""
    before, after = cheap_rows(old), cheap_rows(new)
    for at in range(40):
        folder = BoardFolder(tmp_path / f"board {at}", DEPLOYMENT)
        folder.write(before)
        with monkeypatch.context() as crash:
            taken = ending_at(crash, at)
            with pytest.raises(KeyboardInterrupt):
                folder.write(after)
                raise KeyboardInterrupt
        folder.write(after)
        assert folder.holds(after)
        assert not list(folder.path.glob(".*"))
        shutil.rmtree(folder.path)
        if len(taken) <= at:
            return
    raise AssertionError("it has more steps than that")


def ending_at(crash: pytest.MonkeyPatch, at: int) -> list[str]:
    taken: list[str] = []

    def ending(real: Callable[..., object]) -> Callable[..., object]:
        def step(path: Path, *words: object, **named: object) -> object:
            for turn in (0, 1):
                if len(taken) == at:
                    taken.append("end")
                    raise KeyboardInterrupt
                taken.append(path.name)
                if turn == 0:
                    result = real(path, *words, **named)
            return result

        return step

    for name in ("replace", "unlink", "mkdir"):
        crash.setattr(Path, name, ending(getattr(Path, name)))
    return taken


def test_the_folder_is_made_again_from_the_store_by_any_close(
    place: tuple[Site, Panel], reader: Reader
) -> None:
    """Also where no week is over; the decoys are those that were there."""
    site, _ = place
    assert deliver(site, good(site.settings.deployment)) == 0
    assert run(["epoch", str(site.folder), "--now"]) == 0
    before = reader.board()
    for _ in range(2):
        shutil.rmtree(site.folder / "board")
        assert reader.board() == []
        assert run(["epoch", str(site.folder)]) == 0
        assert reader.board() == before
    assert (site.folder / "board").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (site.folder / "board").iterdir()} == {0o600}
