"""Writes one deployment's log: public entries at once, an epoch's blinded ones when it is over.

The store comes first, then the tiles, then the signature: whatever a crash leaves undone is done by
the next run from the same rows in the same order, so that there is one tree and never two. No
network is used here; cosigning.py has no store.
"""

import secrets
from collections.abc import Sequence
from functools import partial
from itertools import islice

from intake.epoch import Epoch
from intake.errors import ProofError, StoreError
from intake.event import Event, Void, parse_event
from intake.log.folder import LogFolder
from intake.opening import Opening
from intake.store import Leaf, Leaves
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.entries import (
    STEP,
    Blinded,
    CodeReleased,
    ConfigChanged,
    EpochClosed,
    Restored,
    Retired,
    RosterChanged,
    parse_entry,
)
from intake.tlog.note import Note, Signer
from intake.tlog.tile_writer import TileWriter
from intake.tlog.tiles import WIDTH

MOST_WEEKS = 60  # closed in one run where nobody says else; more are more likely a wrong clock

Announcement = RosterChanged | ConfigChanged | CodeReleased


class SiteLog:
    """The log of one store, in one folder, under one key. Callers hold the folder's lock."""

    def __init__(self, leaves: Leaves, folder: LogFolder, signer: Signer, step: int = STEP) -> None:
        self._leaves = leaves
        self._folder = folder
        self._signer = signer
        self._step = step

    def announce(self, now: Sequence[Announcement]) -> int:
        """Add what is public and not logged yet; gives how many entries that were.

        `now` is every roster from the first on, the configuration and the code. A roster stands in
        the log once; the others again when they changed, also back to what they were. A log that
        ended gets no more.
        """
        logged = self._leaves.public()
        if retired_in(logged) is not None:
            return 0
        new = [entry for entry in now if _is_news(entry.to_bytes(), logged)]
        if new:
            self._leaves.append_public([entry.to_bytes() for entry in new])
        return len(new)

    def close_due(
        self, today: Epoch, *, now: bool = False, until: Epoch | None = None
    ) -> tuple[Epoch, ...]:
        """Close every epoch that is over, one after another; with `now`, this one too.

        Gives those that were closed. What comes later in an epoch that was closed early is taken
        in the next one. An epoch of which nothing came is closed like any other. With `until`, an
        epoch that is over, as many as there are up to it; without it, so many are refused. Of a
        log that ended none is closed any more.
        """
        if self.retired() is not None:
            return ()
        if until is not None and until >= today:
            raise StoreError(f"{until} is not over", "name a week before this one")
        due = self._due(until or (today if now else today.previous))
        if len(due) > MOST_WEEKS and until is None:
            raise StoreError(
                f"{len(due)} weeks would be closed at once",
                "look at the machine's clock; where it is right, say up to which week, as "
                f"`intake epoch --until {due[-1]}`",
            )
        for epoch in due:
            self._leaves.close(epoch, partial(arranged, epoch=epoch, step=self._step))
        return due

    def note_restored(self, epoch: Epoch) -> None:
        """Log that the site was restored from a backup; whoever wrote its log before must not go on."""
        self._leaves.append_public([Restored(epoch).to_bytes()])

    def retire(self, today: Epoch) -> Epoch:
        """End the log: close every epoch up to this one, and log that nothing comes after.

        Gives the epoch in which it ended; the one of before where it had ended already. Nothing
        may come meanwhile: the caller sees to it that no server runs.
        """
        ended = self.retired()
        if ended is not None:
            return ended
        self.close_due(today, now=True)
        later = [*self._leaves.waiting(), *self._leaves.waiting_events()]
        if later:
            week = max(parse_event(opening).epoch for opening in later)
            raise StoreError(
                f"something waits for the close of {week}", "end the site in that week, or later"
            )
        self._leaves.append_public([Retired(today).to_bytes()])
        return today

    def retired(self) -> Epoch | None:
        """The epoch in which the log ended, None where it goes on."""
        return retired_in(self._leaves.public())

    def _due(self, last: Epoch) -> tuple[Epoch, ...]:
        closed = self._leaves.closed()
        if closed is None:
            # A store from before it had a log: it begins where its first submission is.
            waiting = [Opening.parse(opening).epoch for opening in self._leaves.waiting()]
            epoch = min([last, *waiting])
        else:
            epoch = closed.next
        due: list[Epoch] = []
        while epoch <= last:
            due.append(epoch)
            epoch = epoch.next
        return tuple(due)

    def stage(self, shown: int = 0) -> SignedCheckpoint:
        """Write the tiles of all that the store has logged, and sign their checkpoint.

        First those of a tree of `shown` entries, which is shown until more is cosigned.
        Without a signed checkpoint in the folder the files are made from the beginning. Raises
        `ProofError` where the folder has more than the store, or other than it.
        """
        staged = self._folder.staged()
        writer = self._resumed(staged)
        begin = writer.edge.size
        if staged is not None:
            self._check_store(staged)
        entries = iter(self._leaves.entries(begin))
        if shown > begin:
            writer.append(islice(entries, shown - begin))
        edge = writer.append(entries)
        checkpoint = Checkpoint(self._signer.name, edge.size, edge.root)
        if staged is None or staged.checkpoint != checkpoint:
            self._leaves.confirm()
            text = checkpoint.to_bytes()
            staged = SignedCheckpoint(Note(text, (self._signer.sign(text),)))
            self._folder.stage(staged)
        return staged

    def _check_store(self, staged: SignedCheckpoint) -> None:
        """Raise unless the store holds what was signed.

        An older store that was put back has fewer entries, or, if it went on, other last ones.
        """
        size = staged.checkpoint.size
        begin = max(0, size - WIDTH)
        signed = self._folder.reader(staged).entries(begin)
        stored = islice(self._leaves.entries(begin), size - begin)
        if list(signed) != list(stored):
            raise ProofError(
                "the store does not hold the entries that the log signed",
                "an older store was put back: its log must not go on; restore the newest one",
            )

    def _resumed(self, staged: SignedCheckpoint | None) -> TileWriter:
        if staged is None:
            return TileWriter(self._folder.path)
        before = staged.checkpoint
        if before.origin != self._signer.name or not staged.note.signed_by(self._signer.vkey):
            raise ProofError("the log's folder was signed by another key, or is another log's")
        return TileWriter.resume(self._folder.path, before.size, before.root)

    def settle(self) -> None:
        """Write the store anew if an epoch was closed since it last was, and see to its file times."""
        self._leaves.settle()


def arranged(openings: Sequence[bytes], epoch: Epoch, step: int = STEP) -> list[Leaf]:
    """An epoch's entries: one of each opening, void ones up to a multiple of `step`, shuffled.

    `epoch-closed` stands after them.
    """
    events: list[Event] = [parse_event(opening) for opening in openings]
    lacking = max(step, -(-len(events) // step) * step) - len(events)
    events += [Void.fresh(epoch) for _ in range(lacking)]
    secrets.SystemRandom().shuffle(events)
    leaves = [Leaf(Blinded(event.commit).to_bytes(), event.to_bytes()) for event in events]
    return [*leaves, Leaf(EpochClosed(epoch).to_bytes())]


def retired_in(public: Sequence[bytes]) -> Epoch | None:
    """The epoch in which a log with these public entries ended, None where it goes on."""
    last = parse_entry(public[-1]) if public else None
    return last.epoch if isinstance(last, Retired) else None


def _is_news(entry: bytes, logged: Sequence[bytes]) -> bool:
    kind = entry.partition(b" ")[0]
    same = [before for before in logged if before.partition(b" ")[0] == kind]
    if kind == b"Proster-changed":
        return entry not in same
    return same[-1:] != [entry]
