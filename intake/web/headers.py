"""What every response carries: nothing is cached, framed, sniffed, or fetched from elsewhere."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from flask import Response

STYLE_FILE = Path(__file__).parent / "static" / "style.css"


def content_policy(style: str) -> str:
    """The content security policy of pages whose one `<style>` holds exactly `style`."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'sha256-{digest}'",
            "connect-src 'self'",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


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
