"""`intake serve` as it runs in earnest: watched by strace, on a full disk, and killed."""

import os
import re
import shutil
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path

from intake.age import encrypt_bytes
from intake.author import Author, Resend
from intake.codename import Codename
from intake.container import SIZES, Mode
from intake.epoch import Epoch
from intake.opening import Letter
from intake.seal import seal
from intake.store import Store
from intake.testimony import Testimony
from intake.web.site import today_in_utc
from tests.web.follow import Upload, Visitor, over_http
from tests.web.returning import opened, reply_row, write_board
from tests.web.serving import serving, site_in, until
from tests.web.test_form_pages import check_of, form_of

MARKER = "planted-sentence-zqxw"
# A code, and how a browser sends it.
CODE = "abacus zoom drop-down felt-tip t-shirt yo-yo unicorn granite"
MARKERS = (MARKER, CODE, CODE.replace(" ", "+"))
WRITES = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg"
SEND = "Отправить"


def marked_writes(trace: Path) -> tuple[set[str], set[str]]:
    """Where the marker was written: to sockets, and to anything else, by strace's account."""
    sockets, others = set(), set()
    for line in trace.read_text(errors="replace").splitlines():
        if not any(marker in line for marker in MARKERS):
            continue
        call = re.search(r"\b(\w+)\((\d+)<([^>]*)", line)
        assert call, line[:200]
        (sockets if call[3].startswith(("TCP", "UNIX", "socket")) else others).add(call[3])
    return sockets, others


def send_everything(port: int) -> None:
    """The marker by every way, small, and larger than what a stock framework keeps in memory.

    And what somebody sees and does who comes back with a code, to whom there is a reply.
    """
    visitor = Visitor(over_http(port))
    assert visitor.press(check_of(visitor, narrative=MARKER), SEND).status == 200
    large = MARKER * 35_000
    assert visitor.press(form_of(visitor), "Продолжить", {"narrative": large}).status == 400
    upload = Upload("letter", large.encode())
    assert visitor.press(visitor.get("/s"), SEND, {"file": upload}).status == 400
    page = opened(visitor, CODE)
    assert f"{MARKER} reply" in page.words
    assert visitor.press(page, "Да").status == 200
    more = visitor.press(page, "Написать ещё")
    assert visitor.press(more, SEND, {"narrative": large}).status == 400
    assert visitor.press(more, SEND, {"narrative": f"{MARKER} more"}).status == 200
    choices = visitor.press(page, "Изменить разрешения")
    assert visitor.press(choices, SEND, {"consent": ["stats"]}).status == 200


def with_reply(folder: Path) -> None:
    """A site, and a reply on its board to whoever has the code."""
    site, _ = site_in(folder)
    name = site.settings.deployment
    words = (f"{MARKER} reply", f"{MARKER} question")
    write_board(folder, name, [reply_row(name, Codename.parse(CODE), *words)])


def straced(folder: Path, trace: Path, change: str = "") -> None:
    # -yy names what each descriptor is; 2,000,000 characters are more than any one write here.
    watch = ["strace", "-f", "-yy", "-s", "2000000", "-e", f"trace={WRITES}", "-o", str(trace)]
    with serving(folder, watch, change) as (port, _):
        send_everything(port)


def test_no_system_call_writes_a_word_to_a_file(tmp_path: Path) -> None:
    assert shutil.which("strace"), "strace is missing"
    with_reply(tmp_path / "site")
    straced(tmp_path / "site", tmp_path / "trace")
    sockets, others = marked_writes(tmp_path / "trace")
    # The pages that gave the text back were seen: so a write to a file would have been, too.
    assert sockets
    assert others == set()
    trace = (tmp_path / "trace").read_text(errors="replace")
    assert CODE in trace
    assert f"{MARKER} reply" in trace


SPOOLING = """
import flask
from intake.web import app
app.FormApp.request_class = flask.Request
"""


