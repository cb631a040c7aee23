"""Which log a case believes: its newest roster says it, or once a file; never the site or a bundle."""

from pathlib import Path
from typing import Final

from intake.completeness import policy_of
from intake.errors import RosterError
from intake.review.folder import write
from intake.shelf import Shelf
from intake.tlog.policy import Policy

_POLICY: Final = "log.policy"


def policy_for(shelf: Shelf, folder: Path, given: Policy | None) -> Policy:
    """The policy by which a case believes a log: its newest roster's, else the file's it was given.

    Raises `RosterError` where there is neither, or two that differ.
    """
    named = policy_of(shelf.newest.roster)
    kept = _kept_policy(folder)
    if named is not None:
        if given is not None and kept is None:
            raise RosterError("the roster names its log", "leave --policy out")
        return named
    if None not in (given, kept) and given != kept:
        raise RosterError("the case was made with another policy", f"it is in {folder / _POLICY}")
    policy = given or kept
    if policy is None:
        raise RosterError(
            "neither the roster nor the case says which log to believe",
            "give the site's keys/log.policy, got from its operator: --policy FILE",
            key="no_policy",
        )
    return policy


def keep_policy(folder: Path, given: Policy | None) -> None:
    """Keep a policy that was given, for later imports."""
    if given is not None and _kept_policy(folder) is None:
        write(folder / _POLICY, given.to_bytes())


def _kept_policy(folder: Path) -> Policy | None:
    try:
        return Policy.parse((folder / _POLICY).read_bytes())
    except FileNotFoundError:
        return None
