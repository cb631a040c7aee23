"""`python -m benchmarks.load`: drives a form with people who arrive, and says how long they waited."""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.load.arrivals import MOST, Pattern, arrivals
from benchmarks.load.exchange import Address, BrokenError, Visit
from benchmarks.load.generator import CLIENTS, LONGEST, PATHS, SEALED, Job, run
from benchmarks.load.letters import Letters
from benchmarks.load.sealing import Post
from benchmarks.load.slow import slow_visitors
from benchmarks.serving import serving, site_for_many
from intake.errors import IntakeError
from intake.roster import Roster
from intake.store import Store
from intake.tlog.note import Note

MANUAL = """\
Drives the form with people who arrive and do not wait for each other, and says
how long each waited from the moment at which they were to arrive. So a server
that stalls for a second is charged for everybody who came in that second.

Without --to it makes a site with 3 reviewers in a temporary folder, serves it on
a free port with two workers, says what the server cost, looks whether the store
has everything that was acknowledged, and removes it all. With --to it drives what
listens there already: keys of a site that is in use belong nowhere near this.

paths, each with its arrivals a second:
  script=N    the form page, then a letter that was sealed before the run
  browser=N   the same with every file that a browser fetches between the two
  noscript=N  form, check, send, as the pages' own forms say
  form=N      the form page alone

It keeps to this machine: 127.0.0.1:PORT, [::1]:PORT or unix:PATH. It ends by
itself: --seconds after its beginning nobody arrives any more, and a minute later
it waits for no answer. What it needs itself is told apart from the server.

examples:
  python -m benchmarks.load
  python -m benchmarks.load --path script=100 --path noscript=5 --seconds 60
  python -m benchmarks.load --path script --busy --clients 4
  python -m benchmarks.load --path script=20 --slow 500 --seconds 300 --json

Exit status: 0 where everybody was served and everything is kept, 1 where not,
2 for wrong use.
"""


def main() -> int:
    """Run what the words ask for; the exit status."""
    parser = _parser()
    words = parser.parse_args()
    try:
        rates = dict(_rate(one) for one in words.path or ["script=20", "noscript=2"])
        _check(words, rates)
        found = _driven(words, rates)
    except (ValueError, OSError, BrokenError, IntakeError) as error:
        parser.error(str(error))
    _say(found, as_json=words.json)
    return 1 if found["errors"] or found.get("lost") else 0


def _check(words: argparse.Namespace, rates: dict[str, float]) -> None:
    """Raise `ValueError` for what no generator would do, before anything is sealed or served."""
    none = Letters(Path("/dev/null"), 0, 1)
    Job(tuple(words.to or ["127.0.0.1:1"]), rates, words.seconds, words.clients, letters=none)
    arrivals(rates, words.seconds, Pattern.FIXED)
    if not 0 <= words.slow <= CLIENTS:
        raise ValueError(f"at most {CLIENTS} slow connections")


_FASTEST = 600  # submissions a second for which there are letters


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load",
        description=MANUAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--path",
        action="append",
        metavar="PATH=RATE",
        help="who arrives, and how many a second; may be given again (default: script=20, noscript=2)",
    )
    parser.add_argument(
        "--seconds", type=float, default=30.0, help=f"at most {LONGEST:.0f} (default: 30)"
    )
    parser.add_argument(
        "--clients",
        type=int,
        default=CLIENTS,
        help=f"at the same time, at most; whoever comes meanwhile waits (default: {CLIENTS})",
    )
    parser.add_argument(
        "--busy",
        action="store_true",
        help="the clients come back at once, by the first path: what the server takes at the most",
    )
    parser.add_argument("--fixed", action="store_true", help="arrivals all equally far apart")
    parser.add_argument("--seed", type=int, default=1, help="other arrivals (default: 1)")
    parser.add_argument(
        "--slow",
        type=int,
        default=0,
        metavar="N",
        help="N connections beside, a byte a second each",
    )
    parser.add_argument(
        "--to", action="append", metavar="ADDRESS", help="what to drive; several take turns"
    )
    parser.add_argument("--json", action="store_true", help="for another program")
    return parser


def _rate(text: str) -> tuple[str, float]:
    path, _, rate = text.partition("=")
    if path not in PATHS:
        raise ValueError(f"no such path: {path}")
    return path, float(rate or 1)


def _driven(words: argparse.Namespace, rates: dict[str, float]) -> dict[str, Any]:
    """Do it; what is to be said."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        if words.to:
            roster = _roster_of(words.to[0]) if set(rates) & set(SEALED) else None
            return _run(words, rates, tuple(words.to), roster and Post(folder, roster))
        site, panel = site_for_many(folder)
        server = stack.enter_context(serving(site))
        before = server.cpu()
        found = _run(words, rates, (server.address,), Post(folder, panel.roster))
        found["server_cpu_ms_each"] = round(
            (server.cpu() - before) * 1000 / max(1, found["sent"]), 2
        )
        found["server_memory_mb_pss"] = round(server.memory(), 1)
        store = Store.open(site.store_path)
        sent = sum(found["by_path"].get(path, 0) for path in (*SEALED, "noscript"))
        found["lost"] = max(0, sent - store.count())
        store.close()
        return found


def _run(
    words: argparse.Namespace,
    rates: dict[str, float],
    addresses: tuple[str, ...],
    post: Post | None,
) -> dict[str, Any]:
    """Drive what listens at these addresses; what the clients say."""
    letters = post.texts(_enough(words, rates)) if post and set(rates) & set(SEALED) else None
    job = Job(
        addresses,
        rates,
        words.seconds,
        words.clients,
        Pattern.FIXED if words.fixed else Pattern.POISSON,
        words.busy,
        letters,
        letters.count if letters and words.busy else MOST,
        words.seed,
    )
    if not words.slow:
        return run(job).summary()
    with slow_visitors(addresses[0], words.slow, LONGEST) as told:
        found = run(job).summary()
    return found | {"slow": vars(told)}


def _enough(words: argparse.Namespace, rates: dict[str, float]) -> int:
    """Letters for all who may come."""
    if words.busy:
        return int(_FASTEST * words.seconds)
    paths = {path: rate for path, rate in rates.items() if path in SEALED}
    came = arrivals(
        rates, words.seconds, Pattern.FIXED if words.fixed else Pattern.POISSON, words.seed
    )
    return max(1, sum(one.path in paths for one in came))


def _roster_of(address: str) -> Roster:
    """The roster that a site gives to everybody. Nothing is told to anyone, so it is not verified."""
    note = asyncio.run(_note_of(Address(address)))
    return Roster.parse(Note.parse(note).text)


async def _note_of(address: Address) -> bytes:
    async with Visit(address) as visit:
        answer = await visit.get("/roster.note")
    if answer.status != 200:
        raise OSError(f"there is no roster at {address.text}")
    return answer.body


def _say(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name.replace('_', ' '):<24}{value}\n")


if __name__ == "__main__":
    sys.exit(main())
