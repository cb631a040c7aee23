"""Whatever bytes come, a parser reads them in their one spelling or refuses them in our words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.parser import Parser
from tests.fuzz.table import PARSERS

cuts = st.tuples(
    st.floats(0, 1),
    st.integers(0, 60),
    st.binary(max_size=40) | st.text(max_size=8).map(str.encode),
)


def changed(data: bytes, change: tuple[float, int, bytes]) -> bytes:
    """The same bytes with some of them cut out and others put in."""
    where, cut, put = change
    at = int(where * len(data))
    return data[:at] + put + data[at + cut :]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_a_parser_reads_or_refuses_anything(parser: Parser) -> None:
    """What its writers made, changed in one to three places; lines of it; and bytes of no kind."""
    seeds = st.sampled_from(parser.seeds)
    rows = st.sampled_from([row + b"\n" for seed in parser.seeds for row in seed.split(b"\n")])

    @settings(deadline=None, max_examples=75, database=None)
    @given(
        st.tuples(seeds, st.lists(cuts, min_size=1, max_size=3)),
        st.lists(rows, max_size=6).map(b"".join),
        st.binary(max_size=200),
    )
    def reads_or_refuses(
        made: tuple[bytes, list[tuple[float, int, bytes]]], lines: bytes, anything: bytes
    ) -> None:
        data, changes = made
        for change in changes:
            data = changed(data, change)
        for came in (data, lines, anything):
            parser.check(came)

    reads_or_refuses()
