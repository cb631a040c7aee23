"""The ceremony on the command line: draft, sign, check, show."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from intake.cli import run
from intake.roster import SignedRoster, open_roster
from intake.tlog.note import Note
from tests.ceremony import DEPLOYMENT, draft, intake, lay_keys, sign

Output = Callable[[], tuple[list[str], list[str]]]

pytestmark = pytest.mark.usefixtures("derived_once")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everybody's keys, and a roster that two of three have signed."""
    folder = tmp_path_factory.mktemp("ceremony")
    lay_keys(folder)
    draft(folder, folder / "one")
    sign(folder, folder / "one", 0, 2)
    return folder


@pytest.fixture
def output(keys: Path, capsys: pytest.CaptureFixture[str]) -> Output:
    """Read the lines of standard output and error since the last time."""
    del keys
    capsys.readouterr()

    def read() -> tuple[list[str], list[str]]:
        captured = capsys.readouterr()
        return captured.out.splitlines(), captured.err.splitlines()

    return read


def next_of(keys: Path, out: Path, *more: str | Path, code: int = 0) -> None:
    reviewers = ("--reviewer", keys / "r1.reviewer")
    days = ("--issued", "2026-11-20", "--days", "30")
    intake("roster", "draft", "--previous", keys / "one", *reviewers, *days, *more, out, code=code)


def test_what_is_drafted_and_signed_opens(keys: Path) -> None:
    """The roster of a ceremony is the one that sites and readers open."""
    content = (keys / "one").read_bytes()
    roots = SignedRoster.parse(content).roster.roots
    signed = open_roster(content, trusted=roots, today=date(2026, 11, 1), deployment=DEPLOYMENT)
    assert [reviewer.name for reviewer in signed.roster.reviewers] == ["r1", "r2"]
    assert signed.roster.expires == date(2026, 12, 1)
    assert list(signed.roster.roots.signed(signed.note)) == ["root0", "root2"]
    assert (keys / "one").stat().st_mode & 0o777 == 0o644


def test_a_holder_sees_what_is_signed(keys: Path, tmp_path: Path, output: Output) -> None:
    """Before the question stand version, dates, digest and fingerprint; after it who signed."""
    draft(keys, tmp_path / "new")
    drafted, _ = output()
    sign(keys, tmp_path / "new", 1)
    lines, _ = output()
    assert lines[:-1] == drafted
    assert lines[0] == f"deployment    {DEPLOYMENT}"
    assert lines[1:3] == ["version       1", "in use        2026-11-01 to 2026-12-01"]
    assert re.fullmatch(r"reviewer      r1 sha256:[0-9a-f]{64}", lines[3])
    digest = SignedRoster.parse((tmp_path / "new").read_bytes()).roster.digest
    assert lines[5] == f"digest        {digest}"
    assert re.fullmatch(r"fingerprint   [0-9]{5}( [0-9]{5}){5}", lines[6])
    assert lines[-1] == "signed by root1: 1 of the 2 needed"


