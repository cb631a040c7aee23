"""Looks at who can read and write a site's folder, and whether the keys in it are whole."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from intake.errors import IntakeError
from intake.machine import Finding, Level
from intake.web.site import KEY_SIZE, Site

_OTHERS = 0o077  # of a file's mode: everybody but its owner
_WRITABLE = 0o022  # by everybody but its owner
_SECRET = ("antiforgery.key", "log.key", "store.sqlite", "store.sqlite-wal")


def folder(place: Path) -> Finding:
    """Whether only its owner reads and changes a site's folder and its keys, and can move them."""
    places = [place, *(place / name for name in _SECRET if (place / name).exists())]
    open_to_others = tuple(one.name for one in places if one.stat().st_mode & _OTHERS)
    if open_to_others:
        says = f"others on this machine can reach: {', '.join(open_to_others)}"
        advice = "chmod -R go= the site's folder"
        return Finding(Level.WRONG, "folder", says, advice, open_to_others)
    owner = place.stat().st_uid
    places.append(place / "keys")  # nothing there is secret, and the log and the forms go by it
    of_others = tuple(one.name for one in places if one.exists() and one.stat().st_uid != owner)
    if of_others:
        says = f"not of the folder's owner: {', '.join(of_others)}"
        return Finding(Level.WRONG, "folder", says, "chown -R the site's folder", of_others)
    # Where it really is, and each file of it: the store's may lie on another disk.
    above = sorted({parent for one in places if one.exists() for parent in one.resolve().parents})
    loose = tuple(str(one) for one in above if _is_loose(one, owner))
    if loose:
        says = f"others could put another folder in its place: {', '.join(loose)}"
        return Finding(
            Level.WRONG, "folder", says, "chmod go-w these, and give them to root", loose
        )
    return Finding(Level.FINE, "folder", "only its owner can read it")


def files(place: Path) -> Finding:
    """Whether everything in a site's folder is its owner's, as far as this user can look.

    What is another's, as root leaves it, the server cannot read and the night cannot write.
    """
    owner = place.stat().st_uid
    others = tuple(
        str(path.relative_to(place)) for path in _all_in(place) if _owner(path) not in (None, owner)
    )
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        says = f"not of the folder's owner: {', '.join(others[:3])}{more}"
        return Finding(Level.WRONG, "files", says, "chown -R the site's folder", others)
    return Finding(Level.FINE, "files", "are all of the folder's owner")


def _all_in(place: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(place):  # follows no link; passes over what is closed
        yield from (Path(parent) / name for name in (*sorted(folders), *sorted(names)))


def _owner(path: Path) -> int | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None  # put in its place, or removed, just now
    # Whose a link is makes no difference; where the store's leads to, `folder` looks at.
    return None if stat.S_ISLNK(found.st_mode) else found.st_uid


def _is_loose(parent: Path, owner: int) -> bool:
    """Whether anybody but root and the owner can rename what is in a folder."""
    found = parent.stat()
    # In a folder with the sticky bit, as /tmp, only a file's own owner renames it.
    writable = found.st_mode & _WRITABLE and not found.st_mode & stat.S_ISVTX
    return bool(writable) or found.st_uid not in (0, owner)


def key(site: Site) -> Finding:
    """Whether the key of the forms is whole."""
    try:
        site.antiforgery_key  # noqa: B018  # reading it is the question
    except (IntakeError, OSError):
        says = "antiforgery.key is missing or damaged: the server does not start"
        return Finding(Level.WRONG, "key", says, "put 32 random bytes there; nobody loses a text")
    return Finding(Level.FINE, "key", "is whole")


def log_key(site: Site) -> Finding:
    """Whether the key of the log is whole, or none was ever made."""
    # Not by reading it through the site, which would make a missing one.
    path = site.folder / "log.key"
    if path.exists() and path.stat().st_size == KEY_SIZE:
        return Finding(Level.FINE, "log key", "is whole")
    if not path.exists() and site.log_folder.staged() is None:
        return Finding(Level.FINE, "log key", "is made with the first entry of the log")
    says = "log.key is missing or damaged: nothing can be promised, and no week logged"
    advice = "restore it from a backup: the log cannot go on under another key"
    return Finding(Level.WRONG, "log key", says, advice)
