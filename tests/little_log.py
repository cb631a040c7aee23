"""A small real log for tests, and a bundle under it: each part can be exchanged for a false one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

from intake.bundle import (
    Bundle,
    Contents,
    Item,
    Waiting,
    framed,
    framed_statements,
    statements_length,
    write_bundle,
)
from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.event import Collected, Event, Void, Withdrawn
from intake.log.promising import promise_for
from intake.opening import Opening
from intake.roster import SignedRoster
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from intake.tlog.entries import Blinded, EpochClosed, RosterChanged
from intake.tlog.merkle import EMPTY, leaf_hashes
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.policy import NONE, Log, Policy
from tests.panel import DEPLOYMENT, Panel, seed

STEP = 16
LOG = Signer(origin_of(DEPLOYMENT), Algorithm.ED25519, seed("log"))
POLICY = Policy((Log(LOG.vkey),), (), (), NONE)


def this_week() -> Epoch:
    """The week of this machine's clock."""
    return Epoch.of(dt.datetime.now(dt.UTC).date())


@dataclass(frozen=True)
class LittleLog:
    """Entries and the openings of the blinded ones, both in order."""

    entries: tuple[bytes, ...] = ()
    openings: tuple[bytes, ...] = ()

    def with_rosters(self, *notes: bytes) -> "LittleLog":
        """The log with an entry for each roster, from the first version on."""
        known = {}
        for note in notes:
            try:
                roster = SignedRoster.parse(note).roster
            except IntakeError:
                continue
            known[roster.version] = roster
        changed = [
            RosterChanged(known[v].version, known[v].digest).to_bytes() for v in sorted(known)
        ]
        return replace(self, entries=(*self.entries, *changed))

    def close(self, epoch: Epoch, *events: Event) -> "LittleLog":
        """The log with a week of these events, filled up with void ones."""
        voids = [Void.fresh(epoch) for _ in range(-len(events) % STEP or STEP * (not events))]
        every: list[Event] = [*events, *voids]
        return LittleLog(
            (*self.entries, *(Blinded(e.commit).to_bytes() for e in every), _closed(epoch)),
            (*self.openings, *(event.to_bytes() for event in every)),
        )

    def number(self, event: Event) -> int:
        """Which entry commits to this."""
        return self.entries.index(Blinded(event.commit).to_bytes())

    def signed(self, signer: Signer = LOG, size: int | None = None) -> SignedCheckpoint:
        """The checkpoint of its first `size` entries, all unless given."""
        entries = self.entries[:size]
        edge = EMPTY.extended(leaf_hashes(entries))
        text = Checkpoint(signer.name, edge.size, edge.root).to_bytes()
        return SignedCheckpoint(Note(text, (signer.sign(text),)))


@dataclass(frozen=True)
class Little:
    """What a bundle is made of. `items` are in the log, `unlogged` are promised to it."""

    panel: Panel
    log: LittleLog | None
    items: tuple[tuple[Opening, bytes], ...] = ()
    unlogged: tuple[tuple[Opening, bytes], ...] = ()
    events: tuple[Opening | Withdrawn | Collected, ...] = ()
    statements: tuple[bytes, ...] = ()
    notes: tuple[bytes, ...] = ()
    signed: SignedCheckpoint | None = None
    objects: bool = True
    promises: dict[bytes, bytes] = field(default_factory=dict)

    def contents(self) -> tuple[Contents, dict[bytes, bytes]]:
        """The manifest, and the object of each opening."""
        every = {o.to_bytes(): (o, data, b"") for o, data in self.items}
        every |= {
            o.to_bytes(): (o, data, self.promises.get(o.commit, promise_for(o, LOG)))
            for o, data in self.unlogged
        }
        waiting = sorted(self.events, key=lambda event: event.to_bytes())
        log = self.log
        signed = self.signed or (None if log is None else log.signed())
        contents = Contents(
            deployment=self.panel.roster.deployment,
            epoch=this_week(),
            rosters=(self.panel.note, *self.notes),
            items=tuple(
                Item(every[key][0], len(every[key][1]), every[key][2]) for key in sorted(every)
            ),
            checkpoint=b"" if signed is None else signed.to_bytes(),
            log=(0, 0) if log is None else (_length(log.entries), _length(log.openings)),
            statements=statements_length(self.statements),
            events=tuple(
                Waiting(e, self.promises.get(e.commit, promise_for(e, LOG))) for e in waiting
            ),
            objects=self.objects,
        )
        return contents, {key: data for key, (_, data, _) in every.items()}

    def body(self) -> list[bytes]:
        """The log section, and the statements."""
        log = self.log or LittleLog()
        return [
            *framed(log.entries),
            *framed(log.openings),
            *framed_statements(self.statements),
        ]

    def bundle(self) -> Bundle:
        """A bundle that was opened. Its padding and its age file are other tests'."""
        contents, objects = self.contents()
        data = [objects[item.opening.to_bytes()] for item in contents.items] if self.objects else []
        return Bundle(BytesIO(b"".join([*self.body(), *data])), contents, 0)

    def to_bytes(self, recipients: Sequence[object] = ()) -> bytes:
        """The whole file, sealed to the panel unless to others."""
        contents, objects = self.contents()
        sink = BytesIO()
        write_bundle(
            sink,
            contents,
            self.body(),
            lambda opening: objects[opening.to_bytes()],
            tuple(recipients) or self.panel.roster.recipients,  # type: ignore[arg-type]
        )
        return sink.getvalue()


def _closed(epoch: Epoch) -> bytes:
    return EpochClosed(epoch).to_bytes()


def _length(values: Sequence[bytes]) -> int:
    return sum(2 + len(value) for value in values)
