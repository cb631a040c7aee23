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

from deploy.demo.roles import DemoError, Person
from deploy.demo.survivors import (
    STORIES,
    WITH_SCRIPT,
    has_browser,
    wait_for,
    write_with_script,
    write_without_script,
)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


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


def write(port: int) -> int:
    """Everybody writes; returns how many did."""
    for story in STORIES:
        write_without_script(port, story)
        say(f"sent without script, sealed in the server's memory: {story.file}")
    if not has_browser():
        say("left out: the testimony with script, because Chromium is not installed here")
        return len(STORIES)
    bodies = write_with_script(port, WITH_SCRIPT)
    sizes = ", ".join(str(len(body)) for body in bodies if body)
    say(f"sent with script, sealed in Chromium: {WITH_SCRIPT.file} (request bodies: {sizes} bytes)")
    return len(STORIES) + 1


def check_server_has_no_word(site: Path) -> None:
    """Look for the first words of each testimony in every file of the site."""
    openings = [story.text[:30].encode() for story in (*STORIES, WITH_SCRIPT)]
    contents = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
    if any(opening in content for opening in openings for content in contents):
        raise DemoError("a word of testimony is in the site's files")
    say(f"looked for the testimonies' first words in the site's {len(contents)} files: none")


def review(reviewer: Person, bundle: Path, roster: Path, count: int) -> None:
    """Import, list, redact, export; refuse what was not agreed to."""
    case = reviewer.folder / "case"
    who = ("--case", case, "--identity", reviewer.folder / f"{reviewer.name}.identity")
    who += reviewer.passphrase
    digits = reviewer.intake("keys", "fingerprint", roster).strip()
    report = reviewer.intake("review", "import", bundle, *who, "--fingerprint", digits)
    say("import:\n" + indent(report))
    listed = reviewer.intake("review", "list", *who)
    say("list:\n" + indent(listed))
    items = [line.split()[0] for line in listed.splitlines() if line[:12].isalnum()]
    if len(items) != count:
        raise DemoError(f"{count} testimonies were sent and {len(items)} are in the case folder")
    for item in items:
        redact_and_export(reviewer, item, who)


def redact_and_export(reviewer: Person, item: str, who: tuple[str | Path, ...]) -> None:
    """Mark names as a reviewer would, let the rules find the rest, export what was agreed to."""
    shown = reviewer.intake("review", "show", item, *who)
    story = next(s for s in (*STORIES, WITH_SCRIPT) if s.text[:30] in shown)
    spans = [
        f"--span=narrative:{start}:{start + len(name)}={reason}"
        for name, _, reason in (mark.partition("=") for mark in story.marks)
        if (start := story.text.find(name)) >= 0
    ]
    reviewer.intake("review", "redact", item, *spans, "--rules", "--everywhere", *who)
    out = reviewer.folder / f"{item}.txt"
    command = ("review", "export", item, out, "--for", "publish", "--format", "text", *who)
    if "publish" not in story.agreed:
        refusal = reviewer.intake(*command, exit_code=1)
        say(f"{item}: redacted; export refused, as it must be:\n{indent(refusal)}")
        return
    reviewer.intake(*command)
    text = out.read_text(encoding="utf-8")
    if any(mark.partition("=")[0] in text for mark in story.marks):
        raise DemoError("a name that was taken out is in the export")
    say(f"{item}: redacted and exported for publication:\n{indent(text[:600])} …")


def indent(text: str) -> str:
    """Four spaces before each line."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines())


def run(home: Path, *, once: bool) -> None:
    """The whole demo in the folder `home`."""
    started = time.monotonic()
    operator = Person.arrive(home, "operator")
    courier = Person.arrive(home, "courier")
    reviewers, site = ceremony(home, operator)
    with serving(operator, site) as port:
        count = write(port)
        check_server_has_no_word(site)
        bundle = courier.folder / "bundle.age"
        say("collect: " + operator.intake("collect", site, bundle).strip())
        review(reviewers[0], bundle, operator.folder / "roster.note", count)
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
