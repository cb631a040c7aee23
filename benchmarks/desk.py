"""What the review desk costs with a large case: its list, its search, its memory."""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.high_water import most
from intake.age import encrypt_bytes
from intake.review.case import Case
from intake.review.desk.app import DeskApp
from intake.review.desk.gate import COOKIE, FORM, Pass
from intake.review.desk.sitting import Desk
from intake.review.finding.memory import OfItem
from intake.review.making import create
from intake.review.record import Entry, Summary, Verdict
from intake.review.standing import Standing, keep_standing
from intake.roster import SignedRoster
from tests.panel import Panel, make_panel
from tests.review.desk.conftest import first_reviewer
from tests.review.workroom import container, opening_for

MANY, FEW = 10_000, 100
WORDS = 600  # in each text, about 4,000 characters
VOCABULARY = 60_000  # word forms, the n-th of them 1/n as frequent as the first
ROUNDS = 20
AUTHORITY = "127.1.2.3:4"
_LETTERS = "бавогидажезакиламонупераситуфахецачишущаэрюнямойыйатвызем"  # two to a syllable
_SYLLABLES = [_LETTERS[at : at + 2] for at in range(0, len(_LETTERS), 2)]


class Texts:
    """Made-up texts with the spread of words that real ones have."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        self.words = sorted(
            {
                "".join(self._chance.choices(_SYLLABLES, k=self._chance.randint(1, 5)))
                for _ in range(2 * VOCABULARY)
            }
        )
        self._chance.shuffle(self.words)
        self.words = self.words[:VOCABULARY]
        self._weights = [1 / (n + 1) for n in range(len(self.words))]

    def one(self) -> str:
        """One text, in paragraphs of forty words."""
        words = self._chance.choices(self.words, self._weights, k=WORDS)
        rows = (" ".join(words[at : at + 40]) for at in range(0, WORDS, 40))
        return ".\n".join(rows)


def case_with(folder: Path, panel: Panel, count: int, texts: Texts) -> None:
    """A case of so many testimonies, all logged, each sealed to the whole panel."""
    create(folder, panel.roster.roots, SignedRoster.parse(panel.note))
    model = container(roster=panel.roster)
    logged: set[bytes] = set()
    with Case.opened(folder, panel.identities[:1], writing=True, signers=panel.signers) as case:
        for _ in range(count):
            box = replace(model, fields=(("narrative", texts.one()),), seed=os.urandom(16))
            sealed = encrypt_bytes(box.to_bytes(), panel.roster.recipients)
            opening = opening_for(sealed, box)
            logged.add(opening.envelope)
            summary = Summary.of(box)
            case.keep_original(sealed, Entry(opening.envelope, opening, Verdict.NEW, "", summary))
        keep_standing(case, Standing(logged=frozenset(logged)))


class Visitor:
    """Asks the desk's pages in this process, through the gate, as its window does."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, ())
        started = time.perf_counter()
        self.desk.begin([first_reviewer()])
        assert self.desk.sitting is not None
        assert self.desk.sitting.corpus.wait(3600)
        self.reading = time.perf_counter() - started
        self._entry = Pass()
        self._entry.enter(str(self._entry.token))
        self._app = DeskApp(self.desk, self._entry, lambda: None).behind_gate(AUTHORITY)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """The page, or nothing for a redirect."""
        builder = EnvironBuilder(
            path=path,
            method=method,
            base_url=f"http://{AUTHORITY}",
            data={**form, "csrf": self._entry.csrf} if form is not None else None,
            content_type=FORM if form is not None else None,
            headers={"Sec-Fetch-Site": "same-origin", "Cookie": f"{COOKIE}={self._entry.cookie}"},
        )
        body, status, _ = run_wsgi_app(self._app, builder.get_environ())
        assert status[:3] in {"200", "303"}, status
        return b"".join(body).decode()

    def known(self) -> OfItem:
        """The names that the case knows, as the page asks them of a text."""
        assert self.desk.sitting is not None
        return OfItem(self.desk.sitting.corpus.names)

    def list_time(self) -> float:
        """Milliseconds for the list, the median of pages from all over it."""
        last = max(1, len(self.desk.sitting.corpus.rows) // 50)
        pages = [1 + at * last // ROUNDS for at in range(ROUNDS)]
        return statistics.median(_timed(self.ask, "GET", f"/?page={page}") for page in pages)

    def search_time(self, texts: Texts) -> tuple[float, float, float]:
        """Milliseconds for a search with its page: the median, the slowest of all, and the most CPU of one."""
        wanted = [*texts.words[:5], *texts.words[100:2000:200], *texts.words[-4:]]
        wanted += [word[:3] for word in texts.words[50:400:100]]
        wanted += [f"{one} {other}" for one, other in zip(wanted, texts.words[20:26], strict=False)]
        times, spent = list[float](), list[float]()
        for words in wanted:
            begun = time.process_time()
            post = _timed(self.ask, "POST", "/view", {"words": words})
            times.append(post + _timed(self.ask, "GET", "/"))
            spent.append((time.process_time() - begun) * 1000)
        self.ask("POST", "/view", {})
        return statistics.median(times), max(times), max(spent)


def _timed(work: Any, *arguments: Any) -> float:
    started = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - started) * 1000


def _visit(folder: Path, texts: Texts) -> dict[str, float]:
    before = most() / 1024
    visitor = Visitor(folder)
    listed = visitor.list_time()
    median, slowest, spent = visitor.search_time(texts)
    desk_alone = most() / 1024
    from intake.review.finding.find import find, load  # late: nothing of it is in the figures above

    load()
    find(texts.one(), "ru", visitor.known())
    return {
        "reading": visitor.reading,
        "list": listed,
        "search": median,
        "slowest": slowest,
        "spent": spent,
        "memory": desk_alone,
        "before": before,
        "with models": _share(),
        "most": most() / 1024,
    }


def _share() -> float:
    """This process's share of the memory of the machine now (PSS), in megabytes."""
    rows = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def alone(count: int) -> dict[str, float]:
    """Make a case and visit it, in this process, which should do nothing else."""
    texts, panel = Texts(), make_panel()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as made:
        folder = Path(made) / "case"
        child = os.fork()
        if child == 0:
            case_with(folder, panel, count, texts)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        return _visit(folder, texts)


def measure() -> list[dict[str, Any]]:
    """The figures of the list, the search and the memory of a desk with a large case."""
    many, few = (_in_a_process_of_its_own(count) for count in (MANY, FEW))
    note = f"{MANY:,} texts of {WORDS} words; read in {many['reading']:.0f} s in the background"
    return [
        {
            "name": "desk_list_10k",
            "value": round(many["list"], 2),
            "unit": "ms",
            "target": "<= 150, 2 x 100",
            "peers": {f"the same desk with {FEW}": round(few["list"], 2)},
            "note": f"median of {ROUNDS} pages of the list; {note}",
        },
        {
            "name": "desk_search_10k",
            "value": round(many["slowest"], 2),
            "unit": "ms",
            "target": "<= 300",
            "peers": {},
            "note": f"the slowest search with its page; the median is {many['search']:.1f} ms, and the most "
            f"CPU that one took {many['spent']:.1f} ms: on a busy machine the rest is waiting",
        },
        {
            "name": "desk_memory_10k",
            "value": round(many["memory"], 1),
            "unit": "MB at most",
            "target": "<= 600",
            "peers": {},
            "note": f"of one process, {many['before']:.0f} MB of it before the case was opened",
        },
        {
            "name": "desk_memory_finding",
            "value": round(many["most"], 1),
            "unit": "MB at most",
            "target": "<= 600",
            "peers": {},
            "note": f"of the same process once all models of the finder are loaded and a text was looked "
            f"through; its share of the machine's memory (PSS) is then {many['with models']:.0f} MB",
        },
    ]


def _in_a_process_of_its_own(count: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.desk", str(count)], check=True, capture_output=True
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(alone(int(sys.argv[1]))))