@pytest.mark.parametrize(("answer", "code"), [("n", 130), ("", 130), ("y", 0)])
def test_nobody_signs_by_accident(keys: Path, tmp_path: Path, answer: str, code: int) -> None:
    """Without a yes nothing is signed."""
    draft(keys, tmp_path / "new")
    before = (tmp_path / "new").read_bytes()
    words = ("--key", keys / "root0.rootkey", "--passphrase-file", keys / "passphrase")
    done = subprocess.run(
        [sys.executable, "-m", "intake", "roster", "sign", tmp_path / "new", *words],
        input=f"{answer}\n",
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == code
    assert done.stderr.startswith("sign it? [y/N]: ")
    assert "Traceback" not in done.stderr
    assert ((tmp_path / "new").read_bytes() == before) == (code != 0)


def test_nobody_signs_twice(keys: Path, tmp_path: Path, output: Output) -> None:
    """A holder's second try says so and leaves the file alone."""
    shutil.copy(keys / "one", tmp_path / "one")
    sign(keys, tmp_path / "one", 0, code=1)
    assert output()[1] == [
        "intake: error: 'root0' has signed it already",
        "intake: hint: nothing was changed",
    ]
    assert (tmp_path / "one").read_bytes() == (keys / "one").read_bytes()


def test_a_half_signature_is_made_whole(keys: Path, tmp_path: Path, output: Output) -> None:
    """Where one of a holder's two lines was lost, signing again adds that one."""
    note = Note.parse((keys / "one").read_bytes())
    (tmp_path / "one").write_bytes(Note(note.text, note.signatures[:3]).to_bytes())
    sign(keys, tmp_path / "one", 2)
    assert output()[0][-1] == "signed by root0, root2: 2 of the 2 needed"
    assert len(Note.parse((tmp_path / "one").read_bytes()).signatures) == 4


def test_a_stranger_signs_nothing(keys: Path, tmp_path: Path, output: Output) -> None:
    """A key that is not among the roster's roots adds no line."""
    new = (tmp_path / "new").resolve()
    roots = ("--root", keys / "root0.root", "--root", keys / "root1.root")
    next_of(keys, new, *roots)
    sign(keys, new, 2, code=1)
    assert "'root2' is not a root holder of this roster" in output()[1][0]
    given = ("--yes", "--passphrase-file", keys / "passphrase", "--previous", keys / "one")
    intake("roster", "sign", new, "--key", keys / "root2.rootkey", *given)
    assert output()[0][-1] == "signed by none of its roots: 0 of the 2 needed"


def test_damage_is_found_before_signing(keys: Path, tmp_path: Path, output: Output) -> None:
    """Nobody adds a signature to a text that was changed after others signed it."""
    damaged = (keys / "one").read_bytes().replace(b"expires 2026-12-01", b"expires 2026-12-02")
    (tmp_path / "one").write_bytes(damaged)
    sign(keys, tmp_path / "one", 1, code=1)
    assert output()[1] == ["intake: error: signature of 'root0' does not hold"]
    assert (tmp_path / "one").read_bytes() == damaged


def test_a_wrong_passphrase_signs_nothing(keys: Path, tmp_path: Path, output: Output) -> None:
    """A root key stays locked."""
    draft(keys, tmp_path / "new")
    output()
    (tmp_path / "wrong").write_text("correct horse batter\n", encoding="ascii")
    words = ("--key", keys / "root0.rootkey", "--yes", "--passphrase-file", tmp_path / "wrong")
    intake("roster", "sign", tmp_path / "new", *words, code=1)
    assert output()[1][0] == "intake: error: passphrase does not open the key of 'root0'"


def test_check_says_ok_line_by_line(keys: Path, output: Output) -> None:
    """A good roster, compared with paper, gives only ok and exit 0."""
    intake("keys", "fingerprint", keys / "one")
    digits = output()[0][0]
    given = ("--today", "2026-11-20", "--deployment", DEPLOYMENT)
    intake("roster", "check", keys / "one", "--fingerprint", digits, *given)
    lines, errors = output()
    assert errors == []
    assert lines[:-1] == [
        "ok   signed by the trusted roots",
        "ok   signed by its own roots",
        "ok   of this deployment",
        "ok   in use today",
        "ok   no key of a test",
        "ok   fingerprint",
    ]
    assert lines[-1].startswith("     sha256:")


def test_check_says_what_nothing_vouches_for(keys: Path, output: Output) -> None:
    """A roster compared with nothing but itself is never shown as simply good."""
    intake("roster", "check", keys / "one", "--today", "2026-11-20")
    assert output()[0][-2].startswith("note nothing vouches for its roots")


def test_check_lists_all_that_is_wrong(keys: Path, tmp_path: Path, output: Output) -> None:
    """Every broken rule has its own line, and the exit code is 1."""
    draft(keys, tmp_path / "new")
    sign(keys, tmp_path / "new", 0)
    output()
    given = ("--today", "2026-12-02", "--deployment", "other-abcdefgh", "--previous", keys / "one")
    wrong = ("--fingerprint", "1" * 30)
    intake("roster", "check", tmp_path / "new", *given, *wrong, code=1)
    lines, _ = output()
    assert [line[5:].partition(":")[0] for line in lines if line.startswith("no ")] == [
        "signed by the trusted roots",
        "signed by its own roots",
        "signed by the previous roots",
        "of this deployment",
        "follows the previous roster",
        "in use today",
        "fingerprint",
    ]
    assert "no   in use today: roster expired on 2026-12-01" in lines


def test_check_compares_with_a_roots_file(keys: Path, tmp_path: Path, output: Output) -> None:
    """Roots got another way decide, whatever roots the roster names."""
    roots = SignedRoster.parse((keys / "one").read_bytes()).roster.roots
    (tmp_path / "roots").write_bytes(roots.to_bytes())
    given = ("--today", "2026-11-20", "--roots")
    intake("roster", "check", keys / "one", *given, tmp_path / "roots")
    other = Path(__file__).parent / "vectors" / "roster"
    for file in ("roots", "roster.note"):
        intake("roster", "check", keys / "one", *given, other / file, code=1)
    assert "no   signed by the trusted roots" in "".join(output()[0])


def test_check_finds_the_tests_own_keys(output: Output) -> None:
    """A roster of published secrets is never ok."""
    note = Path(__file__).parent / "vectors" / "roster" / "roster.note"
    intake("roster", "check", note, "--today", "2026-11-20", code=1)
    assert "no   no key of a test: roster holds a key whose secret half is public" in output()[0]


def test_a_next_roster_goes_on_from_the_last(keys: Path, tmp_path: Path, output: Output) -> None:
    """Number, deployment and roots are carried over, and a thief's key is named for ever."""
    two = tmp_path / "two"
    next_of(keys, two, "--revoke", "r2:compromised")
    sign(keys, two, 1, 2)
    intake("roster", "check", two, "--previous", keys / "one", "--today", "2026-11-20")
    output()
    intake("roster", "show", two)
    lines, _ = output()
    assert lines[1:3] == ["version       2", "in use        2026-11-20 to 2026-12-20"]
    assert lines[-3:] == [
        "revoked       r2 on 2026-11-20, compromised",
        "roots         root0, root1, root2 (2 must sign)",
        "signed by     root1, root2",
    ]
    first = SignedRoster.parse((keys / "one").read_bytes()).roster
    second = SignedRoster.parse(two.read_bytes()).roster
    assert second.previous == first.digest
    assert not first.accepts_objects(date(2026, 11, 20), second)
    three = ("--reviewer", keys / "r1.reviewer", "--previous", two, "--version", "7")
    intake("roster", "draft", tmp_path / "three", *three, "--days", "10")
    text = (tmp_path / "three").read_text(encoding="ascii")
    assert "version 7\n" in text
    assert "revoked r2 sha256:" in text


@pytest.mark.parametrize(
    ("more", "phrase"),
    [
        (("--revoke", "r9:retired"), "no reviewer 'r9' in the previous roster"),
        (("--revoke", "r2:lost"), "a key is revoked as NAME:retired or NAME:compromised"),
        (("--revoke", "r1:compromised"), "a reviewer's key is revoked in the same roster"),
        (("--deployment", "other-abcdefgh"), "previous roster is of deployment test-abcdefgh"),
        (("--version", "1"), "roster 1 does not come after 1"),
        (("--root-threshold", "4"), "root threshold 4 does not fit 3 holders"),
        (("--issued", "2026-13-01"), "date is not in the calendar"),
        (("--issued", "9999-12-31"), "date is not in the calendar"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_next_roster_that_would_be_none_is_not_written(
    keys: Path, tmp_path: Path, output: Output, more: tuple[str, ...], phrase: str
) -> None:
    """What could not be opened later is refused at the draft."""
    next_of(keys, tmp_path / "two", *more, code=1)
    assert output()[1][0] == f"intake: error: {phrase}"
    assert not (tmp_path / "two").exists()


def test_a_first_roster_needs_what_only_people_decide(
    keys: Path, tmp_path: Path, output: Output
) -> None:
    """Without a deployment or root holders there is no first roster."""
    reviewer = ("--reviewer", keys / "r1.reviewer")
    intake("roster", "draft", tmp_path / "x", *reviewer, code=1)
    assert output()[1][1] == "intake: hint: give --deployment"
    intake("roster", "draft", tmp_path / "x", *reviewer, "--deployment", DEPLOYMENT, code=1)
    assert output()[1][1] == "intake: hint: give --root FILE for each"
    both = ("--days", "3", "--expires", "2026-12-01")
    intake("roster", "draft", tmp_path / "x", *reviewer, *both, code=2)
    assert output()[1][1] == "intake: hint: see `intake roster draft --help`"


def test_a_long_life_is_warned_of(keys: Path, tmp_path: Path, output: Output) -> None:
    """Who lets a roster live longer than a month is told what that costs."""
    next_of(keys, tmp_path / "a", "--expires", "2027-01-01", code=2)
    output()
    words = ("--previous", keys / "one", "--reviewer", keys / "r1.reviewer", "--days", "60")
    intake("roster", "draft", tmp_path / "a", *words)
    assert output()[1][0].startswith("note: an old roster can be replayed until it expires")
    intake("roster", "draft", tmp_path / "b", *words[:-1], "30")
    assert output()[1] == []


def test_nothing_is_overwritten_by_a_draft(keys: Path, tmp_path: Path, output: Output) -> None:
    """A file that is there stays."""
    (tmp_path / "there").write_text("mine", encoding="ascii")
    draft(keys, tmp_path / "there", code=1)
    assert output()[1][0].startswith("intake: error: ")
    assert (tmp_path / "there").read_text(encoding="ascii") == "mine"


@pytest.mark.parametrize(
    ("option", "edit"),
    [
        ("--reviewer", lambda text: text.replace("reviewer r1", "reviewer r2")),
        ("--reviewer", lambda text: text.replace("signer", "signer ")),
        ("--reviewer", lambda text: text + text),
        ("--reviewer", lambda text: text.removesuffix("\n")),
        ("--reviewer", lambda _: ""),
        ("--reviewer", lambda _: "\u0451"),
        ("--reviewer", lambda _: "x" * 20_000),
        ("--root", lambda text: text.replace("root ", "code ", 1)),
        ("--root", lambda text: text.splitlines(keepends=True)[0]),
        ("--root", lambda text: text.removesuffix("\n")),
        ("--root", lambda _: ""),
    ],
    ids=[str(number) for number in range(11)],
)
def test_lines_that_were_altered_are_not_taken(
    keys: Path, tmp_path: Path, output: Output, option: str, edit: Callable[[str], str]
) -> None:
    """What a reviewer or a holder hands in is taken whole or not at all."""
    good = keys / ("r1.reviewer" if option == "--reviewer" else "root0.root")
    bad = tmp_path / "bad"
    bad.write_text(edit(good.read_text(encoding="ascii")), encoding="utf-8")
    draft(keys, tmp_path / "new", option, bad, code=1)
    assert output()[1][0].startswith("intake: error: ")
    assert not (tmp_path / "new").exists()


def test_a_holders_file_holds_one_holder(keys: Path, tmp_path: Path, output: Output) -> None:
    """Two holders' lines in one file are two files, so that each hands in their own."""
    both = (keys / "root0.root").read_bytes() + (keys / "root1.root").read_bytes()
    (tmp_path / "both").write_bytes(both)
    draft(keys, tmp_path / "new", "--root", tmp_path / "both", code=1)
    assert output()[1] == ["intake: error: not one root holder's two lines"]


@pytest.mark.parametrize("command", ["sign", "check", "show"])
@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b"x" * 1_000_001, b"roster"])
def test_what_is_no_roster_is_refused(
    keys: Path, tmp_path: Path, output: Output, command: str, content: bytes
) -> None:
    """Any other file gives one line, never a traceback."""
    (tmp_path / "file").write_bytes(content)
    more = ["--key", str(keys / "root0.rootkey")] if command == "sign" else []
    assert run(["roster", command, str(tmp_path / "file"), *more]) == 1
    assert len([line for line in output()[1] if line.startswith("intake: error: ")]) == 1


def test_show_names_every_part(output: Output, tmp_path: Path) -> None:
    """Log, witnesses and release keys are shown where a roster has them; a draft has no signers."""
    from tests.vectors.roster import fixed

    (tmp_path / "full").write_bytes(fixed.FULL.to_bytes())
    intake("roster", "show", tmp_path / "full")
    assert output()[0][-5:] == [
        "log           log.test",
        "witness       w1.test (1 must cosign)",
        "witness       w2.test (1 must cosign)",
        "code          release.test",
        "signed by     nobody yet",
    ]
