"""Judges every claim of an auditor's report from what was seen of a log and what was saved.

It fetches nothing and reads no file.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from intake.audit.report import Draft, Report
from intake.audit.report_evidence import check_age
from intake.audit.report_log import completeness, integrity
from intake.audit.report_work import access, consent, retention, sign_off
from intake.errors import IntakeError
from intake.log_reading import Fault
from intake.roster import open_roster
from intake.roster_text import GRACE_DAYS
from intake.tlog.entries import CodeReleased, ConfigChanged, RosterChanged

if TYPE_CHECKING:
    from intake.audit.report_evidence import Evidence

# The sentinel never looks there, or only while no server runs, when it can plant nothing.
_BEYOND: Final = ("the server's memory", "freed blocks of the disk", "the store's file times")


def judge(evidence: Evidence) -> Report:
    """Judge every claim."""
    checkpoint = evidence.checkpoint
    drafts = {
        "R1": completeness(evidence),
        "R3": integrity(evidence),
        "R4": access(evidence),
        "R5": sign_off(evidence),
        "R6": consent(evidence),
        "R7": _keys(evidence),
        "R8": _software(evidence),
        "R9": _privacy(evidence),
        "R10": retention(evidence),
    }
    return Report(
        origin="" if checkpoint is None else checkpoint.origin,
        epoch=evidence.today,
        claims=tuple(draft.claim(name) for name, draft in drafts.items()),
        history=evidence.history,
    )


def _keys(evidence: Evidence) -> Draft:
    """R7: the roster in use is signed by the root holders, logged, and not over.

    1. the log's newest roster is known, and the site gives no other
    2. the roster given is signed by enough of the root holders known beforehand
    3. it is the log's newest, of this deployment, and in use today
    4. the log key that it names is one of the policy
    """
    draft, passed = Draft(), evidence.passed
    # (1)
    draft.fail(*evidence.found(Fault.ROSTER))
    if passed is None:
        draft.miss(evidence.unread)
        return draft
    logged = passed.roster
    if logged is None:
        draft.fail("no roster was ever logged")
    else:
        times = evidence.announced(RosterChanged)
        draft.number(f"rosters logged {times}, the newest version {logged.version}")
    if evidence.roster is None or evidence.roots is None:
        draft.miss("no signed roster was looked at: give --roots, and --url or --roster")
        return draft
    # (2), (3)
    today = evidence.now.date()
    deployment = evidence.deployment
    try:
        roster = open_roster(
            evidence.roster, trusted=evidence.roots, today=today, deployment=deployment
        ).roster
    except IntakeError as error:
        draft.fail(f"the roster given: {error.phrase}")
        return draft
    if logged is not None and (roster.version, roster.digest) != (logged.version, logged.digest):
        draft.fail(f"the roster given is version {roster.version}, and not the log's newest")
    days = (roster.expires - today).days
    draft.number(
        f"version {roster.version}: {len(roster.reviewers)} reviewers, {len(roster.revoked)} keys "
        f"revoked; in use from {roster.issued} to {roster.expires}, {days} days left"
    )
    if days <= GRACE_DAYS:
        draft.note(f"the roster ends in {days} days: the root holders must sign the next one")
    draft.note(
        *(f"{one.name}'s key was revoked on {one.on}: {one.reason}" for one in roster.revoked)
    )
    # (4)
    known = {log.vkey for log in evidence.policy.logs}
    if roster.log is None:
        draft.note("the roster names no log")
    elif roster.log not in known:
        draft.fail("the roster names a log key that the policy does not have")
    return draft


def _software(evidence: Evidence) -> Draft:
    """R8: code and configuration are logged, and the site serves the code logged last.

    1. the log's newest code and configuration are known, and the site gives no other manifest
    2. the site was compared, lately, with a manifest got another way, and nothing differed
    3. that manifest is the log's newest
    """
    draft, passed, site = Draft(), evidence.passed, evidence.site
    # (1)
    draft.fail(*evidence.found(Fault.CODE))
    if passed is None:
        draft.miss(evidence.unread)
    else:
        for name, kind, last in (
            ("code", CodeReleased, passed.code),
            ("config", ConfigChanged, passed.config),
        ):
            if last is None:
                draft.fail(f"no {name} was ever logged")
            else:
                draft.number(f"{name}, {evidence.announced(kind)}: {last.digest}")
    # (2)
    if site is None:
        draft.miss("the site was not compared: give --site, from `intake audit site --json`")
        return draft
    draft.number(f"site in {site.epoch}: {site.files} files and pages, {len(site.findings)} differ")
    draft.fail(*site.findings)
    check_age(draft, "the site's comparison", site.epoch, evidence.today)
    if site.own:
        draft.miss("the site was compared with its own manifest: get one another way")
    # (3)
    if passed is not None and passed.code is not None and passed.code.digest != site.manifest:
        draft.fail("the manifest that the site was compared with is not the log's newest code")
    return draft


def _privacy(evidence: Evidence) -> Draft:
    """R9: the log says nothing but its closed forms, and the server keeps no trace of people.

    1. every entry has one of the seven forms
    2. the sentinel looked, lately, everywhere where it can, and found nothing
    """
    draft, sentinel, checkpoint = Draft(), evidence.sentinel, evidence.checkpoint
    # (1)
    draft.fail(*evidence.found(Fault.ENTRY))
    if evidence.passed is None:
        draft.miss(evidence.unread)
    elif checkpoint is not None:
        draft.number(f"log: {checkpoint.size} entries, all of the seven closed forms")
    # (2)
    if sentinel is None:
        draft.miss("the server was not searched: give --sentinel, from `intake doctor --sentinel`")
        return draft
    counts = Counter(state for _, state, _ in sentinel.places)
    for place, state, kinds in sentinel.places:
        if state == "found":
            draft.fail(f"{place}: {', '.join(kinds)}")
        elif state == "not checked":
            (draft.note if place in _BEYOND else draft.miss)(f"{place}: not looked at")
    said = f"{counts['found']} with traces, {counts['not checked']} not looked at"
    draft.number(f"sentinel of {sentinel.epoch}: {counts['checked']} places without traces, {said}")
    if not counts["checked"]:
        draft.miss("the sentinel looked nowhere")
    check_age(draft, "the sentinel's result", sentinel.epoch, evidence.today)
    return draft
