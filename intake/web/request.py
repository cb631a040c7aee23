"""Requests that are read into memory alone: whatever is uploaded, no byte of it reaches a disk.

Nothing that was typed is lost on the way in: bytes that are no text become U+FFFD, which the form
then names, instead of emptying the answer or the whole form.
"""

import re
from binascii import unhexlify
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import IO, Any

from flask import Request, request
from gunicorn.http.errors import ParseException
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

# Bytes: a text far too long still comes back with the words that say so. No more, since a page that
# gives back 1 MiB of quotation marks takes many times that in memory.
MAX_FORM = 1024 * 1024
MAX_PARTS = 512  # the guided form has about 260, with everything asked nine times
_MAX_DRAIN = 16 * 1024 * 1024
# Of several words at once, but not of a whole text: `re` keeps 170 bytes for each repetition.
_ESCAPES = re.compile(rb"%[0-9A-Fa-f]{2}(?: ?%[0-9A-Fa-f]{2}){,255}")


def unquote(value: bytes) -> str:
    """The text of one urlencoded name or value."""
    value = _ESCAPES.sub(_bytes_of, value.replace(b"+", b" "))
    return value.decode("utf-8", "replace")


def _bytes_of(escapes: re.Match[bytes]) -> bytes:
    return unhexlify(escapes[0].replace(b"%", b"").replace(b" ", b"20"))


class MemoryFormParser(FormDataParser):
    """Reads forms of both encodings; malformed ones are refused, never taken as empty."""

    def __init__(self, stream_factory: Callable[..., IO[bytes]], **limits: Any) -> None:
        super().__init__(stream_factory, silent=False, **limits)

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]:
        """As the base class, but a broken body is a `BadRequest`."""
        try:
            return super().parse(stream, mimetype, content_length, options)
        except ValueError:
            raise BadRequest("the form is malformed") from None

    def _parse_urlencoded(
        self,
        stream: IO[bytes],
        mimetype: str,  # noqa: ARG002
        content_length: int | None,
        options: dict[str, str],  # noqa: ARG002
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]:
        body = stream.read()
        if content_length is not None and len(body) != content_length:
            raise ClientDisconnected
        rows = body.split(b"&") if body else []
        if self.max_form_parts is not None and len(rows) > self.max_form_parts:
            raise RequestEntityTooLarge
        pairs = (row.partition(b"=") for row in rows)
        fields = [(unquote(name), unquote(value)) for name, _, value in pairs]
        return stream, self.cls(fields), self.cls()


class _Body:
    """The server's stream of a body. What the server finds wrong with it is a `BadRequest`."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes, or all."""
        try:
            return self._source.read(size)
        except (ParseException, OSError):  # a broken chunk; a connection lost, or too slow
            raise BadRequest("the body is malformed or ends early") from None


class MemoryRequest(Request):
    """A request whose uploads stay in memory at any size that is taken at all."""

    form_data_parser_class = MemoryFormParser

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        super().__init__(environ, *args, **kwargs)

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        # The stock one spills to a temporary file from 500 kB (protocol 1.5, trap 12).
        return BytesIO()

    def drain(self) -> None:
        """Read and forget what is left of the body; nothing where it is announced as over 16 MiB.

        A server that answers and closes with unread bytes resets the connection, and then the
        person sees the browser's error instead of our answer.
        """
        if not self.environ.get("wsgi.input_terminated"):
            return  # reading on could wait for ever
        if (self.content_length or 0) > _MAX_DRAIN:
            return  # no text and no letter is that long: refused at once
        source = self.environ["wsgi.input"]
        left = _MAX_DRAIN
        with suppress(BadRequest):  # it is answered anyway
            while left > 0 and (gone := source.read(65536)):
                left -= len(gone)


def drain() -> None:
    """`MemoryRequest.drain` of the request that is being answered."""
    if isinstance(request, MemoryRequest):
        request.drain()
