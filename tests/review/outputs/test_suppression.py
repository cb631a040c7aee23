"""An attacker with every published number, and time to try all tables, learns no small one."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import ProofError
from intake.review.outputs.suppression import SOURCE, Edge, hidden, protected

K = 3  # small, so that all tables can be tried
N = 4


def possible(edges: list[Edge], shown: dict[int, int]) -> list[set[int]]:
    """Every value of every edge in any flow that agrees with what is shown: by trying them all."""
    cells = [i for i, edge in enumerate(edges) if not edge.total]
    free = [i for i in cells if i not in shown]
    seen: list[set[int]] = [set() for _ in edges]
    for values in product(*(range(edges[i].most + 1) for i in free)):
        table = {i: shown[i] for i in cells if i in shown} | dict(zip(free, values, strict=True))
        whole = totals(edges, table)
        if whole is None or any(whole[i] != value for i, value in shown.items()):
            continue
        for i, value in whole.items():
            seen[i].add(value)
    return seen


def totals(edges: list[Edge], table: dict[int, int]) -> dict[int, int] | None:
    """The totals that these cells give; None where a total of two tables would differ."""
    whole = dict(table)
    for i, edge in enumerate(edges):
        if edge.total:
            sums = [
                sum(value for j, value in table.items() if getattr(edges[j], side) == node)
                for side, node in (("head", edge.tail), ("tail", edge.head))
                if node != SOURCE
            ]
            if len(set(sums)) != 1 or sums[0] > edge.most:
                return None
            whole[i] = sums[0]
    return whole


def one_table(values: list[list[int]]) -> list[Edge]:
    rows, columns = range(len(values)), range(len(values[0]))
    edges = [Edge(("r", r), ("c", c), values[r][c], N) for r in rows for c in columns]
    edges += [Edge(SOURCE, ("r", r), sum(values[r]), 99, total=True) for r in rows]
    edges += [
        Edge(("c", c), SOURCE, sum(row[c] for row in values), 99, total=True) for c in columns
    ]
    return edges


def two_tables(left: list[list[int]], right: list[list[int]]) -> list[Edge]:
    """Two that share the totals of their rows: `right` is made to fit."""
    rows = range(len(left))
    edges = [Edge(("m", m), ("a", a), left[a][m], 2) for a in rows for m in range(2)]
    edges += [Edge(("t", a), ("b", b), right[a][b], 4) for a in rows for b in range(2)]
    edges += [Edge(("a", a), ("t", a), sum(left[a]), 4, total=True) for a in rows]
    edges += [Edge(SOURCE, ("m", m), sum(row[m] for row in left), 99, total=True) for m in range(2)]
    edges += [
        Edge(("b", b), SOURCE, sum(row[b] for row in right), 99, total=True) for b in range(2)
    ]
    return edges


def assert_safe(edges: list[Edge], k: int = K) -> None:
    hide = hidden(edges, k)
    shown = {i: edge.value for i, edge in enumerate(edges) if i not in hide}
    assert all(value >= k for value in shown.values())
    seen = possible(edges, shown)
    for i in hide:
        if edges[i].value < k:
            assert set(range(k)) <= seen[i], (i, edges[i])


counts = st.integers(0, N)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=2))
def test_no_small_number_of_a_table_can_be_worked_out(values: list[list[int]]) -> None:
    assert_safe(one_table(values))


few = st.integers(0, 2)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(few, few, few), min_size=2, max_size=2))
def test_nor_of_two_tables_that_share_their_totals(rows: list[tuple[int, int, int]]) -> None:
    left = [[one, other] for one, other, _ in rows]
    right = [[min(part, one + other), max(0, one + other - part)] for one, other, part in rows]
    assert_safe(two_tables(left, right), k=2)


def test_without_a_second_cell_the_first_would_be_known() -> None:
    """The case for which second cells are hidden: one small cell, and the totals around it."""
    edges = one_table([[1, 4, 4], [4, 4, 4]])
    primary = {i: edge.value for i, edge in enumerate(edges) if edge.value >= K}
    assert possible(edges, primary)[0] == {1}
    hide = hidden(edges, K)
    assert len(hide) > 1
    assert 0 in hide


def test_a_number_that_cannot_be_as_large_as_it_would_seem_is_not_protected() -> None:
    """Everybody knows that a cell is at most the number of accounts."""
    rest = [Edge(SOURCE, "all", 4, 9), Edge("all", SOURCE, 5, 9, total=True, known=True)]
    assert protected([Edge(SOURCE, "all", 1, 2), *rest], {0, 1}, 0, K)
    assert not protected([Edge(SOURCE, "all", 1, 1), *rest], {0, 1}, 0, K)


def test_totals_go_before_cells() -> None:
    edges = one_table([[1, 4, 4], [4, 4, 4]])
    assert all(edges[i].total for i in hidden(edges, K) if i)


def test_a_count_that_everybody_knows_is_never_hidden_and_guarded_against() -> None:
    line = [Edge(SOURCE, "all", value, 9) for value in (1, 8)]
    whole = Edge("all", SOURCE, 9, 9, total=True, known=True)
    assert hidden([*line, whole], 5) == {0, 1}
    with pytest.raises(ProofError, match="giving a small one away"):
        hidden([Edge(SOURCE, "all", 2, 9), Edge("all", SOURCE, 2, 9, total=True, known=True)], 5)
