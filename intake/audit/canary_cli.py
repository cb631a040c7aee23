"""`intake audit canary make` and `reveal`: test testimonies that look like any other."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from intake.age.whole import written_whole
from intake.audit.asking import Visitor
from intake.audit.canary_state import CanaryFolder, Way, text_hash
from intake.audit.canary_visit import Trust, Visit, ready
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.reaching import Address, SocksAddress, UnreachableError
from intake.roots import ROOT_FILE_LIMIT, RootSet, parse_fingerprint
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intake.audit.canary_state import Canary

_UNCHECKED: Final = 2
_TEXT_LIMIT: Final = 1 << 20  # bytes; far above what a form takes
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
STATE: Final = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder that keeps the canaries of this site. It is a secret.",
)
SOCKS: Final = click.option(
    "--socks", metavar="HOST:PORT", help="A SOCKS5 proxy, as tor's 127.0.0.1:9050."
)
ROOTS: Final = click.option("--roots", type=_FILE, help="The site's root keys, got another way.")
FINGERPRINT: Final = click.option(
    "--fingerprint", metavar="DIGITS", help="Their 30 digits, from paper or a partner."
)


@click.command("make")
@click.argument("url")
@click.option("--texts", type=_FOLDER, required=True, help="Your own texts, one in each .txt file.")
@STATE
@ROOTS
@FINGERPRINT
@click.option(
    "--path",
    "way",
    type=click.Choice([*(way.value for way in Way), "both"]),
    default="both",
    show_default=True,
    help="Sealed as the page's script does, or by the form without script; both takes turns.",
)
@SOCKS
@click.option("--lang", type=click.Choice(["ru", "en"]), help="The form's language.")
@click.option("--count", type=click.IntRange(1, 100), default=1, show_default=True)
@click.option("--hurry", is_flag=True, help="Send at once: for trials, as a site can tell by it.")
@click.pass_context
def make(  # noqa: PLR0913 - one parameter an option
    ctx: click.Context,
    *,
    url: str,
    texts: Path,
    state: Path,
    roots: Path | None,
    fingerprint: str | None,
    way: str,
    socks: str | None,
    lang: str | None,
    count: int,
    hurry: bool,
) -> None:
    """Send a text of yours to the site at URL as a test testimony, in the way that people do.

    Write the texts yourself, as different as real ones are in length, language and manner. This
    program writes none and changes none, and machine-made ones could be known. Each is sent once;
    the folder keeps its hash, never the text. Nobody but you knows it for a test until `reveal`.

    The site is asked as Tor Browser asks, over its own circuit behind --socks, with pauses as long
    as somebody takes to write: a run takes from minutes to an hour. Choose the hour yourself, at
    random, and send some every week.

    With --path script and both the site's root keys are needed. What can withdraw the canary is on
    the disk before anything is sent: what breaks off then is `unsure`.

    Exit 0: the site said that it keeps it; 1: it refused, or something does not hold; 2: it could
    not be asked, or not to the end.
    """
    trust = trust_of(roots, fingerprint)
    if way != Way.FORM and roots is None and fingerprint is None:
        raise click.UsageError("--path script needs --roots or --fingerprint")
    address = Address.parse(url)
    proxy = None if socks is None else SocksAddress.parse(socks)
    folder = CanaryFolder(state)
    pause = _hurry if hurry else time.sleep
    with folder.locked():
        for _ in range(count):
            known = folder.all()
            text = _unsent(texts, known)
            chosen = _turn(known) if way == "both" else Way(way)
            visitor = Visitor(address, proxy)
            try:
                sent = Visit(visitor, chosen, lang, folder.keep, pause).send(text, trust)
            except UnreachableError as error:
                click.echo(f"intake: error: {line(error.phrase)}", err=True)
                click.echo(f"intake: hint: {line(error.hint)}", err=True)
                ctx.exit(_UNCHECKED)
            finally:
                visitor.close()
            click.echo(f"sent by {chosen} in {sent.epoch}")


def trust_of(roots: Path | None, fingerprint: str | None) -> Trust:
    """What was given of the site's root keys, or nothing."""
    if roots is not None and fingerprint is not None:
        raise click.UsageError("either --roots or --fingerprint")
    return Trust(
        RootSet.parse(read(roots, ROOT_FILE_LIMIT)) if roots else None,
        parse_fingerprint(fingerprint) if fingerprint else None,
    )


def read(path: Path, limit: int) -> bytes:
    """A file, as far as one byte beyond what whoever reads it takes."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def _hurry(seconds: float) -> None:
    """Wait for nothing."""
    del seconds


def _unsent(texts: Path, known: Iterable[Canary]) -> str:
    """One of the texts that were not sent, by chance; all of those left must be fit to be sent."""
    sent = {canary.text for canary in known}
    left: list[str] = []
    for path in sorted(texts.glob("*.txt")):
        with path.open("rb") as file:
            text = ready(file.read(_TEXT_LIMIT), path.name)
        if text_hash(text) not in sent:
            left.append(text)
    if not left:
        raise MalformedError("every text was sent already", f"write new ones into {texts}")
    return secrets.choice(left)


def _turn(known: Sequence[Canary]) -> Way:
    """The way by which fewer canaries went this week; any where it is equal."""
    this = Epoch.now()
    counts = {way: sum(c.way is way and c.epoch == this for c in known) for way in Way}
    least = min(counts.values())
    return secrets.choice([way for way in Way if counts[way] == least])


@click.command("reveal")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@STATE
@click.option("--epoch", metavar="WEEK", required=True, help="A week that is over, as 2026-W47.")
@click.option("--now", is_flag=True, help="This week too, before it is over; for trying out.")
def reveal(*, out: Path, state: Path, epoch: str, now: bool) -> None:
    """Write into the new file OUT which submissions of a week were canaries, for the reviewers.

    Give it to them once they have imported that week, by hand or by a way that the site does not
    control, and read them its digits over the telephone. They can export nothing of the week before
    they have it, or for 14 days; so reveal a week without any canary, too. Whoever has OUT earlier
    knows what not to drop.
    """
    week = Epoch.parse(epoch)
    if not now and dt.datetime.now(dt.UTC) < week.end:
        raise MalformedError(
            f"{week} is not over", "revealed earlier, its canaries would not be like others"
        )
    canaries = CanaryFolder(state).list_of(week)
    with written_whole(out, replace=False) as sink:
        sink.write(canaries.to_bytes())
    doubt = f", {len(canaries.unsure)} of them unsure" if canaries.unsure else ""
    click.echo(f"{len(canaries.marks)} canaries of {week}{doubt}")
    click.echo(f"digits: {canaries.digits}")
