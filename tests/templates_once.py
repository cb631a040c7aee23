"""Templates and addresses compiled and files packed once in a run's process, and not for each site of a test.

A server does so with all of them before its first request, which is what most of a small test would be.
"""

import gzip
from collections.abc import Callable
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from intake.web import public_files

# What was compiled of a template, under its name, its file and every letter of it.
Codes = dict[tuple[str, str], CodeType | None]
# A file and the time that is written into it, with the same packed.
Packed = dict[tuple[bytes, int], bytes]
# How addresses of a rule are made: the rule, what it was read as, and whether more may follow.
Addresses = dict[tuple[str, tuple[tuple[bool, str], ...], bool], CodeType]


class _Compiled(BytecodeCache):
    def __init__(self, codes: Codes) -> None:
        self._codes = codes

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def compile_templates_once(codes: Codes | None = None) -> Codes:
    """From now on, in this process and its forks; gives all that is compiled, to begin with `codes`."""
    codes = {} if codes is None else codes
    shared = _Compiled(codes)
    begin = Environment.__init__

    def begun(self: Environment, *words: object, **named: object) -> None:
        begin(self, *words, **named)
        self.bytecode_cache = shared

    Environment.__init__ = begun
    return codes


def pack_files_once(packed: Packed | None = None) -> Packed:
    """From now on, in this process and its forks; gives all that is packed, to begin with `packed`."""
    known = {} if packed is None else packed

    def compress(content: bytes, *, mtime: int) -> bytes:
        if (content, mtime) not in known:
            known[content, mtime] = gzip.compress(content, mtime=mtime)
        return known[content, mtime]

    public_files.gzip = SimpleNamespace(compress=compress)
    return known


def compile_addresses_once(codes: Addresses | None = None) -> Addresses:
    """From now on, in this process and its forks; gives all that is compiled, to begin with `codes`."""
    known = {} if codes is None else codes
    compiled: Callable[[Rule, bool], Callable[..., Any]] = Rule._compile_builder

    def once(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        if self.defaults:
            return compiled(self, append_unknown)
        key = self.rule, tuple(self._trace), append_unknown
        if key not in known:
            known[key] = compiled(self, append_unknown).__code__
        return FunctionType(known[key], {})

    Rule._compile_builder = once
    return known
