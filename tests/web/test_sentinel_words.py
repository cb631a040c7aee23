"""What the sentinel knows again, whatever it was turned into; and what it must not take for a trace."""

import base64
import gzip
import html
import io
import json
import os
import random
import secrets
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import pytest

from intake.epoch import Epoch
from intake.web.sentinel_patterns import Column, is_a_day, kinds_in, unit_of
from intake.web.sentinel_scan import Search, Walk
from intake.web.sentinel_words import Kind, Planted, spellings

NOW = time.time()
WORD = "ъящикабвгдежзиклмноп"
SPELLED = {
    "utf-8": str.encode,
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "percent": lambda text: quote(text).encode(),
    "percent in small letters": lambda text: quote(text).lower().encode(),
    "a form": lambda text: urlencode({"a": text}).encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "json in capitals": lambda text: "".join(f"\\u{ord(c):04X}" for c in text).encode(),
    "html": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "html, plain": lambda text: html.escape(text).encode(),
    "html, hexadecimal": lambda text: "".join(f"&#x{ord(c):x};" for c in text).encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper().encode(),
    "hexadecimal of utf-16": lambda text: text.encode("utf-16-le").hex().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16-le")),
    "base64 for names": lambda text: base64.urlsafe_b64encode(text.encode()),
    "base64 of a form": lambda text: base64.b64encode(urlencode({"b": text}).encode()),
}


@pytest.mark.parametrize("way", [way for way in SPELLED if way != "base64 of a form"])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "и ещё "])
def test_a_word_is_known_again_in_each_spelling_wherever_it_stands(way: str, before: str) -> None:
    spelled = SPELLED[way](f"{before}{WORD} и дальше")
    assert any(one in spelled for one in spellings(WORD)), way


def test_what_is_not_a_spelling_of_it_is_not_taken_for_one() -> None:
    """The twin: another word, in every spelling, and spelled twice over, which is out of reach."""
    other = WORD[::-1]
    for way, spell in SPELLED.items():
        assert not any(one in spell(other) for one in spellings(WORD)), way
    assert not any(one in SPELLED["base64 of a form"](WORD) for one in spellings(WORD))
    assert min(map(len, spellings(WORD))) >= 20  # short enough ones would stand anywhere


def test_each_run_plants_other_marks_and_none_is_within_another() -> None:
    first, second = Planted.fresh(), Planted.fresh()
    for name in ("latin", "cyrillic", "agent", "source", "forwarded"):
        assert getattr(first, name) != getattr(second, name)
    assert not set(first.needles()) & set(second.needles())
    assert first.user_agent.count(first.agent) == 1
    assert quote_plus(first.cyrillic).encode() in first.needles()
    assert set(first.needles().values()) == {Kind.WORDS, Kind.AGENT, Kind.ADDRESS}
    assert len(first.source) >= 12  # 8 digits or more


@pytest.mark.parametrize("place", [0, 1, 4 * 1024 * 1024 - 5, 4 * 1024 * 1024, 8 * 1024 * 1024])
def test_a_word_is_found_wherever_a_large_file_is_cut_for_reading(
    tmp_path: Path, place: int
) -> None:
    planted = Planted.fresh()
    path = tmp_path / "large"
    path.write_bytes(bytes(place) + planted.latin.encode() + b"\n")
    assert Search(planted.needles(), NOW).in_file(path) == {Kind.WORDS}
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert Search(planted.needles(), NOW).in_file(path) == {Kind.WORDS}
    assert Search(Planted.fresh().needles(), NOW).in_file(path) == set()


