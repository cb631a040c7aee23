"""`site.toml` is read whole or refused with the line that is wrong, and reads back as it was said."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.budget import WEEKLY
from intake.container import SIZES
from intake.errors import MalformedError
from intake.web.settings import MOST_SUPPORT, Settings
from intake.web.settings_tables import NeutralPage, SupportEntry

OLD = """
deployment = "archive-abcdefgh"
organisation = "Northern Archive"
address = "abc.onion"
language = "en"
largest = 65536
"""
ROOM = "store_room = 5_000_000_000\n"
BASE = Settings("archive-abcdefgh", "Северный «архив»", "abc.onion", "ru", SIZES[0])
ENTRY = SupportEntry("A group", "ru, ce", "letter box at def.onion", dt.date(2026, 11, 1))
LINE = st.text(min_size=1, max_size=100).filter(str.isprintable)
SHORT = st.text(min_size=1, max_size=25).filter(str.isprintable)


def test_a_site_made_before_the_later_keys_still_opens_with_their_defaults() -> None:
    found = Settings.parse(OLD.encode())
    assert (found.form, found.only_onion, found.weekly_bytes) == ("minimal", False, WEEKLY)
    assert found.withdraw_days == 30
    assert (found.neutral, found.support, found.notify) == ({}, (), ())


@given(
    organisation=LINE,
    address=LINE,
    form=st.sampled_from(["minimal", "guided"]),
    largest=st.sampled_from(SIZES),
    weekly=st.integers(16 * 1024 * 1024, 10**15),
    days=st.integers(1, 365),
    title=LINE,
    lines=st.lists(LINE, min_size=1, max_size=3),
    support=st.lists(st.tuples(SHORT, SHORT, SHORT, st.dates()), max_size=2),
)
def test_what_is_written_reads_back_the_same(
    organisation: str,
    address: str,
    form: str,
    largest: int,
    weekly: int,
    days: int,
    title: str,
    lines: list[str],
    support: list[tuple[str, str, str, dt.date]],
) -> None:
    """Quotes, backslashes, braces and number signs in the operator's words too."""
    said = Settings(
        "archive-abcdefgh",
        organisation,
        address,
        "en",
        largest,
        form=form,
        weekly_bytes=weekly,
        withdraw_days=days,
        neutral={"en": NeutralPage(title, tuple(lines))},
        support=tuple(SupportEntry(*row) for row in support),
    )
    assert Settings.parse(said.to_bytes()) == said


