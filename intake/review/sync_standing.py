"""What another copy of a case knows of the log, as this one takes it: its word, and no proof.

So nothing that is here is destroyed for it: that its author withdrew it, this copy learns by an import.
"""

from collections.abc import Iterator
from dataclasses import replace

from intake.errors import IntakeError
from intake.review.case import Case
from intake.review.standing import Standing, keep_standing, kept_standing
from intake.review.stick import Offer
from intake.review.sync_ledgers import Merged
from intake.review.unseal import unseal_record


def take_standing(case: Case, offer: Offer) -> Iterator[Merged]:
    """What the other copy knows of the log; of what is here a withdrawal is its word, and no proof."""
    theirs = Standing.from_json(unseal_record(offer.read("standing.age"), case.identities))
    ours = kept_standing(case) or Standing()
    told = {one for one in theirs.withdrawn - ours.withdrawn if _is_here(case, one)}
    both = replace(
        ours,
        withdrawn=ours.withdrawn | theirs.withdrawn,
        told=ours.told | told,
        logged=ours.logged | theirs.logged,
        decoys=ours.decoys | theirs.decoys,
    )
    if both != ours:
        keep_standing(case, both)
    for item in sorted(map(case.id_of, told)):
        if not offer.under(f"items/{item}/entry.age"):  # else it is destroyed with theirs
            yield Merged(
                f"item {item}: {offer.listing.machine} calls it withdrawn and never had it; nothing is"
                " done with it here until this copy imports the last bundle, which tells",
                alarm=True,
            )


def _is_here(case: Case, envelope: bytes) -> bool:
    """Whether an item is here, or may be: then only its own opening tells who may withdraw it."""
    try:
        entry = case.known(envelope)
    except IntakeError:
        return True
    return entry is not None and not entry.gone