def test_a_packed_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    planted = Planted.fresh()
    content = planted.latin.encode() + os.urandom(5_000_000)
    (tmp_path / "log.gz").write_bytes(gzip.compress(content)[:-400_000])
    assert Search(planted.needles(), NOW).in_file(tmp_path / "log.gz") == {Kind.WORDS}


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.1",
        "from=203.0.113.250, to",
        "[2001:db8::17]:443",
        "2001:db8:0:0:1:2:3:4",
        "('10.0.0.7', 55042)",
        "https://198.51.100.4:8000/1",
    ],
)
def test_an_address_in_a_log_is_told_from_what_looks_like_one(text: str) -> None:
    assert list(kinds_in(text.encode(), NOW, random=False)) == [Kind.ANY_ADDRESS]


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:8000",
        "0.0.0.0",
        "version 4.4.4",
        "1.2.3.4.5",
        "256.1.1.1",
        "a1.2.3.4",
        "12:34:56",
        "std::string",
        "intake: budget: half",
        "2026-W47",
        "sha256:00112233445566778899aabbccddeeff",
        "curly/2.0 brackets",
    ],
)
def test_what_only_resembles_a_trace_is_none(text: str) -> None:
    assert list(kinds_in(text.encode(), NOW, random=False)) == []


def test_in_what_may_be_random_only_a_long_chain_of_numbers_is_an_address() -> None:
    assert list(kinds_in(b"\0001.2.3.4\0", NOW, random=True)) == []
    assert list(kinds_in(b"\00010.20.30.4\0", NOW, random=True)) == []
    assert list(kinds_in(b"\00010.20.30.40\0", NOW, random=True)) == [Kind.ANY_ADDRESS]
    assert list(kinds_in(b"\000127.0.0.1\0", NOW, random=True)) == []


def test_in_a_database_an_address_may_stand_between_letters_and_a_hash_holds_no_time() -> None:
    for text in (b"client198.51.100.23next", b"client2001:db8:0:0:1:2:3:4next"):
        assert list(kinds_in(text, NOW, random=True)) == [Kind.ANY_ADDRESS]
        assert list(kinds_in(text, NOW, random=False)) == []
    for _ in range(20_000):
        digest = b"sha256:" + os.urandom(32).hex().encode()
        assert list(kinds_in(digest, NOW, random=True)) == []


def test_the_rate_of_false_addresses_is_the_one_that_is_said() -> None:
    """One position in 1.6e17, by counting how 8 to 12 digits fall on four numbers."""
    ways = {8: 19, 9: 16, 10: 10, 11: 4, 12: 1}  # coefficients of (x + x² + x³)⁴
    rate = sum(count * (10 / 256) ** digits for digits, count in ways.items()) / 256**3
    assert 1.5e17 < 1 / rate < 1.7e17
    assert rate * 2**40 < 1e-5


TIMES = {
    "iso": "%Y-%m-%dT%H:%M:%SZ",
    "iso with a space": "%Y-%m-%d %H:%M",
    "nginx": "%Y/%m/%d %H:%M:%S",
    "an access log": "[%d/%b/%Y:%H:%M:%S +0000]",
    "http": "%a, %d %b %Y %H:%M:%S GMT",
    "syslog": "%b %d %H:%M:%S host",
}


@pytest.mark.parametrize("way", TIMES)
@pytest.mark.parametrize("in_random", [True, False])
def test_a_written_time_is_found(way: str, in_random: bool) -> None:
    text = f"at {time.strftime(TIMES[way], time.gmtime(NOW))} it came".encode()
    assert list(kinds_in(text, NOW, random=in_random)) == [Kind.TIME]


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_a_time_in_digits_is_found_in_each_unit_for_a_year(unit: int) -> None:
    for age in (0, 86_400 * 7 - 60, 86_400 * 360):
        text = f"t={int((NOW - age) * unit)}\n".encode()
        assert list(kinds_in(text, NOW, random=False)) == [Kind.TIME]
    old = f"t={int((NOW - 400 * 86_400) * unit)}\n".encode()
    assert list(kinds_in(old, NOW, random=False)) == []