def test_a_new_file_explains_every_key() -> None:
    text = BASE.to_bytes().decode()
    for key in (
        "organisation",
        "form",
        "only_onion",
        "weekly_bytes",
        "withdraw_days",
        "store",
        "store_room",
        "[neutral.ru]",
        "[[support]]",
    ):
        assert key in text
    assert Settings.parse(text.encode()) == BASE


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('form = "long"', "form is one of minimal, guided"),
        ("form = 1", "form in site.toml"),
        ('only_onion = "yes"', "only_onion in site.toml"),
        ("only_onion = 1", "only_onion in site.toml"),
        ("weekly_bytes = 0", "weekly_bytes is at least"),
        (f"weekly_bytes = {10**15 + 1}", "weekly_bytes is .* at most"),
        (f"weekly_bytes = {'9' * 5000}", "not TOML"),
        (f"neutral = {'[' * 5000}", "not TOML"),
        ("weekly_bytes = true", "weekly_bytes in site.toml"),
        ("weekly_bytes = 2e9", "weekly_bytes in site.toml"),
        ("withdraw_days = 0", "withdraw_days is at least 1 and at most 365"),
        ("withdraw_days = 366", "withdraw_days is at least 1 and at most 365"),
        ("withdraw_days = true", "withdraw_days in site.toml"),
        ('store = "postgresql:///intake"', "store_room in site.toml is at least 4000000000"),
        (f'{ROOM}store = "intake"', "no URL of a database"),
        (f'{ROOM}store = "postgresql://"', "no URL of a database"),
        (f'{ROOM}store = "postgresql://[/intake"', "no URL of a database"),
        (f'{ROOM}store = "mysql:///intake"', "no URL of a database"),
        (f'{ROOM}store = "postgresql://u:word@/intake"', "has a password"),
        (f'{ROOM}store = "postgresql:///intake?password=word"', "has a password"),
        (f'{ROOM}store = "postgresql:///intake?service=x"', "names a service"),
        (f'{ROOM}store = "postgresql://a.example/intake"', "whom to believe"),
        (f'{ROOM}store = "postgresql://u@a,b/intake?sslmode=require"', "whom to believe"),
        (f'{ROOM}store = "postgresql:///intake?host=/run,a&sslmode=verify-ca"', "whom to believe"),
        (f'{ROOM}store = "postgresql:///intake?hostaddr=10.0.0.1"', "whom to believe"),
        ("weekly = 1", "lacks, or should not have: weekly"),
        ('neutral = "x"', "neutral in site.toml"),
        ('[neutral]\ntitle = "x"', "not a table"),
        ('[neutral.ru]\ntitle = "x"', "lines"),
        ('[neutral.ru]\ntitle = "x"\nlines = []', "1 to 40 lines"),
        ('[neutral.ru]\ntitle = "x"\nlines = [1]', "lines of"),
        ('[neutral.ru]\ntitle = ""\nlines = ["a"]', "title of"),
        ('[neutral.ru]\ntitle = "x"\nlines = ["a\\nb"]', "line of"),
        ('[neutral.ru]\ntitle = "x"\nlines = ["a"]\nnext = "b"', "next"),
        ('[neutral.de]\ntitle = "x"\nlines = ["a"]', "language of"),
        ('support = "x"', "support in site.toml"),
        ("support = [1]", "not a table"),
        ('[[support]]\nname = "x"', "checked, language, reach"),
        ('[[support]]\nname="x"\nlanguage="x"\nreach="x"\nchecked="2026-01-01"', "checked of"),
        ('[[support]]\nname="x"\nlanguage="x"\nreach="x"\nchecked=2026-01-01T00:00:00', "checked"),
        ('[[support]]\nname=""\nlanguage="x"\nreach="x"\nchecked=2026-01-01', "name in"),
        ('[[support]]\nname="x"\nlanguage="x"\nreach="\\u202e"\nchecked=2026-01-01', "reach in"),
    ],
)
def test_a_wrong_line_is_named(more: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says.replace("[", r"\[")):
        Settings.parse(f"{OLD}{more}\n".encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(MalformedError, match="not TOML"):
        Settings.parse(b"\xff")


@pytest.mark.parametrize(
    "address", ["http://abc.onion", "abc.onion/", "ABC.onion", "abc.example", "abc.onion:80", "a b"]
)
def test_only_onion_needs_the_very_words_that_a_browser_sends(address: str) -> None:
    """Else everybody would get the warning."""
    replace(BASE, address=address)
    with pytest.raises(MalformedError, match="only_onion"):
        replace(BASE, address=address, only_onion=True)


def test_files_are_asked_for_only_above_the_first_size() -> None:
    assert [replace(BASE, largest=size).takes_files for size in SIZES[:2]] == [False, True]


def test_a_support_list_is_as_long_as_every_page_has_room_for() -> None:
    """It is weighed as it is sent: a quotation mark takes six bytes."""
    row = replace(ENTRY, name="«Ж»")
    full = [row] * (MOST_SUPPORT // row.weight)
    room = MOST_SUPPORT - sum(entry.weight for entry in full)
    assert room < row.weight
    full[0] = replace(row, reach="x" * (len(row.reach) + room))
    assert len(replace(BASE, support=tuple(full)).support) >= 4
    full[0] = replace(row, reach="x" * (len(row.reach) + room - 1) + "Ж")
    with pytest.raises(MalformedError, match=r"support.* too long"):
        replace(BASE, support=tuple(full))
    assert replace(ENTRY, reach='"').weight == replace(ENTRY, reach="x" * 6).weight


def test_support_is_shown_for_90_days_after_it_was_checked() -> None:
    site = replace(BASE, support=(ENTRY,))
    for days, shown in ((-1, 1), (0, 1), (90, 1), (91, 0)):
        assert len(site.supporting(ENTRY.checked + dt.timedelta(days=days))) == shown


def test_support_with_a_date_ahead_is_not_shown() -> None:
    """A year that was typed wrong would keep a group shown for decades."""
    for days, stale in ((0, False), (1, False), (2, True), (3650, True)):
        assert ENTRY.is_stale(ENTRY.checked - dt.timedelta(days=days)) is stale


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///intake",
        "postgresql://intake@/intake?host=/run/a,/run/b&target_session_attrs=read-write",
        "postgresql://intake@a:5432,b:5432/intake?sslmode=verify-full&sslcert=/c&sslkey=/k",
    ],
)
def test_a_database_is_named_by_a_socket_or_by_whom_to_believe(url: str) -> None:
    said = replace(BASE, store=url, store_room=5_000_000_000)
    assert Settings.parse(said.to_bytes()) == said
