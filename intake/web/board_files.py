"""Serves the board as it lies in the site's folder: the index, and every part by its number.

It is one for everybody. Nothing here knows which row is whose, nor who asks.
"""

import re
from typing import Final

from flask import Blueprint, Response, abort

from intake.web.board_folder import BoardFolder

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,3}", re.ASCII)  # a board has at most 7,813 parts


class BoardFiles:
    """The read side of the board, under `/board`."""

    def __init__(self, folder: BoardFolder) -> None:
        self._folder = folder

    def blueprint(self) -> Blueprint:
        """`/board/index` and `/board/0`, `/board/1`, …"""
        pages = Blueprint("board_files", __name__)
        pages.add_url_rule("/board/index", view_func=self.index)
        pages.add_url_rule("/board/<number>", view_func=self.part)
        return pages

    def index(self) -> Response:
        """How many rows there are, and the hash of each part."""
        return Response(self._folder.index(), content_type="text/plain; charset=utf-8")

    def part(self, number: str) -> Response:
        """A part, by the one spelling of its number."""
        content = self._folder.part(int(number)) if _NUMBER.fullmatch(number) else None
        if content is None:
            abort(404)
        return Response(content, content_type="application/octet-stream")
