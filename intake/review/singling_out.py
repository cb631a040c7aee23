"""By which facts one account could be singled out among those of a case, and what more general ones would cost.

A count in here is of the accounts that the case has, and an upper bound at that: whoever knows the village, the
unit or the day knows more than any of them. So nothing in here says that somebody cannot be known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from intake.errors import MalformedError

FEW: Final = 5  # accounts; where fewer fit, they are shown inside and hidden in every export
MOST: Final = 12  # combinations that are named, the smallest first
TOGETHER: Final = 4  # facts in one combination that is looked for
FACTS_LIMIT: Final = 24  # facts of one account that are put together; the rest only narrows down
OUT: Final = ""
"""The value of a fact that is left out."""

_QUARTERS: Final = {f"{month:02d}": f"Q{(month + 2) // 3}" for month in range(1, 13)}

Fact = tuple[str, str]
Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Generalised:
    """What to do with all facts of one name: `level` 1 is the next more general value, the last leaves it out."""

    name: str
    level: int
    last: bool


@dataclass(frozen=True)
class Risk:
    """What singles one account out of `accounts`; `fit` is how many have all of its facts, or do not say.

    `alone` are the smallest combinations by which it is the only one. `cheapest` are the fewest changes
    after which at least five fit; None where there are none, for want of accounts.
    """

    accounts: int
    fit: int
    alone: tuple[tuple[Fact, ...], ...]
    cheapest: tuple[Generalised, ...] | None


def levels(name: str, value: str) -> tuple[str, ...]:
    """A value and all more general ones, the last of which is that it is left out."""
    if name == "month":
        year, _, month = value.partition("-")
        return value, f"{year}-{_QUARTERS.get(month, month)}", year, OUT
    return value, OUT


class Meter:
    """The facts of all accounts of a case, ready to be asked about each; a fact that an account lacks fits all."""

    def __init__(self, accounts: Mapping[str, Facts]) -> None:
        self._ids = sorted(accounts)
        self._at = {one: number for number, one in enumerate(self._ids)}
        self._facts = [accounts[one] for one in self._ids]
        self._all = (1 << len(self._ids)) - 1
        self._said = dict[str, int]()
        self._having = dict[tuple[str, int], dict[str, int]]()
        for number, facts in enumerate(self._facts):
            for name, values in facts.items():
                self._said[name] = self._said.get(name, 0) | (bool(values) << number)
                for value in values:
                    for level, general in enumerate(levels(name, value)):
                        having = self._having.setdefault((name, level), {})
                        having[general] = having.get(general, 0) | (1 << number)

    def __contains__(self, account: str) -> bool:
        return account in self._at

    def risk(self, account: str) -> Risk:
        """What singles out one account; `MalformedError` where there is none of this id."""
        if account not in self._at:
            raise MalformedError("nothing is coded of this item", "code it first")
        facts = self._facts[self._at[account]]
        masks = self._masks(facts)
        fit = self._fit(masks.values()).bit_count()
        return Risk(len(self._ids), fit, tuple(self._alone(masks)), self._cheapest(facts))

    def alone(self) -> int:
        """How many accounts are the only one by some combination of their facts."""
        return sum(self._fit(self._masks(facts).values()).bit_count() == 1 for facts in self._facts)

    def _masks(self, facts: Facts) -> dict[Fact, int]:
        """For each fact the accounts that have it, or do not say."""
        pairs = sorted((name, value) for name, values in facts.items() for value in values)
        return {(name, value): self._mask(name, value, 0) for name, value in pairs[:FACTS_LIMIT]}

    def _mask(self, name: str, value: str, level: int) -> int:
        silent = self._all & ~self._said[name]
        return self._having[name, level].get(value, 0) | silent

    def _fit(self, masks: Iterable[int]) -> int:
        fit = self._all
        for mask in masks:
            fit &= mask
        return fit

    def _alone(self, masks: Mapping[Fact, int]) -> list[tuple[Fact, ...]]:
        """The smallest combinations that one account alone has: none of them holds another."""
        found: list[tuple[Fact, ...]] = []
        facts = list(masks)
        begun: list[tuple[tuple[int, ...], int]] = [((), self._all)]
        for _ in range(TOGETHER):
            longer: list[tuple[tuple[int, ...], int]] = []
            for taken, fit in begun:
                for at in range(taken[-1] + 1 if taken else 0, len(facts)):
                    both = fit & masks[facts[at]]
                    names = (*(facts[i] for i in taken), facts[at])
                    if any(set(small) <= set(names) for small in found):
                        continue
                    if both.bit_count() == 1:
                        found.append(names)
                        if len(found) == MOST:
                            return found
                    elif both != fit:
                        longer.append(((*taken, at), both))
            begun = longer
        return found

    def _cheapest(self, facts: Facts) -> tuple[Generalised, ...] | None:
        """The fewest names that are changed, then the fewest levels, so that at least five accounts fit."""
        names = sorted(name for name, values in facts.items() if values)
        tops = {name: max(len(levels(name, value)) for value in facts[name]) - 1 for name in names}
        ways = sorted(
            product(*(range(tops[name] + 1) for name in names)),
            key=lambda way: (sum(map(bool, way)), sum(way), way),
        )
        by_level = {
            (name, level): self._fit(
                self._mask(name, levels(name, value)[level], level) for value in facts[name]
            )
            if level < tops[name]
            else self._all
            for name in names
            for level in range(tops[name] + 1)
        }
        for way in ways:
            fit = self._fit(by_level[pair] for pair in zip(names, way, strict=True))
            if fit.bit_count() >= FEW:
                return tuple(
                    Generalised(name, level, level == tops[name])
                    for name, level in zip(names, way, strict=True)
                    if level
                )
        return None


def generalised(facts: Facts, changes: Sequence[Generalised]) -> dict[str, frozenset[str]]:
    """The facts after some changes: what is left out is not there."""
    by_name = {one.name: one.level for one in changes}
    changed = {
        name: frozenset(levels(name, value)[by_name.get(name, 0)] for value in values) - {OUT}
        for name, values in facts.items()
    }
    return {name: values for name, values in changed.items() if values}
