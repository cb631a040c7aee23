"""The reviewers of the demo: two people, two machines, one stick, from an import to an export."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from deploy.demo.roles import DemoError, Person, indent, say
from deploy.demo.survivors import STORIES, WITH_SCRIPT, Story
from intake.epoch import Epoch
from intake.review.work import CHECKED, NOT_THERE

PROOF = ("--for", "investigators", "--format", "proof")


def sitting(reviewer: Person) -> tuple[str | Path, ...]:
    """The options by which a reviewer opens the case."""
    case = ("--case", reviewer.folder / "case")
    identity = ("--identity", reviewer.folder / f"{reviewer.name}.identity")
    return (*case, *identity, *reviewer.passphrase)


def take(reviewer: Person, brought: tuple[Path, Path], roster: Path) -> str:
    """Import what the courier brings; returns what that says."""
    digits = reviewer.intake("keys", "fingerprint", roster).strip()
    given = ("--fingerprint", digits, "--policy", brought[1])
    report = reviewer.intake("review", "import", brought[0], *sitting(reviewer), *given)
    say("import:\n" + indent(report))
    return report


def review(
    reviewers: Sequence[Person],
    auditor: Person,
    brought: tuple[Path, Path],
    roster: Path,
    count: int,
) -> None:
    """The first imports, triages, reads and redacts; the second reads it too; both sign; it is exported."""
    first, second = reviewers
    who = sitting(first)
    if "all seven checks hold" not in take(first, brought, roster):
        raise DemoError("the import did not check the log")
    listed = first.intake("review", "list", *who)
    say("list:\n" + indent(listed))
    items = [line.split()[0] for line in listed.splitlines() if line[:12].isalnum()]
    if len(items) != count:
        raise DemoError(f"{count} testimonies were sent and {len(items)} are in the case folder")
    take_list(auditor, first, who)
    listed = first.intake("review", "list", *who)
    canaries = [line.split()[0] for line in listed.splitlines() if " canary" in line]
    if len(canaries) != 1:
        raise DemoError("one canary was sent, and not found")
    stories = {item: redact(first, item) for item in sorted(set(items) - set(canaries))}
    stick = first.folder / "stick"
    stick.mkdir()
    digits = first.intake("keys", "fingerprint", roster).strip()
    first.intake("review", "sync", stick, *who)
    told = second.intake("review", "sync", stick, *sitting(second), "--fingerprint", digits)
    say("sync, on the second machine:\n" + indent(told))
    for item, story in stories.items():
        read_too(second, item, story)
    second.intake("review", "sync", stick, *sitting(second))
    first.intake("review", "sync", stick, *who)
    for item, story in stories.items():
        export(first, item, story)
    proved = next(item for item, story in stories.items() if "investigators" in story.agreed)
    for reviewer in (first, second):
        told = reviewer.intake("review", "signoff", proved, *PROOF, *sitting(reviewer))
        reviewer.intake("review", "sync", stick, *sitting(reviewer))
        if reviewer is first:
            second.intake("review", "sync", stick, *sitting(second))
            say(f"{proved}, with proof:\n{indent(told)}")
    first.intake("review", "sync", stick, *who)
    second.intake("review", "sync", stick, *sitting(second))
    out = auditor.folder / "publication"
    first.intake("review", "export", proved, first.folder / "publication", *PROOF, *who)
    shutil.copy(first.folder / "publication", out)
    checked = auditor.intake("audit", "publication", out, "--policy", brought[1])
    say("audit publication:\n" + indent(checked[:900]))


def take_list(auditor: Person, reviewer: Person, who: tuple[str | Path, ...]) -> None:
    """Before anything leaves, the auditor says which item was a test, and the reviewer looks."""
    path = auditor.folder / "list"
    reveal = ("audit", "canary", "reveal", path, "--state", "canaries", "--now")
    told = auditor.intake(*reveal, "--epoch", str(Epoch.now()))
    digits = told.partition("digits: ")[2].strip()
    given = ("--digits", digits, "--answer", auditor.folder / "answer")
    say("canaries: " + reviewer.intake("review", "canaries", path, *given, *who).strip())


def redact(reviewer: Person, item: str) -> Story:
    """Triage and read it, mark names as a reviewer would, and let the rules find the rest."""
    who = sitting(reviewer)
    early = reviewer.intake("review", "redact", item, "--rules", *who, exit_code=1)
    if "out of order" not in early:
        raise DemoError("an item was redacted that nobody had read")
    shown = reviewer.intake("review", "show", item, *who)
    story = next(s for s in (*STORIES, WITH_SCRIPT) if s.text[:30] in shown)
    reviewer.intake("review", "triage", item, "t.7", *who)
    reviewer.intake("review", "show", item, *who)
    reviewer.intake("review", "read", item, *who)
    spans = [
        f"--span=narrative:{start}:{start + len(name)}={reason}"
        for name, _, reason in (mark.partition("=") for mark in story.marks)
        if (start := story.text.find(name)) >= 0
    ]
    reviewer.intake("review", "redact", item, *spans, "--rules", "--everywhere", *who)
    answers = reviewer.folder / "checklist.toml"
    answers.write_text("".join(f'{name} = "{NOT_THERE}"\n' for name in CHECKED), encoding="utf-8")
    reviewer.intake("review", "note", item, "checklist", answers, *who)
    return story


def read_too(reviewer: Person, item: str, story: Story) -> None:
    """The second person reads the original and what would leave, and signs where it may."""
    who, use = sitting(reviewer), ("--for", "publish", "--format", "text")
    reviewer.intake("review", "show", item, *who)
    reviewer.intake("review", "read", item, "--second", "--agreed", "all of it", *who)
    if "publish" in story.agreed:
        say(f"{item}: {reviewer.intake('review', 'signoff', item, *use, *who).strip()}")


def export(reviewer: Person, item: str, story: Story) -> None:
    """Export what was agreed to, once both have signed; refuse everything else."""
    who = sitting(reviewer)
    out = reviewer.folder / f"{item}.txt"
    use = ("--for", "publish", "--format", "text")
    refusal = reviewer.intake("review", "export", item, out, *use, *who, exit_code=1)
    if "publish" not in story.agreed:
        say(f"{item}: redacted; export refused, as it must be:\n{indent(refusal)}")
        return
    say(f"{item}: export refused before both have signed:\n{indent(refusal)}")
    say(f"{item}: {reviewer.intake('review', 'signoff', item, *use, *who).strip()}")
    reviewer.intake("review", "export", item, out, *use, *who)
    text = out.read_text(encoding="utf-8")
    if any(mark.partition("=")[0] in text for mark in story.marks):
        raise DemoError("a name that was taken out is in the export")
    say(f"{item}: redacted and exported for publication:\n{indent(text[:600])} …")


def audit_ledgers(auditor: Person, reviewers: Sequence[Person], roster: Path) -> None:
    """An outsider checks who did what, with no access to a case: only its ledgers are handed over."""
    handed = auditor.folder / "ledgers"
    handed.mkdir()
    for reviewer in reviewers:
        for path in (reviewer.folder / "case" / "ledgers").glob("*.ledger"):
            shutil.copy(path, handed / path.name)
        shutil.copy(reviewer.folder / "case" / "roots", handed / "roots")
    files = sorted(handed.glob("*.ledger"))
    given = ("--roster", roster, "--roots", handed / "roots")
    say("audit ledger:\n" + indent(auditor.intake("audit", "ledger", *files, *given)))
