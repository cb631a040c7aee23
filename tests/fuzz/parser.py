"""What is asked of whatever reads bytes of a stranger: our own errors only, one spelling, in time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.errors import IntakeError

SLOW = 2.0  # seconds of processor time for any input of at most 64 KiB; a tenth is usual


class BrokenError(AssertionError):
    """A parser did something else than to read or to refuse."""


@dataclass(frozen=True)
class Parser:
    """One reader of bytes.

    `write` gives the bytes of what was read: the very same that came where `one_spelling`, and else
    some that read back as the same. `covers` are the functions of the product that it stands for;
    `seeds` were made by the real writers. `refuses` is what it may raise.
    """

    name: str
    read: Callable[[bytes], Any]
    seeds: tuple[bytes, ...]
    write: Callable[[Any], bytes] | None = None
    one_spelling: bool = True
    covers: tuple[Callable[..., object], ...] = ()
    refuses: tuple[type[Exception], ...] = (IntakeError,)
    patience: float = SLOW

    def check(self, data: bytes) -> bool:
        """Read once: True where it was read, False where it was refused; raises anything else.

        1. it takes no longer than its `patience`;
        2. it raises what it may, or nothing;
        3. what it read is written as it came, or at least reads back as the same.
        """
        begin = time.process_time()
        try:
            # (2)
            value = self.read(data)
        except self.refuses:
            return False
        finally:
            # (1)
            spent = time.process_time() - begin
            if spent > self.patience:
                raise BrokenError(f"{self.name} took {spent:.1f} s for {len(data)} bytes")
        # (3)
        if self.write is not None:
            written = self.write(value)
            if self.one_spelling and written != data:
                raise BrokenError(f"{self.name} reads a second spelling")
            if not self.one_spelling and self.write(self.read(written)) != written:
                raise BrokenError(f"{self.name} does not read back what was read")
        return True


def text_of(data: bytes) -> str:
    """Bytes as the command line gives them: what is no UTF-8 becomes lone surrogates."""
    return data.decode(errors="surrogateescape")


def bytes_of(value: object) -> bytes:
    """The text of a value, back from what `text_of` made."""
    return str(value).encode(errors="surrogateescape")


def parts_of(read: Callable[..., Any]) -> tuple[str, str]:
    """The module and the name under which a function was defined."""
    return read.__module__, read.__qualname__
