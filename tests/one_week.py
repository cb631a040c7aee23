"""A run of the tests lies within one week.

Most of them make things of the week in which they were read in, and every server and command that
they start looks at the clock itself.
"""

import datetime as dt
import sys
import time

from intake.epoch import Epoch

RUN = dt.timedelta(minutes=15)  # what `make test` takes at most


def left_to_wait(now: dt.datetime) -> dt.timedelta:
    """How long to wait so that no week ends during a run: nothing, but right before an end."""
    left = Epoch.of(now.date()).end - now
    return left + dt.timedelta(seconds=1) if left < RUN else dt.timedelta()


def wait_for_it() -> None:
    """Wait until the week that ends during the run has ended, and say so."""
    if wait := left_to_wait(dt.datetime.now(dt.UTC)):
        print(f"the week ends soon: waiting {wait} for the next one", file=sys.stderr)
        time.sleep(wait.total_seconds())
