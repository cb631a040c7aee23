"""The log's signed word, given at once, that a submission will be in its epoch (docs/format.md 6).

It is evidence of having written: it is computed for everybody and kept by nobody here.
"""

from intake.event import Event
from intake.tlog.note import Signer
from intake.tlog.promise import Promise


def promise_for(event: Event, signer: Signer) -> bytes:
    """The note that promises an opening *as it was kept*: its epoch is the one that it will be in.

    About 250 bytes, of one length for one log and key.
    """
    return Promise(signer.name, event.epoch, event.commit).signed(signer).to_bytes()
