"""`backup.json` has one spelling, a day and nothing finer."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.keeping.state import NAME, Remembered, read_remembered, remember

DAY = dt.date(2026, 11, 30)
ONE = Remembered(DAY, "part", b"0123456789abcdef", dt.date(2026, 11, 29), Epoch(2026, 48), 34)
TEXT = (
    b'{"base":"MDEyMzQ1Njc4OWFiY2RlZg==","base_day":"2026-11-29","closed":"2026-W48",'
    b'"day":"2026-11-30","entries":34,"kind":"part","v":1}'
)


def test_its_bytes_are_these() -> None:
    assert ONE.to_bytes() == TEXT
    assert Remembered.parse(TEXT) == ONE


def test_before_any_week_was_closed_it_names_none() -> None:
    first = replace(ONE, closed=None, entries=0, kind="base")
    assert Remembered.parse(first.to_bytes()) == first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"part"', b'"some"'),
        (b"2026-11-30", b"2026-02-30"),
        (b"2026-11-30", b"2026-11-30T10:00"),
        (b"2026-W48", b"2026-W60"),
        (b":34", b":-1"),
        (b":34", b":true"),
        (b'"v":1', b'"v":1,"w":1'),
        (b"MDEy", b"MDE"),
    ],
)
def test_another_spelling_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(MalformedError):
        Remembered.parse(TEXT.replace(old, new))


def test_it_is_kept_in_the_site_folder_and_damage_is_named(tmp_path: Path) -> None:
    assert read_remembered(tmp_path) is None
    remember(tmp_path, ONE)
    assert read_remembered(tmp_path) == ONE
    (tmp_path / NAME).write_bytes(TEXT[:-1])
    with pytest.raises(StoreError, match=r"backup\.json is damaged"):
        read_remembered(tmp_path)
