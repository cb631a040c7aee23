"""The `intake` command: a table of its commands, each imported when it is used.

The rules of its output:
  - what was asked for goes to standard output, everything else to standard error
  - an error is one line, `intake: error: <phrase>`, with a hint on a second line where there is one
  - exit 0: done; 1: refused or failed; 2: wrong arguments; 130: interrupted
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Final

import click

from intake.commands import TABLE, Command, Family
from intake.errors import IntakeError
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DISTRIBUTION: Final = "testimony-intake"

MANUAL: Final = """Takes testimony safely: sealed to reviewers, kept unreadable, opened offline.

Root holders make their keys (`keys new-root`), reviewers theirs (`keys new-reviewer`). A roster
names the reviewers; two of three root holders sign it (`roster draft`, `sign`, `check`).

An operator makes a site (`init`), gives it the roster (`roster publish`), asks what is wrong with
it (`doctor`), serves its form (`serve`), closes each week in its log (`epoch`, `cosign`), fetches
what came (`collect`), deletes what two reviewers confirm to have (`release`) and puts up their
replies (`deliver`). The site holds no key that opens anything. It is backed up while it runs
(`backup`), put back or moved (`restore`, `drill`, `resume`), and ended (`retire`).

Reviewers take that to a machine without network (`review import`), which checks the whole log
first; they read it, redact it and export what its author agreed to. Authors who need no browser
seal on their own (`seal`).

Anyone can see whether a site gives everybody the same script and pages (`manifest`, `audit site`)
and whether its log only grows (`audit follow`); auditors, whether anything was dropped (`audit
bundle`, `audit canary`) and what reviewers did (`audit ledger`), on one page (`audit report`).
Partners vouch for the log (`witness`).

Every command has its own --help. Passphrases are asked for on the terminal."""


class LazyGroup(click.Group):
    """A group that knows its commands' names and summaries, and imports none before its use."""

    def __init__(self, name: str, table: Mapping[str, Command | Family], help_text: str) -> None:
        super().__init__(name, help=help_text)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the table."""
        del ctx
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; raises `MissingExtraError` where its packages are not installed."""
        del ctx
        entry = self._table.get(cmd_name)
        if isinstance(entry, Family):
            return LazyGroup(cmd_name, entry.commands, entry.summary)
        return None if entry is None else load(cmd_name, entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries of the table instead of importing every command for its own."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self._table.items()])


class MissingExtraError(IntakeError):
    """A command needs packages that are not installed."""


def load(name: str, entry: Command) -> click.Command:
    """Import the command of `entry`."""
    module, _, attribute = entry.target.partition(":")
    try:
        command = getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.partition(".")[0] == "intake":
            raise  # ours: a mistake in this program, not in its installation
        wanted = f"{DISTRIBUTION}[{entry.extra}]" if entry.extra else DISTRIBUTION
        raise MissingExtraError(
            f"`{name}` needs the package {missing}, which is not installed",
            f"pip install '{wanted}'",
        ) from None
    if not isinstance(command, click.Command):
        raise TypeError(f"{entry.target} is not a command")
    command.name = name
    return command


def program() -> click.Group:
    """Return the whole command."""
    group = LazyGroup("intake", TABLE, MANUAL)
    shows = click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help="Show the version and exit.",
    )
    return shows(group)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; prints every error it foresees."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if callable(reconfigure):
        # A terminal that lacks a letter gets its number: half a testimony would be worse.
        reconfigure(errors="backslashreplace")
    try:
        code = program().main(list(arguments), prog_name="intake", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output left. Nothing can be written to it, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except (click.ClickException, IntakeError, OSError) as error:
        return _complain(error)
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run(sys.argv[1:]))


def _complain(error: click.ClickException | IntakeError | OSError) -> int:
    code, hint = 1, ""
    match error:
        case IntakeError():
            phrase, hint = error.phrase, error.hint
        case click.UsageError():
            where = error.ctx.command_path if error.ctx else "intake"
            phrase, hint, code = _lower(error.format_message()), f"see `{where} --help`", 2
        case click.ClickException():
            phrase = _lower(error.format_message())
        case OSError():
            phrase = _os_phrase(error)
    # Both may name what strangers chose: a file, an argument, a line of a roster.
    click.echo(f"intake: error: {line(phrase)}", err=True)
    if hint:
        click.echo(f"intake: hint: {line(hint)}", err=True)
    return code


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:].removesuffix(".")


def _os_phrase(error: OSError) -> str:
    if error.errno is None:
        return "the system refused to read or write"
    reason = _lower(os.strerror(error.errno))
    return f"{error.filename}: {reason}" if error.filename is not None else reason


def _show_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click calls it
    if asked and not ctx.resilient_parsing:
        click.echo(f"intake, version {_version()}")
        ctx.exit()


def _version() -> str:
    # Imported here: it is a third of what a command takes to start.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed, run from its source"
