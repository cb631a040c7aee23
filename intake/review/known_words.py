"""What a program remembers of single words that it met, so as not to look them up again, and lets go of.

Those words are of testimony: whoever drops the keys drops them too.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_T = TypeVar("_T")

_FORGET: Final[list[Callable[[], None]]] = []


def known_words(most: int) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Remember what a function said of the last `most` words, until `forget_words`."""

    def remember(function: Callable[_P, _T]) -> Callable[_P, _T]:
        cached = lru_cache(most)(function)
        _FORGET.append(cached.cache_clear)
        return cast("Callable[_P, _T]", cached)

    return remember


def forget_words() -> None:
    """Let go of every word; what is asked next is looked up anew."""
    for forget in _FORGET:
        forget()
