"""What an auditor can rely on of the files given to the report: one clear phrase for a bad one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.audit.report_inputs import (
    BUNDLE,
    CANARIES,
    LEDGER,
    SENTINEL,
    SITE,
    BundleResult,
    CanaryResult,
    LedgerResult,
    SentinelResult,
    SiteResult,
)
from intake.audit.report_rows import LIMIT, read_result
from intake.audit.site_check import TITLE as SITE_WRITES
from intake.errors import MalformedError
from tests.audit.log_site import log_site
from tests.audit.report_case import Case, all_in_order
from tests.test_completeness import LAST

PARSE: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "bundle": (BUNDLE, BundleResult.parse),
    "canaries": (CANARIES, CanaryResult.parse),
    "site": (SITE, SiteResult.parse),
    "sentinel": (SENTINEL, SentinelResult.parse),
    "ledger": (LEDGER, LedgerResult.parse),
}
ODD: tuple[Any, ...] = (None, True, -1, 1 << 60, 1.5, "", "\x00", "x" * 99, [], [1], {}, {"a": 1})


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """What every command really said."""
    folder = tmp_path_factory.mktemp("case")
    with log_site(folder / "log") as site:
        yield all_in_order(folder, site)


def parse(option: str, row: object) -> object:
    return PARSE[option][1](json.dumps(row).encode())


@pytest.mark.parametrize("option", PARSE)
def test_what_a_command_writes_is_read(case: Case, option: str) -> None:
    """Each says by its title what it is, and no other reader takes it."""
    content = case.given[option].read_bytes()
    assert json.loads(content)["title"] == PARSE[option][0]
    assert PARSE[option][1](content)
    for other, (_, reader) in PARSE.items():
        if other != option:
            with pytest.raises(MalformedError, match="not a result testimony-intake/"):
                reader(content)


def test_the_numbers_are_those_that_were_written(case: Case) -> None:
    read = {name: PARSE[name][1](case.given[name].read_bytes()) for name in PARSE}
    bundle, canaries, site = read["bundle"], read["canaries"], read["site"]
    assert isinstance(bundle, BundleResult)
    assert isinstance(canaries, CanaryResult)
    assert isinstance(site, SiteResult)
    assert (bundle.count, bundle.findings, sorted(bundle.weeks)) == (0, (), [LAST.previous, LAST])
    assert bundle.weeks[LAST] == (1, 0, 0, 15, 0)
    assert (canaries.sent, canaries.lost, canaries.unknown, canaries.newest) == (30, 0, 0, LAST)
    assert (site.own, site.findings) == (False, ())
    assert SITE == SITE_WRITES


@pytest.mark.parametrize("option", PARSE)
def test_anything_missing_or_odd_is_refused_or_says_the_same_kind(case: Case, option: str) -> None:
    """Never a traceback, at whatever depth; and what a claim rests on may not be missing."""
    row = json.loads(case.given[option].read_bytes())
    changed = [_with(row, path, odd) for path in _paths(row) for odd in ODD]
    phrases = [phrase for one in changed if (phrase := _refusal(option, one))]
    assert len(phrases) > 3 * len(ODD)
    assert not any("\n" in phrase for phrase in phrases)
    for name in ("title", "epoch"):
        with pytest.raises(MalformedError):
            parse(option, {key: value for key, value in row.items() if key != name})


def _refusal(option: str, row: object) -> str:
    try:
        parse(option, row)
    except MalformedError as error:
        return error.phrase
    return ""


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:
    keys: Any = range(min(2, len(value))) if isinstance(value, list) else ()  # pyright: ignore[reportUnknownArgumentType]
    for key in value if isinstance(value, dict) else keys:  # pyright: ignore[reportUnknownVariableType]
        child: Any = value[key]  # pyright: ignore[reportUnknownVariableType]
        yield (key,)
        yield from ((key, *more) for more in _paths(child))


def _with(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    copy = json.loads(json.dumps(value))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    return copy


@given(st.sampled_from(sorted(PARSE)), st.binary(max_size=200))
def test_any_bytes_are_one_phrase(option: str, content: bytes) -> None:
    with pytest.raises(MalformedError, match=r"^file: not (JSON of one spelling|a result)"):
        read_result("file", content, PARSE[option][1])


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b"9" * 5000,
        b"NaN",
        b'{"title": "a", "title": "b"}',
        b"\xff\xfe{}",
        b"",
        b"null",
        b"[]",
        b'{"title": 1}',
        b'{"title": "\\ud800"}',
        b" " * (LIMIT + 1),
    ],
)
@pytest.mark.parametrize("option", PARSE)
def test_towers_and_giants_are_one_phrase(option: str, content: bytes) -> None:
    with pytest.raises(MalformedError):
        PARSE[option][1](content)


def _rows(case: Case, option: str, **change: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(case.given[option].read_bytes())
    return row | change


CONTRADICTING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("canaries", {"lost": 31}),
    ("canaries", {"n": 29}),
    ("canaries", {"weeks": []}),
    ("bundle", {"findings": [{"kind": "a", "phrase": "b"}]}),
    ("bundle", {"size": None}),
    ("sentinel", {"places": [{"place": "a", "state": "found", "kinds": []}]}),
    ("sentinel", {"places": [{"place": "a", "state": "checked", "kinds": ["ip"]}]}),
    ("sentinel", {"places": [{"place": "a", "state": "clean", "kinds": []}]}),
    ("site", {"manifest": "A" * 42 + "-" * 2}),
    ("site", {"manifest": "A" * 42 + "B"}),
    ("ledger", {"deployment": "../x"}),
    ("ledger", {"ledgers": []}),
)


def test_results_that_contradict_themselves_are_refused(case: Case) -> None:
    """None lost of weeks in which some were, findings that count none, places in no state."""
    for option, change in CONTRADICTING:
        assert parse(option, _rows(case, option))
        with pytest.raises(MalformedError):
            parse(option, _rows(case, option, **change))


@pytest.mark.parametrize(
    ("figures", "items"),
    [
        ({"without_triage": 5}, {"without_triage": 1}),
        ({"four_eyes": 1, "alone": 1}, {}),
        ({"recall": 2}, {}),
        ({"after_end": 1}, {}),
        ({"destroyed": 2}, {}),
        ({"undestroyed": 1}, {"undestroyed": 1}),
        ({"erased": 1}, {}),
        ({"overdue": 1}, {"overdue": 1}),
        ({"under_way": 1}, {}),
        ({"due": 3, "overdue": 1}, {}),
        ({}, {"overdue": 1}),
        ({}, {"lone": 1}),
        ({"lone": 1}, {"lone": 2}),
        ({"lone": 1}, {}),
        ({"withdrawn": 2, "undestroyed": 1}, {}),
        ({"without_triage": 1}, {}),
    ],
)
def test_ledgers_whose_figures_disagree_are_refused(
    case: Case, figures: dict[str, int], items: dict[str, int]
) -> None:
    """Nothing that is counted can be left out of what it is counted among, or of its list."""
    row = _rows(case, "ledger")
    named = {
        name: [
            {"item": f"{number:032x}", "ledgers": ["one"]} for number in range(items.get(name, 0))
        ]
        for name in row["items"]
    }
    with pytest.raises(MalformedError, match=r"are more than|no state|disagree|among the faults"):
        parse("ledger", row | {"figures": row["figures"] | figures, "items": named})


def test_a_bundle_with_faults_needs_no_log(case: Case) -> None:
    """As the command writes one: how many there are, the first in full."""
    found = [{"check": 6, "kind": "missing", "phrase": "b"}]
    row = _rows(case, "bundle", count=30, findings=found)
    row = {k: v for k, v in row.items() if k not in ("size", "root", "weeks", "objects")}
    result = parse("bundle", row)
    assert isinstance(result, BundleResult)
    assert (result.count, result.findings, result.log) == (30, ("missing: b",), None)


@pytest.mark.parametrize("option", PARSE)
def test_a_bad_file_is_named_and_nothing_is_said(
    case: Case, option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that names the file, exit 1, and no page."""
    path = tmp_path / "bad\x1b[2J.json"
    path.write_bytes(b'{"title": "\x1b[2J"}')
    capsys.readouterr()
    assert case.report(code=1, **{option: path}) == b""
    first, *hint = capsys.readouterr().err.splitlines()
    assert first.startswith("intake: error: bad⟨U+001B⟩[2J.json: not ")
    assert len(hint) <= 1
    assert "\x1b" not in first
