"""Every command by its words: where it is, and what it does in one line. Importing this imports none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


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
_TELLING = "intake.web.telling_cli"
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
            "new-operator": Command(f"{_KEYS}:new_operator", "Make an operator's keys."),
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
    "backup": Command("intake.web.backup_cli:backup", "Write the next backup.", "server"),
    "restore": Command("intake.web.restore_cli:restore", "Put a site back.", "server"),
    "drill": Command("intake.web.restore_cli:drill", "Try out to put a site back.", "server"),
    "resume": Command("intake.web.backup_cli:resume", "Take a hand-over back.", "server"),
    "retire": Command("intake.web.retire_cli:retire", "End a site, and say so.", "server"),
    "metrics": Command(f"{_TELLING}:metrics", "Write a site's figures for a monitor.", "server"),
    "notify": Command(f"{_TELLING}:notify", "Tell the courier whether to come.", "server"),
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
            "find": Command(
                "intake.review.find_cli:find_spans", "Propose what to take out.", "review"
            ),
            "redact": Command(f"{_REVIEW}:redact", "Write a redacted version.", "review"),
            "build": Command(f"{_REVIEW}:build_plan", "Build and sign a report.", "review"),
            "outputs": Command(f"{_REVIEW}:outputs", "List what was signed.", "review"),
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
            "risk": Command(f"{_REVIEW}:risk", "By what an item could be singled out.", "review"),
            "retain": Command(
                "intake.review.sync_cli:retain", "Say how long one is kept, or erase it.", "review"
            ),
            "confirm": Command(
                "intake.review.confirm_cli:confirm_items", "Sign what a case holds.", "review"
            ),
        },
    ),
}
