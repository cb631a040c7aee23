"""The process that fuzzes every parser of the table: `python -m tests.fuzz.target SECONDS FOLDER`.

The first byte of an input says which parser reads the rest. What a parser should not do ends the
process with its name, and the input in base64, on the last lines of stderr; otherwise it ends with
0 when the time is over. `--planted` puts a parser with a fault among a fifth of the others,
so that its turn comes again in seconds.
"""

import random
import re
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FunctionType

import atheris

with atheris.instrument_imports(include=["intake", "tests.fuzz.planted"]):
    from tests.fuzz.parser import Parser
    from tests.fuzz.planted import PLANTED
    from tests.fuzz.table import PARSERS

MEMORY = 1024  # MiB of the whole process; it takes about 150 of its own
PATIENCE = 20  # seconds for one input before the process is ended
_TURN = 0.1  # seconds
FREE = 20  # turns in which libFuzzer goes on with what it likes best
FEWER = 5
_LONGEST = 70_000  # bytes: a little more than the smallest container
_WORD = re.compile(rb"[A-Za-z][A-Za-z0-9_:./-]{2,30}")


class Target:
    """Reads inputs and makes new ones."""

    def __init__(self, planted: bool) -> None:
        self.parsers = (PLANTED, *PARSERS[::FEWER]) if planted else PARSERS
        # What libFuzzer keeps, by parser: what reached something new.
        self.kept = [list(parser.seeds) for parser in self.parsers]
        self.seen = [set(parser.seeds) for parser in self.parsers]
        self.words = [words_of(parser) for parser in self.parsers]
        self.chance = random.Random()
        self.begun = time.monotonic()

    def read(self, data: bytes) -> None:
        """Let the parser that the first byte names read the rest."""
        if not data:
            return
        parser = self.parsers[data[0] % len(self.parsers)]
        try:
            parser.check(data[1:])
        except BaseException:
            traceback.print_exc()
            print(f"PARSER {parser.name}", file=sys.stderr)
            print(f"INPUT {b64encode(data[1:]).decode()}", file=sys.stderr, flush=True)
            raise

    def changed(self, data: bytes, most: int, seed: int) -> bytes:
        """Another input: bytes changed, words put in, or lines moved.

        For most of the time it stays with one parser for a while, whatever libFuzzer would go on
        with: it remembers the last values that were compared, and they should be this parser's.
        """
        chance = self.chance
        given = data[0] % len(self.parsers) if data else 0
        if data and data[1:] not in self.seen[given]:
            self.seen[given].add(data[1:])
            self.kept[given].append(data[1:])
        turn = self._turn()
        number = given if turn is None else turn
        body = data[1:] if turn is None else chance.choice(self.kept[number])
        for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 4))):
            way = chance.random()
            if way < 0.05:
                body = _spliced(body, chance.choice(self.kept[number]), chance)
            elif way < 0.2:
                body = _with_word(body, chance.choice(self.words[number]), chance)
            else:
                body = atheris.Mutate(body, most - 1)
        return bytes([number]) + body[: most - 1]

    def _turn(self) -> int | None:
        """Whose turn it is: each parser's for the same time, then for a while anyone's."""
        turn = int((time.monotonic() - self.begun) / _TURN) % (len(self.parsers) + FREE)
        return turn if turn < len(self.parsers) else None

    def write_seeds(self, folder: Path) -> None:
        """Write every seed as a file."""
        folder.mkdir()
        for number, parser in enumerate(self.parsers):
            for index, seed in enumerate(parser.seeds):
                (folder / f"{number}-{index}").write_bytes(bytes([number]) + seed)


def words_of(parser: Parser) -> list[bytes]:
    """What stands in a parser's code and in its seeds: titles, keywords, separators, numbers."""
    modules = {sys.modules[read.__module__] for read in (parser.read, *parser.covers)}
    found = {word for seed in parser.seeds for word in _WORD.findall(seed[:4096])}
    for module in modules:
        if module.__name__.startswith(("intake", PLANTED.read.__module__)):
            found.update(_constants(vars(module).values()))
    words = {word.encode(errors="replace") if isinstance(word, str) else word for word in found}
    return sorted(word for word in words if 0 < len(word) <= 40) or [b"\n"]


def _constants(values: Iterable[object]) -> Iterator[str | bytes]:
    for value in values:
        if isinstance(value, str | bytes):
            yield value
        elif isinstance(value, tuple | frozenset):
            yield from _constants(value)
        elif isinstance(value, classmethod):
            yield from _constants([value.__func__])
        elif isinstance(value, FunctionType):
            yield from _constants(value.__code__.co_consts[1:])  # the first is its docstring
        elif isinstance(value, type) and value.__module__.startswith("intake"):
            yield from _constants(vars(value).values())


def _with_word(body: bytes, word: bytes, chance: random.Random) -> bytes:
    """One word put in somewhere, or in the place of something as long."""
    at = chance.randrange(len(body) + 1)
    return body[:at] + word + body[at + chance.choice((0, len(word))) :]


def _spliced(one: bytes, other: bytes, chance: random.Random) -> bytes:
    """Lines of both, in any order and number, as no writer puts them."""
    rows = one.split(b"\n")
    others = other.split(b"\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(rows) + 1)
        match chance.randrange(3):
            case 0:
                rows.insert(at, chance.choice(others))
            case 1:
                rows[at : at + 1] = []
            case _:
                rows[at:] = others[at:]
    return b"\n".join(rows)


def main(arguments: list[str]) -> None:
    """Fuzz for so many seconds."""
    planted = "--planted" in arguments
    seconds, place = [word for word in arguments if word != "--planted"]
    folder = Path(place)
    target = Target(planted)
    corpus = folder / "corpus"
    target.write_seeds(corpus)
    flags = [
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST}",
        "-len_control=0",
        "-mutate_depth=1",  # so that `changed` is given what is kept, and nothing half changed
        "-cross_over=0",  # two parsers' inputs make none
        f"-rss_limit_mb={MEMORY}",
        f"-timeout={PATIENCE}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
        "-verbosity=1",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *flags], target.read, custom_mutator=target.changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
