"""The least that a form like ours can cost in Flask: what `submit_*` is measured beside, in one run.

A page with a token, a POST that seals the text to one key and keeps it in SQLite, and a redirect,
under gunicorn as it comes. It pads nothing, says nothing in two languages and proves nothing.
"""

import secrets
import sqlite3
import sys
from pathlib import Path

from flask import Flask, abort, redirect, request
from gunicorn.app.base import BaseApplication
from werkzeug.wrappers import Response

from intake.age import HybridIdentity, encrypt_bytes

_PAGE = """<!doctype html><title>Form</title><form method="post" action="/send">
<input type="hidden" name="token" value="{}"><textarea name="narrative"></textarea>
<button>Send</button></form>"""


def create_app(store: Path) -> Flask:
    """The whole application."""
    app = Flask(__name__)
    key = HybridIdentity.generate().recipient
    connection = sqlite3.connect(store, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (sealed BLOB NOT NULL)")

    @app.get("/")
    def form() -> Response:
        token = secrets.token_hex(16)
        response = Response(_PAGE.format(token), content_type="text/html")
        response.set_cookie("token", token)
        return response

    @app.post("/send")
    def send() -> Response:
        token = request.cookies.get("token", "")
        if not secrets.compare_digest(token, request.form.get("token", "-")):
            abort(403)
        sealed = encrypt_bytes(request.form["narrative"].encode(), [key])
        connection.execute("INSERT INTO kept VALUES (?)", (sealed,))
        return redirect("/done")

    return app


class _Server(BaseApplication):
    def __init__(self, store: Path, address: str, workers: int) -> None:
        self._store = store
        self._options = {"bind": address, "workers": workers}
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self._store)


if __name__ == "__main__":
    _Server(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])).run()
