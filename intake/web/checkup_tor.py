"""Looks at what a torrc says of the site's onion service, and at the files that it names."""

import datetime as dt
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from intake.machine import Finding, Level, said
from intake.web.checkup_consensus import clock_by_tor

USUAL: Final = Path("/etc/tor/torrc")
DATA: Final = Path("/var/lib/tor")  # by Debian's own settings, which deploy/torrc stands on
_TALKATIVE: Final = re.compile(r"\b(debug|info)\b", re.ASCII)
_DOORS: Final = re.compile(r"unix:\"?(/[^\"]*)\"?", re.ASCII)
_OTHERS: Final = 0o007
_OLDEST: Final = (0, 4, 8)  # the first with proof of work


@dataclass
class Service:
    """One onion service: its folder, and what the lines after it say, by their names."""

    folder: Path
    options: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def last(self, name: str, otherwise: str = "") -> str:
        """The last word on an option; a later line replaces an earlier one."""
        return self.options.get(name.lower(), [otherwise])[-1]

    @property
    def host(self) -> str:
        """Its address, as tor wrote it; empty where this user may not read it."""
        with suppress(OSError):
            return (self.folder / "hostname").read_text("ascii", "replace").strip()
        return ""

    @property
    def sockets(self) -> tuple[Path, ...]:
        """The unix sockets that it leads to."""
        ports = self.options.get("hiddenserviceport", [])
        return tuple(Path(found[1]) for row in ports if (found := _DOORS.search(row)))


def read_torrc(text: str) -> tuple[dict[str, list[str]], list[Service]]:
    """What a torrc says of everything, and of each of its services; names in lower case."""
    common: dict[str, list[str]] = {}
    services: list[Service] = []
    for row in text.splitlines():
        name, value, *_ = (*row.partition("#")[0].split(maxsplit=1), "", "")
        key, value = name.lower().lstrip("+/"), value.strip()
        if key == "hiddenservicedir":
            services.append(Service(Path(value.strip('"'))))
        elif (
            key.startswith("hiddenservice") and services and key != "hiddenservicenonanonymousmode"
        ):
            services[-1].options.setdefault(key, []).append(value)
        elif key:
            common.setdefault(key, []).append(value)
    return common, services


def examine_tor(torrc: Path, address: str, now: dt.datetime) -> Iterator[Finding]:
    """Everything there is to find for the site that people reach by `address`.

    1. a service of that address is there, in a folder that is closed; 2. it asks for work when it
    is flooded, and this tor can; 3. it leads to a socket that only its group reaches; 4. tor's log
    tells of nobody; 5. the clock was right when tor got its list of relays.
    """
    try:
        common, services = read_torrc(torrc.read_text("utf-8", "replace"))
    except OSError:
        says = f"{torrc} cannot be read"
        yield Finding(Level.WARNING, "tor", says, "name it with --torrc, and run this as root")
        return
    if "%include" in common:
        says = f"not checked: what {torrc} includes from other files"
        yield Finding(Level.UNKNOWN, "tor", says, "look at these yourself, or write all into one")
    # (1)
    mine = [one for one in services if one.host == address]
    if not mine:
        # Their folders are tor's own, and this user may not look into them.
        unknown = [one for one in services if not one.host]
        forms = [one for one in unknown if one.sockets] or unknown
        mine = forms if len(forms) == 1 else []
    if not mine:
        says = f"no onion service in {torrc} has the address that site.toml says"
        yield Finding(Level.WARNING, "tor", says, "see deploy/torrc; or name another with --torrc")
    for service in mine:
        yield _folder(service)
        # (2)
        yield _work(service)
        # (3)
        yield _door(service)
    # (4)
    yield _version()
    yield _log(common)
    # (5)
    data = common.get("datadirectory", [str(DATA)])[-1].strip('"')
    yield clock_by_tor(Path(data), now)


def _folder(service: Service) -> Finding:
    try:
        mode = service.folder.stat().st_mode
    except OSError:
        says = f"{service.folder} cannot be looked at"
        return Finding(Level.WARNING, "onion key", says, "run this as root, after tor was started")
    if mode & 0o077:
        says = f"others can reach {service.folder}: who has its key is the site, for everybody"
        return Finding(Level.WRONG, "onion key", says, f"chmod 700 {service.folder}")
    return Finding(Level.FINE, "onion key", "only tor can read it")


def _work(service: Service) -> Finding:
    if service.last("HiddenServicePoWDefensesEnabled", "0") != "1":
        says = "nobody who floods the site is asked for work"
        advice = "HiddenServicePoWDefensesEnabled 1 after its HiddenServiceDir"
        return Finding(Level.WARNING, "onion flood", says, advice)
    return Finding(Level.FINE, "onion flood", "work is asked for when there is one")


def _door(service: Service) -> Finding:
    if not service.sockets:
        says = "tor reaches the site by a port: any program on this machine can, too"
        advice = "HiddenServicePort 80 unix:/run/intake/form.sock, as deploy/torrc has it"
        return Finding(Level.WARNING, "onion socket", says, advice)
    for path in service.sockets:
        try:
            mode = path.stat().st_mode
        except OSError:
            says = f"{path} is not there, or cannot be seen: nobody reaches the form"
            return Finding(Level.WRONG, "onion socket", says, "start intake.socket")
        if not stat.S_ISSOCK(mode):
            says = f"{path} is no socket"
            return Finding(Level.WRONG, "onion socket", says, "start intake.socket")
        if mode & _OTHERS:
            says = f"any program on this machine can reach {path}"
            return Finding(Level.WARNING, "onion socket", says, "SocketMode=0660 in intake.socket")
    return Finding(Level.FINE, "onion socket", "is there, for tor alone")


def _log(common: dict[str, list[str]]) -> Finding:
    if common.get("safelogging", ["1"])[-1].lower() not in ("1", "relay"):
        says = "tor's log has addresses in full"
        return Finding(Level.WRONG, "tor log", says, "SafeLogging 1")
    for row in common.get("log", []):
        if _TALKATIVE.search(row.partition(" file ")[0].lower()):
            says = f"tor's log tells of every circuit: Log {row}"
            return Finding(Level.WRONG, "tor log", says, "Log notice syslog")
    return Finding(Level.FINE, "tor log", "tells of nobody")


def _version() -> Finding:
    program = shutil.which("tor")
    told = "" if program is None else said(program, "--version")
    found = re.search(r"\b(\d+)\.(\d+)\.(\d+)", told)
    if program is None or found is None:
        says = "tor is not on this machine, or does not say which it is"
        return Finding(Level.WARNING, "tor version", says, "see deploy/README.md")
    version = tuple(map(int, found.groups()))
    if version < _OLDEST or "pow: yes" not in said(program, "--list-modules"):
        says = f"tor {found[0]} cannot ask for work"
        return Finding(Level.WARNING, "tor version", says, "take tor 0.4.8 or later, as Debian has")
    return Finding(Level.FINE, "tor version", found[0])
