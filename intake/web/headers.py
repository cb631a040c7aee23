"""What every response carries: nothing is cached, framed, sniffed, or fetched from elsewhere."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from flask import Response

# Where script is off there is a way to send, and no line that says there is none.
WITHOUT_SCRIPT = ".late{display:none}"
STYLE_FILE = Path(__file__).parent / "static" / "style.css"


def read_style() -> str:
    """The style as it stands in every page: on one line, since a page has a budget."""
    return "".join(STYLE_FILE.read_text("utf-8").splitlines())


def content_policy(style: str) -> str:
    """The policy of pages whose `<style>` holds exactly `style`, and in `<noscript>` the above."""
    styles = (f"'sha256-{_digest(text)}'" for text in (style, WITHOUT_SCRIPT))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {' '.join(styles)}",
            "connect-src 'self'",
            # What a code is stretched in, so that the page goes on meanwhile: made of a file that
            # the page names with its hash.
            "worker-src blob:",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types stretch",
        )
    )


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


class Headers:
    """Sets the same headers on every response, whoever made it."""

    def __init__(self, style: str) -> None:
        self.fixed = (
            ("Content-Security-Policy", content_policy(style)),
            # A page kept in a cache comes back with one press of Back (domain 2.5), and the name
            # of a cached script says what was read.
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=()"),
        )

    def apply(self, response: Response) -> Response:
        """Add the headers; an `after_request` function."""
        response.headers.extend(self.fixed)
        return response
