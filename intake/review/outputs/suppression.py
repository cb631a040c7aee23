"""Which numbers of a set of tables are hidden, so that nobody can work out a small one from the rest.

Counts, their totals and the totals that two tables share are edges of one network in which what flows
in flows out. What a reader with every published total can work out of a hidden edge is exactly the
range of that edge over all flows in whole numbers that agree with what is shown.

The promise: of every hidden number under k, each value from 0 to k - 1 is possible still. A number
that is hidden only to guard others may be known more closely; it is k or more anyway.
"""

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from intake.errors import ProofError

Node = Hashable

SOURCE: Node = "source"
"""The node where every flow begins and ends."""


@dataclass(frozen=True)
class Edge:
    """A count that flows from `tail` to `head`; at most `most`. A total is hidden before a cell is.

    One that is `known` is published whatever happens, such as the number of accounts.
    """

    tail: Node
    head: Node
    value: int
    most: int
    total: bool = False
    known: bool = False


def hidden(edges: Sequence[Edge], k: int) -> frozenset[int]:
    """The indices of the edges to hide: every one under k, and what else must go with them.

    Raises `ProofError` where even hiding all that may be hidden does not keep the promise.
    """
    free = {i for i, edge in enumerate(edges) if edge.value < k and not edge.known}
    small = sorted(free)
    at = 0
    while at < len(small):
        if protected(edges, free, small[at], k):
            at += 1
            continue
        free.add(_next_to_hide(edges, free, edges[small[at]]))
    # Hiding more only widens every range, so what was checked before holds still.
    return frozenset(free)


def protected(edges: Sequence[Edge], free: set[int], index: int, k: int) -> bool:
    """Whether a hidden edge may be anything from 0 to k - 1, for all that a reader knows."""
    edge = edges[index]
    rise, fall = max(0, k - 1 - edge.value), edge.value
    return _moves(edges, free, index, rise, up=True) and _moves(edges, free, index, fall, up=False)


def _moves(edges: Sequence[Edge], free: set[int], index: int, units: int, *, up: bool) -> bool:
    """Whether the edge can be changed by that many units while all that is shown stays.

    Each unit is a way from its head back to its tail over hidden edges, or for less the other way
    round: augmenting paths of Ford and Fulkerson.
    """
    edge = edges[index]
    if edge.value + (units if up else 0) > edge.most:
        return False
    flow = {i: edges[i].value for i in free if i != index}
    start, end = (edge.head, edge.tail) if up else (edge.tail, edge.head)
    beside: dict[Node, list[tuple[int, Node, int]]] = {}
    for i in sorted(flow):
        beside.setdefault(edges[i].tail, []).append((i, edges[i].head, 1))
        beside.setdefault(edges[i].head, []).append((i, edges[i].tail, -1))
    for _ in range(units):
        way = _way(edges, flow, beside, start, end)
        if way is None:
            return False
        for i, step in way:
            flow[i] += step
    return True


def _way(
    edges: Sequence[Edge],
    flow: dict[int, int],
    beside: dict[Node, list[tuple[int, Node, int]]],
    start: Node,
    end: Node,
) -> list[tuple[int, int]] | None:
    came: dict[Node, tuple[Node, int, int] | None] = {start: None}
    queue = deque([start])
    while queue and end not in came:
        node = queue.popleft()
        for i, other, step in beside.get(node, ()):
            room = flow[i] < edges[i].most if step > 0 else flow[i] > 0
            if room and other not in came:
                came[other] = node, i, step
                queue.append(other)
    if end not in came:
        return None
    way: list[tuple[int, int]] = []
    while (last := came[end]) is not None:
        end, i, step = last
        way.append((i, step))
    return way


def _next_to_hide(edges: Sequence[Edge], free: set[int], edge: Edge) -> int:
    """The smallest shown number beside this one, a total before a cell; else of the whole table."""
    shown = [i for i, one in enumerate(edges) if i not in free and not one.known]
    near = [i for i in shown if {edges[i].tail, edges[i].head} & {edge.tail, edge.head} - {SOURCE}]
    rest = near or shown
    if not rest:
        raise ProofError(
            "the counts cannot be published without giving a small one away",
            "publish the number of accounts alone",
        )
    return min(rest, key=lambda i: (not edges[i].total, edges[i].value, i))
