"""Serves the log's files as they lie in the site's folder: the checkpoint, and tiles by name.

Nothing here says which entry is whose: who wants to know about one takes whole tiles.
"""

from flask import Blueprint, Response, abort

from intake.errors import MalformedError
from intake.log.folder import LogFolder
from intake.tlog.tiles import TileName


class LogFiles:
    """The read side of C2SP tlog-tiles, under `/log`."""

    def __init__(self, folder: LogFolder) -> None:
        self._folder = folder

    def blueprint(self) -> Blueprint:
        """`/log/checkpoint` and `/log/tile/…`."""
        pages = Blueprint("log_files", __name__)
        pages.add_url_rule("/log/checkpoint", view_func=self.checkpoint)
        pages.add_url_rule("/log/<path:name>", view_func=self.tile)
        return pages

    def checkpoint(self) -> Response:
        """The newest checkpoint with enough cosignatures."""
        signed = self._folder.published()
        if signed is None:
            abort(404)
        return Response(signed.to_bytes(), content_type="text/plain; charset=utf-8")

    def tile(self, name: str) -> Response:
        """A tile, or a bundle of entries, by its one spelling."""
        try:
            content = self._folder.tile(TileName.parse(name))
        except MalformedError:
            abort(404)
        if content is None:
            abort(404)
        return Response(content, content_type="application/octet-stream")
