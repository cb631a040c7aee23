"""What `intake serve` does not start with: each would break a promise with the first visitor.

`intake doctor` says these too, and much besides that a server may run with. It is not refused
where the disk is full, the clock is behind or swap is on: people would then find no page that says
so, and no reply. What the server sees to itself: a second one on the site, core dumps, a library
that cannot seal, and no roster, one that is expired or has a forbidden key.
"""

from collections.abc import Iterator

from intake.errors import StoreError
from intake.machine import Finding, Level
from intake.store import Store
from intake.web.checkup_folder import folder, key, log_key
from intake.web.site import Site


def refuse_unfit(site: Site) -> None:
    """Raise `StoreError` where a server of `site` in this process would break its promises.

    1. Others can read or exchange the keys: they could make the log say what they want.
    2. The keys are damaged: no form could be sent, and nothing promised.
    3. The store is missing, damaged, or of a newer version: what is taken could be lost.
    """
    for found in _findings(site):
        if found.level is Level.WRONG:
            raise StoreError(f"{found.topic}: {found.says}", found.advice)
    Store.open(site.store_place).close()


def _findings(site: Site) -> Iterator[Finding]:
    # (1)
    yield folder(site.folder)
    # (2)
    yield key(site)
    yield log_key(site)
