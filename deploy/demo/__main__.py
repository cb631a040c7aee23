"""`make demo`: does the main job and says what it did; `--once` ends by itself."""

import argparse
import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deploy.demo.reviewing import audit_ledgers, review, sitting, take
from deploy.demo.roles import DemoError, Person, indent, say
from deploy.demo.survivors import (
    STORIES,
    WITH_SCRIPT,
    come_back,
    has_browser,
    wait_for,
    withdraw_all,
    write_with_script,
    write_without_script,
)
from intake.codename import Codename

REPLY = "We have read it. You can write more with the same code."
NONE = "There are no messages."
# Real canaries are an auditor's own texts, each another one.
CANARY = """They came for me at work. I was kept for two nights in a room without a window, and they
asked for names. On the third day a relative paid, and I was let go at the edge of the town.
"""


def ceremony(home: Path, operator: Person) -> tuple[list[Person], Path]:
    """Root holders, reviewers, a site, and the roster that joins them."""
    site = operator.folder / "site"
    deployment = operator.intake(
        *("init", site, "--name", "demo", "--organisation", "Example Archive"),
        *("--address", "127.0.0.1 (a demo, not an onion address)"),
    ).strip()
    holders = [Person.arrive(home, f"holder{n}") for n in (1, 2, 3)]
    reviewers = [Person.arrive(home, f"reviewer{n}") for n in (1, 2, 3)]
    for person in holders:
        person.intake("keys", "new-root", person.name, "--folder", ".", *person.passphrase)
    for person in reviewers:
        person.intake("keys", "new-reviewer", person.name, "--folder", ".", *person.passphrase)
    say(f"keys: {len(holders)} root holders, {len(reviewers)} reviewers, each locked on its own")

    roster = operator.folder / "roster.note"
    public = [("--reviewer", p.folder / f"{p.name}.reviewer") for p in reviewers]
    public += [("--root", p.folder / f"{p.name}.root") for p in holders]
    operator.intake(
        *("roster", "draft", roster, "--deployment", deployment, "--root-threshold", "2"),
        *(word for pair in public for word in pair),
        *("--days", "30"),
    )
    for person in holders[:2]:
        key = person.folder / f"{person.name}.rootkey"
        person.intake("roster", "sign", roster, "--key", key, "--yes", *person.passphrase)
    digits = operator.intake("keys", "fingerprint", roster).strip()
    operator.intake("roster", "publish", site, roster, "--fingerprint", digits)
    say(f"roster: signed by 2 of 3, fingerprint {digits}")
    return reviewers, site


@contextlib.contextmanager
def serving(operator: Person, site: Path) -> Iterator[int]:
    """The form, on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "intake", "serve", str(site), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=operator.folder)
    try:
        wait_for(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def write(port: int) -> tuple[int, str]:
    """Everybody writes; returns how many did, and the first one's code."""
    codes: list[str] = []
    for story in STORIES:
        codes.append(write_without_script(port, story))
        say(f"sent without script, sealed in the server's memory: {story.file}")
    say(f"each is shown a code, as: {codes[0]}")
    if not has_browser():
        say("left out: the testimony with script, because Chromium is not installed here")
        return len(STORIES), codes[0]
    bodies = write_with_script(port, WITH_SCRIPT)
    sizes = ", ".join(str(len(body)) for body in bodies if body)
    say(f"sent with script, sealed in Chromium: {WITH_SCRIPT.file} (request bodies: {sizes} bytes)")
    return len(STORIES) + 1, codes[0]


def send_canary(auditor: Person, port: int, digits: str) -> None:
    """The auditor sends a text of their own, as people do; only they know that it is a test."""
    texts = auditor.folder / "texts"
    texts.mkdir()
    (texts / "1.txt").write_text(CANARY, encoding="utf-8")
    said = auditor.intake(
        *("audit", "canary", "make", f"http://127.0.0.1:{port}", "--texts", "texts"),
        *(
            "--state",
            "canaries",
            "--fingerprint",
            digits,
            "--path",
            "form",
            "--lang",
            "en",
            "--hurry",
        ),
    )
    say("auditor, a test testimony: " + said.strip())


