"""A run of the tests lies within one day, and so within one week.

Most of them make things of the day in which they were read in, and every server and command that
they start looks at the clock itself.
"""

import datetime as dt
import sys
import time

RUN = dt.timedelta(minutes=20)  # what `make test` takes at most


def left_to_wait(now: dt.datetime) -> dt.timedelta:
    """How long to wait so that no day ends during a run: nothing, but right before an end."""
    left = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), dt.UTC) - now
    return left + dt.timedelta(seconds=1) if left < RUN else dt.timedelta()


def wait_for_it() -> None:
    """Wait until the day that ends during the run has ended, and say so."""
    if wait := left_to_wait(dt.datetime.now(dt.UTC)):
        print(f"the day ends soon in UTC: waiting {wait} for the next one", file=sys.stderr)
        time.sleep(wait.total_seconds())
