"""Writes what a site keeps into one sealed file, whole or not at all (docs/format.md 9)."""

from collections.abc import Sequence
from pathlib import Path

from intake.age.whole import written_whole
from intake.bundle import Contents, Item, write_bundle
from intake.epoch import Epoch
from intake.opening import Opening
from intake.roster import Roster
from intake.store import Store


def collect_bundle(store: Store, roster: Roster, notes: Sequence[bytes], path: Path) -> int:
    """Write a bundle to the new file `path`; returns how many submissions it holds.

    `roster` is the one in use; `notes` are every roster of the site, which all go along: a reader
    follows the roots from the first to the last. Raises `MalformedError` where something stands at `path`.
    """
    sizes = store.sizes()
    openings = [Opening.parse(data) for data in sorted(sizes)]
    contents = Contents(
        deployment=roster.deployment,
        epoch=Epoch.now(),
        rosters=tuple(notes),
        items=tuple(Item(opening, sizes[opening.to_bytes()]) for opening in openings),
    )
    with written_whole(path, replace=False) as sink:
        write_bundle(
            sink, contents, lambda opening: store.sealed(opening.to_bytes()), roster.recipients
        )
    return len(openings)
