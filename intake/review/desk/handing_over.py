"""Hands the token to the browser in a file that only this user can read, and that is gone at once.

It never stands in an address or in the arguments of a program, which other users can read.
"""

import os
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

from intake.review.desk.gate import ENTER

LIFE: Final = 60.0  # seconds in which the file is there, unless it was used before
_NAME: Final = "enter.html"
_SCRIPT: Final = "document.forms[0].submit()"


def page(authority: str, token: str) -> bytes:
    """A page that posts itself; where no script runs, by its button."""
    digest = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
    target = escape(f"http://{authority}")
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; form-action {target}{ENTER}"
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<title>Intake</title>
<form method="post" action="{target}{ENTER}">
<input type="hidden" name="token" value="{escape(token)}">
<button>Open the desk</button>
</form>
<script>{_SCRIPT}</script>
</html>
""".encode()


class Letter:
    """The file, for as long as it is there."""

    def __init__(self, folder: Path, authority: str, token: str) -> None:
        self.path = folder / _NAME
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(self.path, flags, 0o600), "wb") as file:
            file.write(page(authority, token))

    def remove(self) -> None:
        """Remove it, if it is still there."""
        self.path.unlink(missing_ok=True)