def test_the_end_of_an_epoch_is_no_finer_time() -> None:
    end = Epoch.now().previous.end.timestamp()
    for unit in (1, 10**3, 10**6, 10**9):
        assert unit_of(end * unit, NOW) == 0
        assert unit_of((end + 60) * unit, NOW) == unit
    assert is_a_day("2026-11-17")
    assert not is_a_day("2026-W47")


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
@pytest.mark.parametrize("add", [0.0, 0.5])
def test_a_column_with_the_plantings_own_moment_holds_times(unit: int, add: float) -> None:
    """One such number among thousands that are none is enough."""
    planted = replace(Planted.fresh(), began=NOW - 10, ended=NOW)
    column = Column(planted, NOW)
    for _ in range(1000):
        column.add(secrets.randbelow(2**31) % 1000)
    assert not column.holds_times
    column.add((NOW - 5 + add) * unit)
    assert column.holds_times
    for far in (-4000, -140, 130):
        other = Column(planted, NOW)
        for _ in range(3):
            other.add(7)
        other.add((NOW + far) * unit)
        assert not other.holds_times


@pytest.mark.parametrize(("unit", "least"), [(1, 1), (10**3, 1), (10**6, 1), (10**9, 4)])
def test_a_column_of_last_years_times_is_found_without_planting(unit: int, least: int) -> None:
    column = Column(None, NOW)
    for number in range(least):
        assert not column.holds_times
        column.add((NOW - 86_400 * (number * 50 + 3)) * unit)
    assert column.holds_times
    for _ in range(least + 1):
        column.add(12)
    assert not column.holds_times  # fewer than half


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_random_numbers_pass_for_times_as_rarely_as_is_said(count: int) -> None:
    """A store's keys are 63 random bits: of 100,000 columns 0.7 would, at the most; 8 never do."""
    dice = random.Random(secrets.randbits(64))
    planted = Planted.fresh()
    taken = 0
    for _ in range(100_000):
        column = Column(planted, NOW)
        for _ in range(count):
            column.add(dice.getrandbits(63))
        taken += column.holds_times
    assert taken < 8


def test_short_random_values_are_no_traces() -> None:
    content = os.urandom(32 * 20_000)
    for start in range(0, len(content), 32):
        assert list(kinds_in(content[start : start + 32], NOW, random=True)) == []


@pytest.mark.parametrize(
    "text",
    ["Mozilla/5.0 (X11)", "x AppleWebKit/537.36", "curl/8.14.1"],
)
def test_a_browsers_name_is_found(text: str) -> None:
    assert list(kinds_in(text.encode(), NOW, random=True)) == [Kind.ANY_AGENT]


@pytest.mark.parametrize("filling", [b"x" * 5000, b" 1.2.3. :30 :: 1:2:3: 19 " * 200])
def test_a_trace_is_found_between_much_that_resembles_one(filling: bytes) -> None:
    for trace in (b"10.20.30.40", b"2001:db8:0:0:1:2:3:4", b"2026-11-17 10:20", b"curl/8.1.0"):
        assert len(list(kinds_in(filling + b" " + trace + b" " + filling, NOW, random=True))) == 1
    assert list(kinds_in(filling, NOW, random=True)) == []


def test_sixteen_megabytes_of_random_bytes_hold_no_trace() -> None:
    search = Search(Planted.fresh().needles(), NOW, patterns=True, random=True)
    assert search.in_stream(io.BytesIO(os.urandom(16 * 1024 * 1024))) == set()


def test_a_walk_reads_regular_files_alone_and_says_what_it_could_not(tmp_path: Path) -> None:
    """A link, a pipe and a socket's file are not opened; /proc/self/mem is a file that cannot be read."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "file").write_bytes(b"x")
    (tmp_path / "outside").write_bytes(b"x")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "in" / "pipe")
    walk = Walk((tmp_path / "in",))
    assert [path.name for path, _ in walk.files()] == ["file"]
    assert list(Walk((tmp_path / "in",), (tmp_path / "in" / "deep",)).files()) == []
    assert list(Walk((tmp_path / "in",), (), time.time() + 60).files()) == []
    assert walk.search(Search({b"x": Kind.WORDS}, NOW)) == {Kind.WORDS}
    assert walk.unread == 0
    walk = Walk((Path("/proc/self/mem"), tmp_path / "gone"))
    assert walk.search(Search({b"x": Kind.WORDS}, NOW)) == set()
    assert walk.unread == 1
