"""Asks systemd what holds for the units of a site, and the kernel whether it does so for the server.

What stands in a unit's file is not it: a drop-in widens it, a file is changed and not read again, and
a kernel may keep no account of swap.
"""

import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intake.machine import Finding, Level, said
from intake.web.checkup_in_force import in_force, unit_of
from intake.web.checkup_machine import Machine
from intake.web.checkup_server import serving

_FORM: Final = "intake.service"
_CLOSE, _NOTICE = "intake-epoch.timer", "intake-notify.timer"
# By the machine's own loop, to tor.
_TO_TOR: Final = ("intake-cosign.service", "intake-notify.service")
_NIGHTLY: Final = (
    *("intake-epoch.service", "intake-backup.service", "intake-metrics.service"),
    *_TO_TOR,
)

# What keeps words, and the log's key, from a disk; `systemctl show` words all this so.
_KEPT_IN: Final[Mapping[str, str]] = {"MemorySwapMax": "0", "LimitCORE": "0"}
_SHUT: Final[Mapping[str, str]] = {
    "StandardOutput": "null",
    "StandardError": "journal",
    "ProtectSystem": "strict",
    "ProtectProc": "invisible",
    "ProcSubset": "pid",
    "KeyringMode": "private",
    "DevicePolicy": "closed",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    **dict.fromkeys(
        (
            *("ProtectHome", "NoNewPrivileges", "PrivateUsers", "PrivateDevices", "PrivateMounts"),
            *("ProtectClock", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules"),
            *("ProtectKernelTunables", "ProtectControlGroups", "RestrictNamespaces", "RemoveIPC"),
            *("RestrictRealtime", "RestrictSUIDSGID", "LockPersonality", "MemoryDenyWriteExecute"),
        ),
        "yes",
    ),
}
_NO_NETWORK: Final[Mapping[str, str]] = {
    "PrivateNetwork": "yes",
    "RestrictAddressFamilies": "AF_UNIX",
    "IPAddressAllow": "",
}
_LOOP: Final[Mapping[str, str]] = {
    "RestrictAddressFamilies": "AF_INET",
    "IPAddressAllow": "127.0.0.1/32",
}
_ANYWHERE: Final = {"0.0.0.0/0", "::/0"}
_NEVER: Final = frozenset({"ptrace", "mount", "bpf", "init_module", "kexec_load", "chroot"})
_LOOSE: Final = ("User", "PrivateTmp", "TemporaryFileSystem", "IPAddressDeny", "SystemCallFilter")
SETTINGS: Final = (*_KEPT_IN, *_SHUT, *_NO_NETWORK, *_LOOSE)
ASKED: Final = (
    *("Id", "LoadState", "ActiveState", "Result", "NeedDaemonReload", "ExecStart", "TriggeredBy"),
    *("Listen", "SocketMode", "UnitFileState", *SETTINGS),
)
_MOST: Final = 4  # settings that are named in a line


@dataclass(frozen=True)
class Whose:
    """Whose units these are: a site's folder, whether its store is a database, and it gives notices."""

    folder: Path
    in_database: bool = False
    notices: bool = False


def examine_units(whose: Whose, machine: Machine) -> Iterator[Finding]:
    """Everything there is to find.

    1. systemd runs this machine, and answers. 2. The server is run by a unit that is as deploy/ has
    it; 3. the kernel does as the unit asks; 4. its socket leads to no network. 5. The units of the
    night that are there are as deploy/ has them, 6. and are started.
    """
    # (1)
    if not (machine.root / "run/systemd/system").is_dir():
        yield _unknown("units", "systemd does not run this machine", "see deploy/README.md")
        return
    processes = tuple(serving(whose.folder, machine.proc))
    names = {unit_of(process) for process in processes} or {_FORM}
    forms = tuple(sorted(name for name in names if name))
    shown = _shown(machine, *forms, *_NIGHTLY, _CLOSE, _NOTICE)
    if not shown:
        yield _unknown("units", "systemctl does not answer", "run `intake doctor` as root")
        return
    # (2)
    if None in names:
        says = "the server was started by hand: nothing shuts it in"
        yield Finding(Level.WARNING, "units", says, "use deploy/intake.service")
    for name in forms:
        yield from _form(shown[name], processes, whose, machine)
    # (5)
    for name in _NIGHTLY:
        if shown[name].get("LoadState") == "loaded":
            yield _service(shown[name], whose)
    # (6)
    yield from _timers(shown, whose)


def _shown(machine: Machine, *names: str) -> dict[str, dict[str, str]]:
    """What systemd says of each unit; a setting that it does not know is not there."""
    words = ("show", "--all", "--no-pager", f"--property={','.join(ASKED)}", *names)
    units = {
        rows["Id"]: rows
        for block in said(machine.systemctl, *words).split("\n\n")
        if "Id" in (rows := _rows(block))
    }
    return units if set(names) <= set(units) else {}


def _rows(block: str) -> dict[str, str]:
    """What is said of one unit, by its names: of several places or programs each has a line."""
    rows: dict[str, str] = {}
    for line in block.splitlines():
        name, is_one, value = line.partition("=")
        if is_one:
            rows[name] = f"{rows[name]} {value}" if name in rows else value
    return rows


def _form(
    shown: Mapping[str, str], processes: tuple[Path, ...], whose: Whose, machine: Machine
) -> Iterator[Finding]:
    topic = f"unit {shown['Id']}"
    if shown.get("LoadState") != "loaded":
        yield _unknown(topic, "systemd knows no such unit", "see deploy/README.md")
        return
    yield _service(shown, whose, form=True)
    # (3)
    if processes:
        yield _held(shown, whose, in_force(processes, machine.sys))
    # (4)
    for name in shown.get("TriggeredBy", "").split():
        yield _socket(_shown(machine, name).get(name, {}), name)


def _service(shown: Mapping[str, str], whose: Whose, *, form: bool = False) -> Finding:
    topic = f"unit {shown['Id']}"
    if not _is_for(shown, whose):
        says = f"it is not for {whose.folder}"
        return _unknown(topic, says, "name the site's folder in ExecStart as it is named here")
    if shown.get("NeedDaemonReload") == "yes":
        says = "its file was changed, and systemd goes by the old one"
        return Finding(Level.WARNING, topic, says, "systemctl daemon-reload, and restart it")
    other, unseen = _deviations(shown, whose)
    if other:
        leaks = form and any(row.partition("=")[0] in _KEPT_IN for row in other)
        named = ", ".join(other[:_MOST]) + (" and more: --json" if len(other) > _MOST else "")
        advice = f"take deploy/{shown['Id']}, see `systemctl cat` for what widens it, and restart"
        level = Level.WRONG if leaks else Level.WARNING
        return Finding(level, topic, f"not as deploy/ has it: {named}", advice, tuple(other))
    if unseen:
        says = f"this systemd does not say {', '.join(unseen)}"
        return _unknown(topic, says, "look whether it is older than Debian 12's", tuple(unseen))
    if shown.get("Result") not in ("success", None):
        says = f"is as it must be, and ended with {shown['Result']}"
        advice = f"journalctl -u {shown['Id']}"
        return Finding(Level.WARNING, topic, says, advice)
    return Finding(Level.FINE, topic, "as deploy/ has it, by what systemd says")


def _is_for(shown: Mapping[str, str], whose: Whose) -> bool:
    words = [Path(word) for word in shown.get("ExecStart", "").split() if word.startswith("/")]
    return any(word.resolve() == whose.folder.resolve() for word in words)


def _deviations(shown: Mapping[str, str], whose: Whose) -> tuple[list[str], list[str]]:
    """The settings that are otherwise, with what they are, and those that systemd does not say."""
    wanted = {**_KEPT_IN, **_SHUT}
    # A database may be on another machine; which way is then open, only the operator knows.
    if not whose.in_database:
        wanted |= _LOOP if shown["Id"] in _TO_TOR else _NO_NETWORK
    other = [
        f"{name}={_short(shown[name])}"
        for name, value in wanted.items()
        if name in shown and shown[name] != value
    ]
    unseen = [name for name in wanted if name not in shown]
    other += [f"{name}={_short(shown.get(name, ''))}" for name in _loose(shown, whose)]
    return other, unseen


def _loose(shown: Mapping[str, str], whose: Whose) -> Iterator[str]:
    """Settings that have more than one good value."""
    if shown.get("User", "") not in _names_of(whose.folder):
        yield "User"
    calls = set(shown.get("SystemCallFilter", "").split())
    # An empty list allows all, and one with a tilde allows what it does not name.
    if not calls or calls & _NEVER or any(call.startswith("~") for call in calls):
        yield "SystemCallFilter"
    if not whose.in_database and set(shown.get("IPAddressDeny", "").split()) != _ANYWHERE:
        yield "IPAddressDeny"
    if shown["Id"] in _TO_TOR:
        return
    places = {one.partition(":")[0] for one in shown.get("TemporaryFileSystem", "").split()}
    if not {"/tmp", "/var/tmp"} <= places:  # noqa: S108 - only looked at
        yield "TemporaryFileSystem"
    # A folder on the disk, and systemd lets it win over the one in memory.
    if shown.get("PrivateTmp") != "no":
        yield "PrivateTmp"


def _names_of(folder: Path) -> tuple[str, ...]:
    """How the owner of a site's folder may be named; root is no user to serve people as."""
    owner = folder.stat().st_uid
    try:
        return (pwd.getpwuid(owner).pw_name, str(owner)) if owner else ()
    except KeyError:
        return (str(owner),)


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"


def _held(shown: Mapping[str, str], whose: Whose, held: Mapping[str, bool | None]) -> Finding:
    """Whether the kernel does what systemd was asked for; what was not asked for is said elsewhere."""
    topic = "units in force"
    other, unknown = _deviations(shown, whose)
    strayed = {row.partition("=")[0] for row in other} | set(unknown)
    asked = [name for name in held if name not in strayed and shown.get(name, "") not in ("", "no")]
    if not asked:
        return _unknown(topic, "this unit asks for nothing of that", f"see {shown['Id']}")
    broken = tuple(name for name in asked if held[name] is False)
    if broken:
        says = f"asked for, and not so for the processes that run: {', '.join(broken)}"
        level = Level.WRONG if set(broken) & set(_KEPT_IN) else Level.WARNING
        return Finding(level, topic, says, f"systemctl restart {shown['Id']}", broken)
    unseen = tuple(name for name in asked if held[name] is None)
    if "MemorySwapMax" in unseen and len(unseen) == 1:
        says = "the kernel keeps no account of this unit's swap (MemorySwapMax)"
        return _unknown(topic, says, "keep swap off; cgroups of version 2 keep it", unseen)
    if unseen:
        says = f"this user may not see {', '.join(unseen)}"
        return _unknown(topic, says, "run `intake doctor` as root", unseen)
    return Finding(Level.FINE, topic, f"the kernel does so: {', '.join(asked)}")


def _socket(shown: Mapping[str, str], name: str) -> Finding:
    topic = f"unit {name}"
    listens = shown.get("Listen", "")
    if not listens:
        return _unknown(topic, "systemd does not say where it listens", "see deploy/README.md")
    if not all(row.startswith("/") for row in listens.split(") ") if row):
        says = f"listens at {listens}, which any program of this machine reaches"
        return Finding(Level.WARNING, topic, says, "take deploy/intake.socket: tor's group alone")
    mode = shown.get("SocketMode", "0666")
    if int(mode, 8) & 0o007:
        says = f"its socket has the mode {mode}: any user of this machine reaches the form"
        return Finding(Level.WARNING, topic, says, "take deploy/intake.socket: SocketMode=0660")
    return Finding(Level.FINE, topic, f"listens at {listens.partition(' ')[0]} alone")


def _timers(shown: Mapping[str, Mapping[str, str]], whose: Whose) -> Iterator[Finding]:
    for name, needed in ((_CLOSE, True), (_NOTICE, whose.notices)):
        if needed:
            yield _timer(shown[name], shown[name.replace(".timer", ".service")], whose)


def _timer(shown: Mapping[str, str], started: Mapping[str, str], whose: Whose) -> Finding:
    topic, advice = f"unit {shown['Id']}", f"systemctl enable --now {shown['Id']}"
    if started.get("LoadState") == "loaded" and not _is_for(started, whose):
        return _unknown(topic, f"it is not for {whose.folder}", f"see {started['Id']}")
    if shown.get("ActiveState") != "active":
        says = "does not run: nothing is started by itself"
        return Finding(Level.WARNING, topic, says, advice)
    if shown.get("UnitFileState") != "enabled":
        says = "runs, and will not when this machine was started anew"
        return Finding(Level.WARNING, topic, says, advice)
    return Finding(Level.FINE, topic, "runs")


def _unknown(topic: str, says: str, advice: str, names: tuple[str, ...] = ()) -> Finding:
    return Finding(Level.UNKNOWN, topic, f"not checked: {says}", advice, names)
