"""Templates compiled once in a run's process, and not once for each site that a test makes.

A server compiles all of them before its first request, which is what most of a small test would be.
"""

from typing import TYPE_CHECKING

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

if TYPE_CHECKING:
    from types import CodeType


class _Compiled(BytecodeCache):
    """What was compiled of a template, under its name, its file and every letter of it."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def compile_templates_once() -> None:
    """From now on, in this process; servers that tests start compile for themselves."""
    shared = _Compiled()
    begin = Environment.__init__

    def begun(self: Environment, *words: object, **named: object) -> None:
        begin(self, *words, **named)
        self.bytecode_cache = shared

    Environment.__init__ = begun
