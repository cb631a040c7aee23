"""Where the form listens: on this machine alone, never where a network could reach it."""

import errno
import ipaddress
import os
import re
import socket
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from intake.errors import IntakeError, MalformedError

ONLY_HERE = "an onion service or a reverse proxy on the same machine goes before it"
_LONGEST = 107  # bytes: a socket's path, without the zero byte after it
_HANDED = 3  # the first descriptor that systemd hands over, sd_listen_fds(3)
_INHERITED = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "GUNICORN_PID", "GUNICORN_FD")


class ListenError(IntakeError):
    """Nothing can listen where it was asked to."""


@dataclass(frozen=True)
class Loopback:
    """A TCP port of this machine, for a reverse proxy or for trying it out."""

    host: str
    port: int

    def __post_init__(self) -> None:
        if not (ipaddress.ip_address(self.host).is_loopback and 1 <= self.port <= 65535):
            raise MalformedError("not a port of this machine alone", ONLY_HERE)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `127.0.0.1:PORT`, `[::1]:PORT` or `localhost:PORT`; raises `MalformedError`."""
        found = re.fullmatch(r"(?:\[([0-9a-f:]+)\]|([0-9a-z.]+)):([1-9][0-9]{0,4})", text)
        if found is None:
            raise MalformedError("not an address and a port", ONLY_HERE)
        host = found[1] or ("127.0.0.1" if found[2] == "localhost" else found[2])
        try:
            return cls(host, int(found[3]))
        except ValueError:
            raise MalformedError("not an address of this machine", ONLY_HERE) from None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def bound(self) -> socket.socket:
        """A socket that holds the port; raises `ListenError` where something else holds it."""
        made = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        # A port that has just been left can be taken again; one that is in use cannot.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return _bind(made, (self.host, self.port), str(self))


@dataclass(frozen=True)
class UnixPath:
    """A socket in a folder: its owner and the process's group can connect, nobody else."""

    path: str

    def __post_init__(self) -> None:
        if not self.path.startswith("/") or "\0" in self.path:
            raise MalformedError("not the absolute path of a socket", "unix:/run/intake/form.sock")
        if len(os.fsencode(self.path)) > _LONGEST:
            raise MalformedError(f"the path of a socket is longer than {_LONGEST} bytes")

    def __str__(self) -> str:
        return f"unix:{self.path}"

    def bound(self) -> socket.socket:
        """A socket at the path, of mode 0660; raises `ListenError`.

        A socket that nobody listens on any more, as a killed server leaves it, is replaced;
        anything else at the path stays.
        """
        path = Path(self.path)
        if not path.parent.is_dir():
            raise ListenError(f"there is no folder {path.parent}", "make it, or name another")
        _remove_if_abandoned(path, str(self))
        made = socket.socket(socket.AF_UNIX)
        # By the umask and not by chmod or chown afterwards: it never stands there wider open, and
        # the service may not change owners.
        before = os.umask(0o117)
        try:
            return _bind(made, self.path, str(self))
        finally:
            os.umask(before)


@dataclass(frozen=True)
class FromSystemd:
    """The one socket that a systemd socket unit made, with the owner and mode of its words."""

    def __str__(self) -> str:
        return "systemd"

    def check(self) -> None:
        """Raise `ListenError` where no socket, or one that a network reaches, was handed over."""
        mine = os.environ.get("LISTEN_PID") == str(os.getpid())
        if not mine or os.environ.get("LISTEN_FDS") != "1":
            raise ListenError("systemd handed over no socket, or several", "see deploy/")
        handed = socket.socket(fileno=os.dup(_HANDED))
        try:
            name = handed.getsockname()
        finally:
            handed.close()
        if not isinstance(name, str) and not ipaddress.ip_address(name[0]).is_loopback:
            raise ListenError("the socket of systemd is open to the network", ONLY_HERE)


Address = Loopback | UnixPath | FromSystemd


def parse_address(text: str) -> Address:
    """Read the words of `--bind`; raises `MalformedError`."""
    if text == "systemd":
        return FromSystemd()
    if text.startswith("unix:"):
        return UnixPath(text.removeprefix("unix:"))
    return Loopback.parse(text)


def hand_over(address: Address) -> list[str]:
    """What gunicorn is to listen on, in its words; raises `ListenError`."""
    if isinstance(address, FromSystemd):
        address.check()
        return []  # gunicorn takes it up itself, and leaves it to systemd in the end
    for name in _INHERITED:
        os.environ.pop(name, None)  # else gunicorn would listen on these as well
    return [f"fd://{address.bound().detach()}"]


def _bind(made: socket.socket, name: str | tuple[str, int], shown: str) -> socket.socket:
    try:
        made.bind(name)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise _in_use(shown) from None
        reason = os.strerror(error.errno or 0).lower()
        raise ListenError(f"cannot listen on {shown}: {reason}") from None
    return made


def _in_use(shown: str) -> ListenError:
    return ListenError(f"{shown} is in use", "end what listens there, or name another")


def _remove_if_abandoned(path: Path, shown: str) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ListenError(f"{path} is there and is no socket", "name another path")
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        except OSError as error:
            reason = os.strerror(error.errno or 0).lower()
            raise ListenError(f"cannot listen on {shown}: {reason}") from None
        else:
            raise _in_use(shown)
