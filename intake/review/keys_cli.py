"""The `intake keys` commands, for the offline machines of reviewers and root holders."""

from __future__ import annotations

from pathlib import Path

import click

from intake.age import HybridIdentity, ScryptRecipient, armor, encrypt_bytes
from intake.age.whole import written_whole
from intake.errors import MalformedError, StoreError
from intake.keeping.operator_key import locked
from intake.passphrase import passphrase_option, read_passphrase
from intake.review.keys import (
    LockedIdentity,
    LockedRootKey,
    ReviewerSecret,
    RootSecret,
    check_passphrase,
)
from intake.reviewer import check_name, recipient_hash
from intake.roots import HEADER as ROOTS_HEADER
from intake.roots import RootSet
from intake.roster_draft import parse_reviewer_lines, reviewer_lines, root_lines
from intake.roster_text import HEADER as ROSTER_HEADER
from intake.roster_text import Roster
from intake.tlog.note import NOTE_LIMIT, Note

SCRYPT_LOG_N = 18  # 256 MiB, as stock age's own default

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="Write both files into DIR (default: where you are).",
)


@click.command()
@click.argument("name")
@_FOLDER
@passphrase_option
def new_reviewer(name: str, folder: Path, passphrase_file: Path | None) -> None:
    """Make a reviewer's keys, on the machine where testimony will be read.

    Writes NAME.identity, the secret, locked with a passphrase: it stays on this machine, with one
    copy put away. Writes NAME.reviewer, two public lines: these go to the root holders. Prints the
    hash of the public key: write it down, and compare it with the roster at the ceremony.

    NAME is lower-case letters, digits and hyphens. It is public: no one's real name.
    """
    secret = ReviewerSecret.generate(name)
    private, public = _new_files(folder, f"{name}.identity", f"{name}.reviewer")
    passphrase = read_passphrase(passphrase_file, confirm=True)
    _write_new(private, LockedIdentity.lock(secret, passphrase).to_bytes())
    _write_new(public, reviewer_lines(secret.reviewer))
    public.chmod(0o644)
    click.echo(f"secret: {private}")
    click.echo(f"public: {public}")
    click.echo(f"hash: {recipient_hash(secret.reviewer.recipient)}")


@click.command()
@click.argument("name")
@_FOLDER
@passphrase_option
def new_root(name: str, folder: Path, passphrase_file: Path | None) -> None:
    """Make a root holder's keys, on an offline machine kept for nothing else.

    Writes NAME.rootkey, the secret, locked with a passphrase, and NAME.root, two public lines
    that go into the roster. Both signatures, Ed25519 and ML-DSA-44, are always made together.
    """
    secret = RootSecret.generate(name)
    private, public = _new_files(folder, f"{name}.rootkey", f"{name}.root")
    passphrase = read_passphrase(passphrase_file, confirm=True)
    _write_new(private, LockedRootKey.lock(secret, passphrase).to_bytes())
    _write_new(public, root_lines(secret.vkeys))
    public.chmod(0o644)
    click.echo(f"secret: {private}")
    click.echo(f"public: {public}")


@click.command()
@click.argument("name")
@_FOLDER
@passphrase_option
def new_operator(name: str, folder: Path, passphrase_file: Path | None) -> None:
    """Make an operator's keys, to which the backups of a site are sealed; not on the server.

    Writes NAME.operator, the secret, locked with a passphrase: it is needed to restore, and to try
    that out (`intake drill`); without it every backup is lost, so put two copies away. Writes
    NAME.recipient, one public line: it goes into the site's site.toml, as `to` of [backup]. Both
    are those of stock age, which opens a backup, too.
    """
    check_name(name)
    identity = HybridIdentity.generate()
    private, public = _new_files(folder, f"{name}.operator", f"{name}.recipient")
    passphrase = read_passphrase(passphrase_file, confirm=True)
    check_passphrase(passphrase)
    _write_new(private, locked(identity, passphrase))
    _write_new(public, f"{identity.recipient}\n".encode("ascii"))
    public.chmod(0o644)
    click.echo(f"secret: {private}")
    click.echo(f"public: {public}")
    click.echo(f"hash: {recipient_hash(identity.recipient)}")


@click.command()
@click.argument("identity", type=_FILE)
@click.argument("out", type=click.Path(path_type=Path))
@passphrase_option
@click.option(
    "--new-passphrase-file",
    type=_FILE,
    metavar="FILE",
    help="Lock OUT with the first line of FILE instead of the same passphrase.",
)
def export_age(
    identity: Path, out: Path, passphrase_file: Path | None, new_passphrase_file: Path | None
) -> None:
    """Write a reviewer's identity into the new file OUT, in the form that stock age opens.

    `age --decrypt -i OUT FILE` then opens what was sealed to this reviewer, without this program.
    OUT is locked with the same passphrase through age's own scrypt; the key that signs replies is
    not in it.
    """
    locked = LockedIdentity.parse(_read(identity))
    _check_absent(out)
    passphrase = read_passphrase(passphrase_file, confirm=False)
    secret = locked.unlock(passphrase)
    if new_passphrase_file is not None:
        passphrase = read_passphrase(new_passphrase_file, confirm=False)
        check_passphrase(passphrase)
    lines = f"# public key: {secret.identity.recipient}\n{secret.identity}\n"
    recipient = ScryptRecipient(passphrase, log_n=SCRYPT_LOG_N)
    _write_new(out, armor(encrypt_bytes(lines.encode("ascii"), [recipient])).encode("ascii"))
    click.echo(f"open with: age --decrypt -i {out} FILE")


@click.command()
@click.argument("roster_or_roots", metavar="FILE", type=_FILE)
def fingerprint(roster_or_roots: Path) -> None:
    """Print the 30 digits of the root keys that a roster, its draft or a roots file names.

    Whoever reads them here and on a leaflet, digit by digit, knows that the two name the same
    root holders. The signatures are not looked at: `intake roster check` does.

    Of a NAME.reviewer file it prints the hash of the public key, as `intake roster show` does.
    """
    content = _read(roster_or_roots)
    if content.startswith(b"reviewer "):
        click.echo(recipient_hash(parse_reviewer_lines(content).recipient))
    else:
        click.echo(read_roots(content).fingerprint)


def read_roots(content: bytes) -> RootSet:
    """Return the roots that a roots file, a roster note or a roster's text names, unverified."""
    if content.startswith(ROOTS_HEADER.encode() + b"\n"):
        return RootSet.parse(content)
    if content.startswith(ROSTER_HEADER.encode() + b"\n"):
        signed = b"\n\n" in content
        return Roster.parse(Note.parse(content).text if signed else content).roots
    raise MalformedError("neither a roster nor a roots file")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(NOTE_LIMIT + 1)


def _write_new(path: Path, content: bytes) -> None:
    with written_whole(path, replace=False) as file:
        file.write(content)


def _new_files(folder: Path, *names: str) -> tuple[Path, ...]:
    # Before a passphrase is asked for; `_write_new` still refuses what appears in between.
    paths = tuple(folder / name for name in names)
    for path in paths:
        _check_absent(path)
    return paths


def _check_absent(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise StoreError(f"{path} is there already", "nothing was overwritten")
