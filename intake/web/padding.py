"""Gives every page that answers a form one of a few lengths, so that none tells how long a text is.

Nothing of such a page is ever compressed: compressed, its length would speak of what is in it.
"""

from flask import Response, request

SMALL = 64 * 1024  # bytes
LARGE = 256 * 1024
_OPENS, _CLOSES = b"<!--", b"-->"


class Blank(Response):
    """A page that gives nothing back: everybody gets it at one length, and it is not filled up."""


def padded_length(length: int) -> int:
    """The length to which a page of `length` bytes is filled up."""
    return SMALL if length <= SMALL else -(-length // LARGE) * LARGE


def pad(html: bytes) -> bytes:
    """`html` with a comment behind its end that makes its length one of the few."""
    room = padded_length(len(html)) - len(html)
    filling = room - len(_OPENS) - len(_CLOSES)
    if filling < 0:
        return html + b"\n" * room
    return html + _OPENS + b" " * filling + _CLOSES


def pad_answers(response: Response) -> Response:
    """Fill up every page that answers a POST, errors too; an `after_request` function.

    But for a `Blank` one: on a bad line its 50 kB would be waited for by everyone who starts.
    """
    answers = request.method == "POST" and not isinstance(response, Blank)
    if answers and response.mimetype == "text/html" and response.data:
        response.data = pad(response.data)
    return response
