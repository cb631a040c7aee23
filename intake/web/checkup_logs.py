"""Looks at what the machine's own logs keep on a disk: when services failed, and who logged in."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from intake.machine import Finding, Level

# Programs that write what they are told to a disk, by the names that the kernel has for them.
_WRITERS: Final = {
    "rsyslogd": "rsyslog",
    "syslog-ng": "syslog-ng",
    "syslogd": "syslogd",
    "metalog": "metalog",
    "auditd": "auditd",
}
# From the weakest word to the strongest; a file hides those of its name before it.
_PLACES: Final = ("usr/lib/systemd", "usr/local/lib/systemd", "run/systemd", "etc/systemd")
_JOURNAL: Final = "var/log/journal"


def system_logs(proc: Path, root: Path) -> Finding:
    """Whether any of them lies on a disk: the journal, or what a program writes beside it."""
    kept = ["journald"] if _is_kept(root) else []
    kept += sorted(set(_writers(proc)))
    if kept:
        says = f"kept on a disk ({', '.join(kept)}): when services failed, and who logged in"
        advice = "Storage=volatile in /etc/systemd/journald.conf, and no rsyslog"
        return Finding(Level.WARNING, "system logs", says, advice, tuple(kept))
    if any((root / _JOURNAL).rglob("*.journal*")):
        says = f"the journal is not kept any more, and an older one still lies in /{_JOURNAL}"
        return Finding(Level.WARNING, "system logs", says, f"rm -rf /{_JOURNAL}")
    if not _sees_all(proc):
        says = "not checked: this user does not see what else runs here"
        return Finding(Level.UNKNOWN, "system logs", says, "run `intake doctor` as root")
    return Finding(Level.FINE, "system logs", "none is kept on a disk")


def _sees_all(proc: Path) -> bool:
    """Whether the first process is seen: of one that is hidden, as by hidepid, nothing is known."""
    try:
        return bool((proc / "1/comm").read_bytes())
    except OSError:
        return False


def _writers(proc: Path) -> Iterator[str]:
    """Those that run. Their files of process ids are no sign: Debian's rsyslog writes none."""
    for path in proc.glob("[0-9]*/comm"):
        with suppress(OSError):  # it ended just now
            name = _WRITERS.get(path.read_text("utf-8", "replace").strip())
            if name is not None:
                yield name


def _is_kept(root: Path) -> bool:
    """What journald.conf(5) makes of its files; the last word counts."""
    storage = "auto"
    for path in _settings(root):
        with suppress(OSError):
            for row in path.read_text("utf-8", "replace").splitlines():
                name, _, value = row.partition("=")
                if name.strip() == "Storage" and value.strip():
                    storage = value.strip()
    there = (root / _JOURNAL).is_dir()
    return storage == "persistent" or (storage == "auto" and there)


def _settings(root: Path) -> Iterator[Path]:
    """The strongest main file, then every drop-in by its name, each from its strongest place."""
    mains = [root / place / "journald.conf" for place in _PLACES]
    yield from [path for path in mains if path.exists()][-1:]
    found = {
        path.name: path
        for place in _PLACES
        for path in (root / place / "journald.conf.d").glob("*.conf")
    }
    yield from (found[name] for name in sorted(found))
