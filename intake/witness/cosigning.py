"""Answers one request to add a checkpoint: decide, store, cosign, in this order and one at a time.

It knows nothing of HTTP but its status codes, and nothing of who asks.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.tlog.witness import SIZE_KIND, KnownLog, decide, write_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.witness.record import WitnessFolder

PLAIN: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """A status, the type of the body, the body."""

    status: int
    kind: str
    body: bytes


class Witness:
    """What stands behind `add-checkpoint`; safe to call from many threads."""

    def __init__(
        self, folder: WitnessFolder, clock: Callable[[], int] = lambda: int(time.time())
    ) -> None:
        self._folder = folder
        self._clock = clock

    def answer(self, body: bytes) -> Answer:
        """Judge a request and answer it (c2sp.org/tlog-witness).

        1. decide, while no other request for this log is being decided
        2. store what is accepted; an `OSError` leaves it unsigned
        3. cosign it
        """
        with ExitStack() as held:

            def find_log(origin: str) -> KnownLog | None:
                log = self._folder.logs.get(origin)
                if log is None:
                    return None
                # Taken here and kept until the checkpoint is stored: the specification's race.
                held.enter_context(log.lock)
                return KnownLog(log.keys, log.latest)

            # (1)
            verdict = decide(body, find_log)
            if verdict.accepted is not None:
                # (2)
                self._folder.logs[verdict.accepted.origin].keep(verdict.accepted)
        if verdict.accepted is not None:
            # (3)
            lines = self._folder.keys.cosign(verdict.accepted, self._clock())
            return Answer(verdict.status, PLAIN, write_answer(lines))
        if verdict.latest is not None:
            return Answer(verdict.status, SIZE_KIND, b"%d\n" % verdict.latest)
        return Answer(verdict.status, PLAIN, f"{verdict.reason}\n".encode())
