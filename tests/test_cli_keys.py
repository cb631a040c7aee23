"""`intake keys`, passphrases, and how the program speaks of errors."""

import errno
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import pyrage
import pytest

from intake import cli
from intake.age import HybridIdentity, ScryptIdentity, dearmor, decrypt_bytes
from intake.errors import IntakeError
from intake.review.keys import LockedIdentity, LockedRootKey
from intake.roots import RootSet
from intake.roster_draft import parse_reviewer_lines, parse_root_lines
from tests.ceremony import PASSPHRASE, intake, make_keys

Output = Callable[[], tuple[list[str], list[str]]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everybody's keys."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
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


def typed(arguments: list[str | Path], *answers: str) -> tuple[int, str]:
    """Run the program on a terminal of its own, type the answers, and return what was shown."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - another process
        # Started in the background, this test's own process ignores interrupts, and so would it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(sys.executable, [sys.executable, "-m", "intake", *map(str, arguments)])
    shown = b""
    try:
        for number, answer in enumerate(answers, 1):
            while shown.count(b": ") < number:
                shown += os.read(terminal, 1000)
            os.write(terminal, answer.encode() + b"\n")
        shown += b"".join(_until_closed(terminal))
    finally:
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()


def _until_closed(terminal: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(terminal, 1000):
            yield chunk
    except OSError as error:
        # Linux says that the other end of a terminal is gone in this way.
        if error.errno != errno.EIO:
            raise


def test_secret_files_are_for_their_owner_alone(keys: Path) -> None:
    """Locked keys are unreadable to others; the public lines are not; nothing else is left."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in keys.iterdir()}
    assert modes.pop("passphrase")
    assert modes == {
        **dict.fromkeys(("r1.identity", "r2.identity"), 0o600),
        **dict.fromkeys((f"root{n}.rootkey" for n in range(3)), 0o600),
        **dict.fromkeys(("r1.reviewer", "r2.reviewer"), 0o644),
        **dict.fromkeys((f"root{n}.root" for n in range(3)), 0o644),
    }


def test_public_lines_belong_to_the_locked_secret(keys: Path) -> None:
    """What goes to the root holders is the other half of what stays."""
    secret = LockedIdentity.parse((keys / "r1.identity").read_bytes()).unlock(PASSPHRASE)
    assert parse_reviewer_lines((keys / "r1.reviewer").read_bytes()) == secret.reviewer
    root = LockedRootKey.parse((keys / "root1.rootkey").read_bytes()).unlock(PASSPHRASE)
    assert parse_root_lines((keys / "root1.root").read_bytes()) == root.vkeys


@pytest.mark.parametrize("command", ["new-reviewer", "new-root"])
@pytest.mark.parametrize("there", ["secret", "public", "link"])
def test_keys_are_never_overwritten(
    keys: Path, tmp_path: Path, output: Output, command: str, there: str
) -> None:
    """Whoever types a name twice loses nothing, not even through a link."""
    secret, public = {
        "new-reviewer": (".identity", ".reviewer"),
        "new-root": (".rootkey", ".root"),
    }[command]
    path = tmp_path / f"x1{public if there == 'public' else secret}"
    if there == "link":
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.write_text("mine", encoding="ascii")
    given = ("--folder", tmp_path, "--passphrase-file", keys / "passphrase")
    intake("keys", command, "x1", *given, code=1)
    assert output()[1] == [
        f"intake: error: {path} is there already",
        "intake: hint: nothing was overwritten",
    ]
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_short_passphrase_makes_no_key(tmp_path: Path, output: Output) -> None:
    """Refused before anything is written."""
    (tmp_path / "short").write_text("eleven char\n", encoding="ascii")
    given = ("--folder", tmp_path, "--passphrase-file", tmp_path / "short")
    for command in ("new-reviewer", "new-root"):
        intake("keys", command, "x1", *given, code=1)
        assert output()[1][0] == "intake: error: passphrase has fewer than 12 characters"
    assert [entry.name for entry in tmp_path.iterdir()] == ["short"]


@pytest.mark.parametrize("name", ["Real Name", "../x", "r1.", "", "-x"])
def test_a_name_is_safe_for_files(keys: Path, tmp_path: Path, output: Output, name: str) -> None:
    """A name cannot lead out of its folder."""
    given = ("--folder", tmp_path, "--passphrase-file", keys / "passphrase")
    intake("keys", "new-reviewer", *given, "--", name, code=1)
    assert output()[1] == ["intake: error: reviewer's name is not in its form"]


@pytest.mark.parametrize(
    ("content", "phrase"),
    [(b"\xff" * 20, "passphrase is not UTF-8"), (b"x" * 1025, "longer than 1024 bytes")],
    ids=["bytes", "long"],
)
def test_a_passphrase_file_is_text(
    tmp_path: Path, output: Output, content: bytes, phrase: str
) -> None:
    """A file given by mistake is named as such."""
    (tmp_path / "file").write_bytes(content)
    given = ("--folder", tmp_path, "--passphrase-file", tmp_path / "file")
    intake("keys", "new-root", "x1", *given, code=1)
    assert phrase in output()[1][0]


def test_only_the_first_line_is_the_passphrase(keys: Path, tmp_path: Path) -> None:
    """An editor's line end, of either kind, is no part of a passphrase."""
    (tmp_path / "dos").write_bytes(PASSPHRASE.encode() + b"\r\n\r\n")
    out = tmp_path / "out"
    intake("keys", "export-age", keys / "r1.identity", out, "--passphrase-file", tmp_path / "dos")
    assert out.exists()


def test_an_exported_identity_is_stock_age(keys: Path, tmp_path: Path, output: Output) -> None:
    """The form that age takes: another implementation opens it with the passphrase."""
    out = tmp_path / "r1.age"
    given = ("--passphrase-file", keys / "passphrase")
    intake("keys", "export-age", keys / "r1.identity", out, *given)
    assert output()[0] == [f"open with: age --decrypt -i {out} FILE"]
    assert out.stat().st_mode & 0o777 == 0o600
    armored = out.read_bytes()
    assert armored.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    comment, line = pyrage.passphrase.decrypt(armored, PASSPHRASE).decode().splitlines()
    reviewer = parse_reviewer_lines((keys / "r1.reviewer").read_bytes())
    assert comment == f"# public key: {reviewer.recipient}"
    assert HybridIdentity.parse(line).recipient == reviewer.recipient


def test_an_export_may_have_its_own_passphrase(keys: Path, tmp_path: Path) -> None:
    """A passphrase given for the copy locks the copy alone."""
    (tmp_path / "new").write_text("another passphrase\n", encoding="ascii")
    words = ("--passphrase-file", keys / "passphrase", "--new-passphrase-file", tmp_path / "new")
    intake("keys", "export-age", keys / "r2.identity", tmp_path / "out", *words)
    opened = decrypt_bytes(
        dearmor((tmp_path / "out").read_bytes()), [ScryptIdentity("another passphrase")]
    )
    assert b"AGE-SECRET-KEY-PQ-1" in opened


def test_a_weak_export_is_refused(keys: Path, tmp_path: Path, output: Output) -> None:
    """A copy is never locked with less than the original."""
    (tmp_path / "new").write_text("short\n", encoding="ascii")
    words = ("--passphrase-file", keys / "passphrase", "--new-passphrase-file", tmp_path / "new")
    intake("keys", "export-age", keys / "r2.identity", tmp_path / "out", *words, code=1)
    assert output()[1][0] == "intake: error: passphrase has fewer than 12 characters"
    assert not (tmp_path / "out").exists()


def test_a_root_key_is_no_identity(keys: Path, tmp_path: Path, output: Output) -> None:
    """The two kinds of locked file are not mixed up, and nothing is asked for."""
    intake("keys", "export-age", keys / "root0.rootkey", tmp_path / "out", code=1)
    assert "root-key/v1, not a testimony-intake/reviewer-identity" in output()[1][0]
    intake("keys", "export-age", keys / "r1.identity", keys / "r2.identity", code=1)
    assert "is there already" in output()[1][0]


def test_the_fingerprint_is_one_for_every_form(tmp_path: Path, output: Output) -> None:
    """A roster, its draft and a roots file that name the same roots show the same digits."""
    folder = Path(__file__).parent / "vectors" / "roster"
    (tmp_path / "draft").write_bytes(
        (folder / "roster.note").read_bytes().split(b"\n\n")[0] + b"\n"
    )
    for path in (folder / "roster.note", folder / "roots", tmp_path / "draft"):
        intake("keys", "fingerprint", path)
    digits = RootSet.parse((folder / "roots").read_bytes()).fingerprint
    assert output()[0] == [digits] * 3
    intake("keys", "fingerprint", folder / "roster.json", code=1)
    assert output()[1] == ["intake: error: neither a roster nor a roots file"]


def test_a_passphrase_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    """On a terminal nothing of it appears, and both must be the same."""
    words: list[str | Path] = ["keys", "new-root", "x1", "--folder", tmp_path]
    code, shown = typed(words, PASSPHRASE, PASSPHRASE + "!")
    assert code == 1
    assert "the two passphrases differ" in shown
    assert list(tmp_path.iterdir()) == []
    code, shown = typed(words, PASSPHRASE, PASSPHRASE)
    assert code == 0
    assert PASSPHRASE not in shown
    assert "Passphrase again: " in shown
    LockedRootKey.parse((tmp_path / "x1.rootkey").read_bytes()).unlock(PASSPHRASE)


def test_to_unlock_it_is_asked_for_once(keys: Path, tmp_path: Path) -> None:
    """Only what locks something is typed twice."""
    words: list[str | Path] = ["keys", "export-age", keys / "r1.identity", tmp_path / "out"]
    assert typed(words, PASSPHRASE)[0] == 0
    assert typed([*words[:-1], tmp_path / "other"], "wrong")[0] == 1


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    """Ctrl-C at the question ends with 130 and no traceback."""
    code, shown = typed(["keys", "new-root", "x1", "--folder", tmp_path], "\x03")
    assert code == 130
    assert "Traceback" not in shown
    assert list(tmp_path.iterdir()) == []


def program(*words: str | Path, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "intake", *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        start_new_session=True,
        check=False,
        text=True,
    )


def test_without_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    """A script that forgot the passphrase file is told, and a passphrase never echoes."""
    done = program("keys", "new-root", "x1", "--folder", tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "intake: error: there is no terminal to ask for the passphrase",
        "intake: hint: give --passphrase-file FILE",
    ]


def test_a_reader_who_leaves_is_no_error() -> None:
    """`intake … | head` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    done = program("--help", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_full_disk_is_one_line() -> None:
    """The system's reason is said, with no traceback."""
    with Path("/dev/full").open("wb") as full:
        done = program("--version", stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "intake: error: no space left on device"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "phrase", "where"),
    [
        (["nonsense"], "no such command 'nonsense'", "intake"),
        (["keys", "nonsense"], "no such command 'nonsense'", "intake keys"),
        (["--nonsense"], "no such option", "intake"),
        (["keys", "new-reviewer"], "missing argument 'NAME'", "intake keys new-reviewer"),
        (
            ["keys", "new-root", "a", "b"],
            "got unexpected extra argument (b)",
            "intake keys new-root",
        ),
        (["roster", "check", "/nonexistent"], "does not exist", "intake roster check"),
        (["roster", "draft", "x"], "missing option '--reviewer'", "intake roster draft"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_arguments_end_with_two(
    output: Output, words: list[str], phrase: str, where: str
) -> None:
    """Wrong words are told apart from a refusal: exit 2, one phrase, and where the manual is."""
    intake(*words, code=2)
    error, hint = output()[1]
    assert error.startswith("intake: error: ")
    assert phrase in error
    assert not error.endswith(".")
    assert hint == f"intake: hint: see `{where} --help`"


def test_the_program_alone_shows_its_manual(output: Output) -> None:
    """Whoever types only `intake` reads what there is."""
    for words in ([], ["keys"], ["roster"]):
        intake(*words, code=2)
        out, err = output()
        assert out == []
        assert err[0].startswith("Usage: ")


def test_help_and_version_end_with_zero(output: Output) -> None:
    """The manual names every command of the table, and every family its own."""
    intake("--help")
    shown = "\n".join(output()[0])
    for name, entry in cli.TABLE.items():
        assert f"  {name} " in shown
        assert entry.summary in shown
        if isinstance(entry, cli.Family):
            intake(name, "--help")
            family = "\n".join(output()[0])
            assert all(command.summary in family for command in entry.commands.values())
    intake("--version")
    assert output()[0][0].startswith("intake, version ")


def test_the_manual_loads_none_of_the_commands() -> None:
    """`intake --help` needs no extra and is quick: no cryptography, no web, no store, no list of packages."""
    slow = ("cryptography", "flask", "sqlalchemy", "intake.age", "importlib.metadata")
    script = (
        "import sys; from intake.cli import run; run(['--help']); run(['keys', '--help']);"
        f"print([m for m in {slow} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def entries(
    table: Mapping[str, cli.Command | cli.Family] = cli.TABLE, before: str = ""
) -> list[tuple[str, cli.Command]]:
    found: list[tuple[str, cli.Command]] = []
    for name, entry in table.items():
        if isinstance(entry, cli.Family):
            found += entries(entry.commands, f"{before}{name} ")
        else:
            found.append((f"{before}{name}", entry))
    return found


@pytest.mark.parametrize(("name", "entry"), [pytest.param(*pair, id=pair[0]) for pair in entries()])
def test_every_command_of_the_table_is_there(name: str, entry: cli.Command) -> None:
    """No command is named that cannot be run, and each explains itself."""
    command = cli.load(name, entry)
    assert isinstance(command, click.Command)
    assert command.help


def test_a_missing_extra_is_one_sentence(output: Output, tmp_path: Path) -> None:
    """Without the server's packages the program names the one that is missing and the way to it."""
    (tmp_path / "needs_it.py").write_text("import no_such_package_here\n", encoding="ascii")
    sys.path.insert(0, str(tmp_path))
    try:
        with pytest.raises(IntakeError) as caught:
            cli.load("serve", cli.Command("needs_it:serve", "", "server"))
        with pytest.raises(IntakeError) as plain:
            cli.load("seal", cli.Command("needs_it:seal", ""))
    finally:
        sys.path.remove(str(tmp_path))
    assert caught.value.phrase == (
        "`serve` needs the package no_such_package_here, which is not installed"
    )
    assert caught.value.hint == "pip install 'testimony-intake[server]'"
    assert plain.value.hint == "pip install 'testimony-intake'"
    assert output() == ([], [])


def test_a_mistake_of_ours_is_not_hidden() -> None:
    """A module of this program that is not there is a bug, not a missing package."""
    with pytest.raises(ModuleNotFoundError):
        cli.load("x", cli.Command("intake.no_such_module:x", ""))
    with pytest.raises(TypeError, match="not a command"):
        cli.load("x", cli.Command("intake.cli:TABLE", ""))