def test_the_twin_that_spools_uploads_is_caught(tmp_path: Path) -> None:
    with_reply(tmp_path / "site")
    straced(tmp_path / "site", tmp_path / "trace", SPOOLING)
    _, others = marked_writes(tmp_path / "trace")
    assert others


SIXTY = 60 * 1024 * 1024
# What a server opens and may: its store and its lock, and the file of a worker's heartbeat, which holds nothing.
OWN = re.compile(r"/site/(store\.sqlite(-wal|-shm|-journal)?|serve\.lock)|/dev/shm/wgunicorn-\w+")


def send_sixty(port: int, letter: bytes) -> None:
    """A sealed file as the script sends it, and 60 MiB of words where a letter is asked for."""
    visitor = Visitor(over_http(port))
    token = visitor.get("/1").forms[0].value("csrf_token")
    kind = {"Content-Type": "application/octet-stream", "X-CSRFToken": token}
    assert visitor.ask("POST", "/s", letter, kind).status == 200
    words = Upload("letter", (MARKER * (SIXTY // len(MARKER))).encode())
    assert visitor.press(visitor.get("/s"), SEND, {"file": words}).status == 400


def made_files(folder: Path, change: str) -> set[str]:
    """Every file that comes into being while 60 MiB are taken in and refused, but the server's own."""
    site, panel = site_in(folder / "site")
    toml = site.folder / "site.toml"
    largest = f"largest = {SIZES[-1]}"
    toml.write_text(toml.read_text().replace(f"largest = {SIZES[0]}", largest))
    today = today_in_utc()
    testimony = Testimony.from_answers("ru", {"narrative": "sealed"}, ())
    author = Author.fresh(Epoch.of(today))
    small = seal(testimony, panel.roster, mode=Mode.BROWSER, today=today, author=author)
    sealed = encrypt_bytes(bytes(SIZES[-1]), panel.roster.recipients)
    opening = replace(small.head.opening, envelope=sha256(sealed).digest())
    letter = Letter(replace(small.head, opening=opening), sealed).to_bytes()
    trace = folder / "trace"
    calls = "open,openat,openat2,creat,mknod,mknodat"
    watch = ["strace", "-f", "--seccomp-bpf", "-e", f"trace={calls}", "-o", str(trace)]
    with serving(site.folder, watch, change) as (port, _):
        send_sixty(port, letter)
    rows = trace.read_text(errors="replace").splitlines()
    made = [row for row in rows if re.search(r"O_CREAT|O_TMPFILE|creat\(|mknod", row)]
    assert any("/site/store.sqlite" in row for row in rows)
    return {row for row in made if " = -1 " not in row and not OWN.search(row)}


def test_no_file_comes_into_being_at_any_size_and_in_the_twin_one_does(tmp_path: Path) -> None:
    (tmp_path / "twin").mkdir()
    assert made_files(tmp_path, "server.__name__") == set()
    assert made_files(tmp_path / "twin", SPOOLING)


# The fault: a place at the gate, in a file that says who has it.
NOTING = """
from intake.codename import Codename
real = Codename.stretched
def noting(self, deployment):
    with open(sys.argv[1] + "/stretched", "a") as file:
        file.write(" ".join(self.words))
    return real(self, deployment)
Codename.stretched = noting
"""


def test_the_twin_that_writes_down_who_comes_back_is_caught(tmp_path: Path) -> None:
    with_reply(tmp_path / "site")
    straced(tmp_path / "site", tmp_path / "trace", NOTING)
    _, others = marked_writes(tmp_path / "trace")
    assert [name for name in others if name.endswith("/stretched")]


def mounted(folder: Path, size: str) -> list[str]:
    """A command prefix that runs its command with a small disk of its own at `folder`."""
    script = f'mount -t tmpfs -o size={size} none "$0" && cp -a "$0.made/." "$0" && exec "$@"'
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *user, "--mount", "sh", "-c", script, str(folder)]


def fill(path: Path) -> None:
    """Take every byte that is left on a disk."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"-" * 4096):
            pass


def test_a_full_disk_says_not_sent_keeps_the_text_and_loses_nothing_kept(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    site, panel = site_in(tmp_path / "site.made")
    folder.mkdir()
    assert panel.roster.deployment == site.settings.deployment
    log = tmp_path / "log"
    # Of a real disk the site leaves the last 64 MiB alone; of this one it takes every byte.
    every_byte = "from intake import budget\nbudget.FLOOR = -(1 << 40)"
    with serving(folder, mounted(folder, "2m"), every_byte, log=log) as (port, server):
        visitor = Visitor(over_http(port))
        kept = []
        for number in range(60):
            text = f"{MARKER} {number}"
            page = visitor.press(check_of(visitor, narrative=text), SEND)
            if page.status != 200:
                break
            kept.append(text)
        assert page.status == 503
        assert len(kept) > 3
        assert "Не отправлено" in page.words
        assert page.forms[0].value("narrative") == text
        # What was refused left room behind, and a checkpoint makes more: with that taken away it
        # still answers, and says so until it says that it was sent.
        inside = Path(f"/proc/{server.pid}/root{folder}/store.sqlite")
        fill(inside.parent / "filler")
        refused = 0
        for _ in range(60):
            page = visitor.press(page, SEND)
            if page.status == 200:
                kept.append(text)
                text = f"{MARKER} again {len(kept)}"
                page = check_of(visitor, narrative=text)
            else:
                assert page.status == 503
                assert page.forms[0].value("narrative") == text
                refused += 1
                if refused == 3:
                    break
        assert refused == 3
        copy = tmp_path / "copy"
        copy.mkdir()
        for path in inside.parent.glob("store.sqlite*"):
            shutil.copy(path, copy)
    store = Store.open(copy / "store.sqlite")
    assert store.count() == len(kept)
    store.close()
    assert MARKER not in log.read_text()


def test_killed_while_people_send_it_keeps_whatever_it_said_was_sent(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    said = []
    for _ in range(3):
        stop = threading.Event()

        def write(port: int, stop: threading.Event = stop) -> None:
            visitor = Visitor(over_http(port))
            while not stop.is_set():
                try:
                    check = check_of(visitor, narrative=MARKER)
                    if visitor.press(check, SEND).status == 200:
                        said.append(check.forms[0].value("resend"))
                except (OSError, HTTPException):
                    return

        with serving(site.folder) as (port, server):
            people = [threading.Thread(target=write, args=(port,)) for _ in range(3)]
            for person in people:
                person.start()
            enough = len(said) + 5
            until(lambda enough=enough: len(said) > enough)
            os.killpg(server.pid, signal.SIGKILL)
            stop.set()
            for person in people:
                person.join()
    store = Store.open(site.store_path)
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT status FROM submission").fetchall()
    name = site.settings.deployment
    statuses = {bytes(status) for (status,) in rows}
    assert {Resend.parse(value).author(name).status for value in said} <= statuses
    assert all(len(stored.sealed) == 70_309 for stored in store)
    assert store.sweep() == 0
    store.close()


def test_a_site_in_a_folder_of_any_name_keeps_what_it_is_sent(tmp_path: Path) -> None:
    """A `?`, a `%` or a `#` is a part of the name, and no other file comes into being."""
    folder = tmp_path / "what? 50%25 file:#1 сайт"
    site, _ = site_in(folder)
    with serving(site.folder) as (port, _):
        visitor = Visitor(over_http(port))
        assert visitor.press(check_of(visitor, narrative=MARKER), SEND).status == 200
    store = Store.open(site.store_path)
    assert store.count() == 1
    store.close()
    assert list(tmp_path.iterdir()) == [folder]
    assert (folder / "store.sqlite").stat().st_size > 70_000