def audit(
    auditor: Person, port: int, brought: tuple[Path, Path], roster: Path, digits: str
) -> None:
    """What an outsider checks: the pages, the log, whether the test came through; on one page."""
    url, policy = f"http://127.0.0.1:{port}", ("--policy", brought[1])
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("site", url),
        ("follow", url, "--state", "followed", *policy),
        (
            "canary",
            "check",
            "--state",
            "canaries",
            "--answer",
            "answer",
            "--roster",
            roster,
            "--fingerprint",
            digits,
            "--now",
        ),
    )
    for command in commands:
        say(f"audit {command[0]}:\n" + indent(auditor.intake("audit", *command)))


def check_server_has_no_word(site: Path) -> None:
    """Look for the first words of each testimony in every file of the site."""
    openings = [story.text[:30].encode() for story in (*STORIES, WITH_SCRIPT)]
    contents = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
    if any(opening in content for opening in openings for content in contents):
        raise DemoError("a word of testimony is in the site's files")
    say(f"looked for the testimonies' first words in the site's {len(contents)} files: none")


def collect(operator: Person, courier: Person, site: Path, name: str) -> tuple[Path, Path]:
    """Hand the courier a bundle and the log's policy."""
    bundle, policy = courier.folder / name, courier.folder / "log.policy"
    say("collect: " + operator.intake("collect", site, bundle).strip())
    policy.write_bytes((site / "keys" / "log.policy").read_bytes())
    return bundle, policy


def close(operator: Person, site: Path) -> None:
    """Close the week, as every Monday, and publish the log."""
    say("epoch: " + operator.intake("epoch", site, "--now").strip())
    say("cosign: " + operator.intake("cosign", site).strip())


def answer(reviewer: Person, operator: Person, site: Path) -> None:
    """Reply to the one who wants messages, before the week is over: it goes on the board then."""
    who = sitting(reviewer)
    listed = reviewer.intake("review", "list", *who)
    items = [line.split()[0] for line in listed.splitlines() if line[:12].isalnum()]
    item = next(
        i for i in items if STORIES[0].text[:30] in reviewer.intake("review", "show", i, *who)
    )
    text, outbox = reviewer.folder / "reply.txt", reviewer.folder / "outbox"
    text.write_text(REPLY, encoding="utf-8")
    reviewer.intake("review", "reply", item, "--file", text, "--outbox", outbox, *who)
    say("deliver: " + operator.intake("deliver", site, outbox).strip())


def return_with(code: str, port: int) -> None:
    """Whoever has the code reads the reply; any other eight words open the same page, empty."""
    _, opened = come_back(port, "en", code)
    if REPLY.strip() not in opened.words:
        raise DemoError("the reply is not on the page")
    say(f"with the code: {REPLY.strip()}")
    other = " ".join(Codename.fresh().words)
    _, opened = come_back(port, "en", other)
    if NONE not in opened.words:
        raise DemoError("another code opens something else")
    say(f"with any other eight words: {NONE}")


def run(home: Path, *, once: bool) -> None:
    """The whole demo in the folder `home`."""
    started = time.monotonic()
    operator = Person.arrive(home, "operator")
    courier, auditor = Person.arrive(home, "courier"), Person.arrive(home, "auditor")
    reviewers, site = ceremony(home, operator)
    with serving(operator, site) as port:
        count, code = write(port)
        check_server_has_no_word(site)
        roster = operator.folder / "roster.note"
        digits = operator.intake("keys", "fingerprint", roster).strip()
        send_canary(auditor, port, digits)
        # What is not logged yet can be read at once, and answered.
        take(reviewers[0], collect(operator, courier, site, "first.age"), roster)
        answer(reviewers[0], operator, site)
        close(operator, site)
        brought = collect(operator, courier, site, "second.age")
        review(reviewers[:2], auditor, brought, roster, count + 1)
        audit(auditor, port, brought, roster, digits)
        audit_ledgers(auditor, reviewers[:2], roster)
        return_with(code, port)
        withdraw_all(port, "en", code)
        say("withdrawn with the code, by whoever has it")
        gone = take(reviewers[0], collect(operator, courier, site, "third.age"), roster)
        if "cannot be called back" not in gone:
            raise DemoError("what was withdrawn is still in the case")
        say(f"done in {time.monotonic() - started:.0f} s, in {home}")
        if not once:
            say(f"the form stays up: http://127.0.0.1:{port}/  (Ctrl-C ends it)")
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()


def main() -> int:
    """Run the demo in a temporary folder."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when it is done")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="intake-demo-") as folder:
        try:
            run(Path(folder), once=arguments.once)
        except DemoError as error:
            sys.stderr.write(f"demo: error: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
