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
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import click

from intake.errors import IntakeError
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DISTRIBUTION: Final = "testimony-intake"


@dataclass(frozen=True)
class Command:
    """One command: where it is ("module:attribute"), what it does, and the extra it needs."""

    target: str
    summary: str
    extra: str = ""


@dataclass(frozen=True)
class Family:
    """Commands under one word."""

    summary: str
    commands: Mapping[str, Command | Family]


_KEYS = "intake.review.keys_cli"
_ROSTER = "intake.review.roster_cli"
_WEB = "intake.web.cli"
_LOG = "intake.web.log_cli"
_REVIEW = "intake.review.cli"
_STEPS = "intake.review.steps_cli"
_AUDIT = "intake.audit.cli"
_AUDIT_LOG = "intake.audit.log_cli"
_CANARY = "intake.audit.canary_cli"
_WITNESS = "intake.witness.cli"

TABLE: Final[Mapping[str, Command | Family]] = {
    "keys": Family(
        "Keys of reviewers and root holders, offline.",
        {
            "new-reviewer": Command(f"{_KEYS}:new_reviewer", "Make a reviewer's keys."),
            "new-root": Command(f"{_KEYS}:new_root", "Make a root holder's keys."),
            "export-age": Command(f"{_KEYS}:export_age", "Write an identity for stock age."),
            "fingerprint": Command(f"{_KEYS}:fingerprint", "Print the 30 digits of root keys."),
        },
    ),
    "roster": Family(
        "The signed list of reviewers' public keys.",
        {
            "draft": Command(f"{_ROSTER}:draft", "Write a roster's text from public lines."),
            "sign": Command(f"{_ROSTER}:sign", "Add a root holder's two signatures."),
            "check": Command(f"{_ROSTER}:check", "Check a roster by every rule."),
            "show": Command(f"{_ROSTER}:show", "Print what a roster says."),
            "publish": Command(f"{_WEB}:publish_roster", "Put a roster into use.", "server"),
        },
    ),
    "init": Command(f"{_WEB}:init", "Make a site.", "server"),
    "doctor": Command("intake.web.doctor:doctor", "Say what is wrong with a site.", "server"),
    "serve": Command(f"{_WEB}:serve", "Serve a site.", "server"),
    "manifest": Command(
        "intake.web.manifest_cli:write_manifest", "List what a site gives browsers.", "server"
    ),
    "epoch": Command(f"{_LOG}:close_epoch", "Close a site's week in its log.", "server"),
    "cosign": Command(f"{_LOG}:cosign_log", "Have a site's log cosigned, and show it.", "server"),
    "collect": Command(f"{_WEB}:collect", "Write what a site keeps for the reviewers.", "server"),
    "release": Command(
        "intake.web.release_cli:release", "Delete what two reviewers confirm to have.", "server"
    ),
    "deliver": Command(
        "intake.web.deliver_cli:deliver", "Put reviewers' replies on a site's board.", "server"
    ),
    "seal": Command("intake.sealing_cli:seal_command", "Seal a text without a browser."),
    "audit": Family(
        "Check a site from outside.",
        {
            "site": Command(f"{_AUDIT}:check", "Compare a site with its manifest.", "audit"),
            "follow": Command(f"{_AUDIT_LOG}:follow", "Check that its log only grows.", "audit"),
            "receipt": Command(f"{_AUDIT_LOG}:receipt", "Check a receipt or a promise.", "audit"),
            "publication": Command(
                "intake.audit.publication_cli:publication", "Check a redacted text.", "audit"
            ),
            "bundle": Command("intake.audit.bundle_cli:bundle", "Check that none was dropped."),
            "ledger": Command("intake.audit.ledger_cli:ledger", "Check the reviewers' ledgers."),
            "report": Command(
                "intake.audit.report_cli:report", "Say what is known on one page.", "audit"
            ),
            "canary": Family(
                "Send test testimonies, and see whether they arrive.",
                {
                    "make": Command(f"{_CANARY}:make", "Send a text as people do.", "audit"),
                    "reveal": Command(f"{_CANARY}:reveal", "Tell reviewers which they were."),
                    "check": Command(
                        "intake.audit.canary_check_cli:check", "Say how many were lost.", "audit"
                    ),
                },
            ),
        },
    ),
    "witness": Family(
        "Watch logs of others, and cosign those that only grow.",
        {
            "new": Command(f"{_WITNESS}:new", "Make a witness."),
            "add-log": Command(f"{_WITNESS}:add_log", "Let it cosign a log."),
            "serve": Command(f"{_WITNESS}:serve", "Answer logs that ask."),
        },
    ),
    "review": Family(
        "Read, redact and export, on an offline machine.",
        {
            "import": Command(f"{_REVIEW}:import_bundle", "Take in a collected bundle.", "review"),
            "list": Command(f"{_REVIEW}:list_items", "List what a case folder holds.", "review"),
            "show": Command(f"{_REVIEW}:show", "Show one testimony.", "review"),
            "triage": Command(f"{_STEPS}:triage", "Say how urgent one is.", "review"),
            "read": Command(f"{_STEPS}:read", "Say that you have read one.", "review"),
            "note": Command(f"{_STEPS}:note", "Write down what a step asks.", "review"),
            "desk": Command("intake.review.desk.cli:desk", "Read a case in a window.", "review"),
            "doctor": Command(
                "intake.review.doctor_cli:doctor", "Say what is wrong with this machine."
            ),
            "redact": Command(f"{_REVIEW}:redact", "Write a redacted version.", "review"),
            "build": Command(f"{_REVIEW}:build_plan", "Build and sign a report.", "review"),
            "outputs": Command(f"{_REVIEW}:outputs", "List what was signed.", "review"),
            "risk": Command(f"{_REVIEW}:risk", "By what an item could be singled out.", "review"),
            "signoff": Command(f"{_REVIEW}:signoff", "Sign the bytes of an export.", "review"),
            "export": Command(f"{_REVIEW}:export", "Write a redacted version out.", "review"),
            "reply": Command(
                "intake.review.reply_cli:reply_to_item", "Answer the holder of a code.", "review"
            ),
            "consent": Command(
                "intake.review.government_cli:government",
                "Record that a government may be told.",
                "review",
            ),
            "canaries": Command(
                "intake.review.canary_cli:find_canaries", "Find the auditor's tests.", "review"
            ),
            "sync": Command(
                "intake.review.sync_cli:sync_stick", "Merge with the other machine.", "review"
            ),
            "panel": Command(f"{_STEPS}:panel", "Show or settle the panel's steps.", "review"),
            "custody": Command(f"{_STEPS}:custody_act", "Record the way of a stick.", "review"),
            "retain": Command(
                "intake.review.sync_cli:retain", "Say how long one is kept, or erase it.", "review"
            ),
            "confirm": Command(
                "intake.review.confirm_cli:confirm_items", "Sign what a case holds.", "review"
            ),
        },
    ),
}

MANUAL: Final = """Takes testimony safely: sealed to reviewers, kept unreadable, opened offline.

Root holders make their keys (`keys new-root`), reviewers theirs (`keys new-reviewer`). A roster
names the reviewers; two of three root holders sign it (`roster draft`, `sign`, `check`).

An operator makes a site (`init`), gives it the roster (`roster publish`), asks what is wrong with
it (`doctor`), serves its form (`serve`), closes each week in its log (`epoch`, `cosign`), fetches
what came (`collect`), deletes what two reviewers confirm to have (`release`) and puts up their
replies (`deliver`). The site holds no key that opens anything.

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
    return click.version_option(_version(), prog_name="intake")(group)


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


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed, run from its source"
