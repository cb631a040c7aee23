"""The age format's own errors: each says which part of a file failed, and none says a secret."""

from intake.errors import IntakeError, MalformedError, ProofError


class HeaderError(MalformedError):
    """The header of an age file, or one of its stanzas, does not follow the format."""


class ArmorError(MalformedError):
    """The text form of an age file is not strict PEM."""


class RecipientsError(MalformedError):
    """These recipients must not be given one file together, or there are none."""


class MacError(ProofError):
    """The header was altered: its MAC does not fit the file key."""


class PayloadError(ProofError):
    """The payload was altered, reordered, cut short or added to."""


class UnavailableError(IntakeError):
    """This machine lacks an algorithm, or the memory, that the file format needs."""
