"""The table of parsers is whole, its seeds are real, and no parser can be made to take too much."""

import ast
import time
import tracemalloc
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

import intake
from tests.fuzz.parser import BrokenError, Parser, parts_of
from tests.fuzz.planted import PLANTED
from tests.fuzz.table import BY_NAME, PARSERS

each = pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
ROOM = 24 << 20  # bytes beside 100 for each that came: JSON and forms make an object of a few
LENGTH = 64 << 10  # bytes of a hostile input

FORMER = (
    ("epoch", "OTk5OS1XNTI="),  # 9999-W52 has no end that a date can name
)
"""Inputs in base64 that were once answered with something else than our own errors."""


def readers() -> Iterator[tuple[str, str]]:
    """Module and name of every public function of the product that says that it parses."""
    root = Path(next(iter(intake.__path__)))
    for path in root.rglob("*.py"):
        if "node_modules" not in path.parts:
            names = path.relative_to(root.parent).with_suffix("").parts
            module = ".".join(name for name in names if name != "__init__")
            for name in _named(ast.parse(path.read_text("utf-8")), ""):
                yield module, name


def _named(node: ast.AST, before: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            if any(isinstance(base, ast.Name) and base.id == "Protocol" for base in child.bases):
                continue  # what somebody else's library does
            yield from _named(child, f"{before}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            name = child.name
            if name in ("parse", "from_json", "unpack", "decode") or name.startswith("parse_"):
                yield before + name


def test_every_parser_of_the_product_is_in_the_table() -> None:
    """Whoever adds one adds it there, with bytes that its writer made."""
    covered = {parts_of(read) for parser in PARSERS for read in parser.covers}
    missing = sorted(set(readers()) - covered)
    assert missing == []
    assert ("intake.tlog.note", "Note.parse") in set(readers())
    assert len(BY_NAME) == len(PARSERS) < 255  # one byte says which


@each
def test_what_the_writers_made_is_read(parser: Parser) -> None:
    """So that the fuzzer begins behind the first checks, not before them."""
    assert parser.seeds
    for seed in parser.seeds:
        assert parser.check(seed)


@pytest.mark.parametrize(("name", "data"), FORMER)
def test_what_once_went_wrong_is_read_or_refused(name: str, data: str) -> None:
    BY_NAME[name].check(b64decode(data))


def hostile(seed: bytes) -> Iterator[bytes]:
    """What swells in a reader, alone or in the middle of a seed, and a seed's lines repeated."""
    for piece in (b"[", b"[],", b'{"a":', b"\n", b"a=&", b"-> a\n\n"):
        yield piece * (LENGTH // len(piece))
    for piece in (b"\n", b"1", b" "):
        yield seed[: len(seed) // 2] + piece * LENGTH + seed[len(seed) // 2 :]
    rows = seed.splitlines(keepends=True)
    for at in {0, len(rows) // 2, len(rows) - 1}:
        again = rows[at] * (LENGTH // len(rows[at]) + 1)
        yield b"".join((*rows[:at], again, *rows[at:]))


@each
def test_no_input_takes_more_memory_than_its_length_allows(parser: Parser) -> None:
    """64 KiB and more of what costs most: brackets, empty lines, one line again and again."""
    tracemalloc.start()
    try:
        for data in hostile(max(parser.seeds, key=len)[:LENGTH]):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            parser.check(data)
            assert tracemalloc.get_traced_memory()[1] - before < ROOM + 100 * len(data)
    finally:
        tracemalloc.stop()


def test_a_fault_of_each_kind_shows() -> None:
    """Another error, a second spelling, a value that does not read back, and one that is slow."""

    def slow(_: bytes) -> None:
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    with pytest.raises(KeyError):
        PLANTED.check(b"planted/v1 abc\xd7\x3c")
    with pytest.raises(BrokenError, match="second spelling"):
        Parser("a", bytes.strip, (b"a",), bytes).check(b" a")
    with pytest.raises(BrokenError, match="read back"):
        Parser("a", len, (b"a",), lambda n: b"a" * (n + 1), one_spelling=False).check(b"a")
    with pytest.raises(BrokenError, match="took"):
        Parser("a", slow, (b"a",), patience=0.01).check(b"a")
    assert not Parser("a", BY_NAME["epoch"].read, (b"a",)).check(b"a")
