"""The errors that people and callers meet, told apart by what one would do about them.

A message is one phrase; the advice is a separate hint. Neither ever holds a secret or a word of testimony.
"""


class IntakeError(Exception):
    """Never thrown directly.

    `hint` says what a person can do about it; empty where nothing useful can be said. `key` names the phrase for
    whoever says it in another language, with the `values` that stand in it; empty where there is none.
    """

    def __init__(self, phrase: str, hint: str = "", *, key: str = "", **values: object) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.hint = hint
        self.key = key
        self.values = values


class MalformedError(IntakeError):
    """Bytes or words from outside do not follow their format."""


class WrongKeyError(IntakeError):
    """No identity or passphrase offered opens this."""


class ProofError(IntakeError):
    """A hash, a signature or a proof does not hold."""


class RosterError(IntakeError):
    """A roster is unsigned, expired, empty, of another deployment, or older than one seen."""


class ConsentError(IntakeError):
    """What is asked for was not agreed to by the person who wrote."""


class StoreError(IntakeError):
    """The store is missing, locked, full, or was written by a newer version."""


class FullError(StoreError):
    """The week's room, or the disk's, is used up: nothing was kept, and later it may be."""


class EndedError(FullError):
    """The site has ended: nothing is taken any more, now or later."""


class GateError(IntakeError):
    """A step of the reviewers' work is out of order, or not this person's: the hint says what is missing."""
