"""The name of a deployment: made once, the same for ever, whatever its address or its keys."""

import re
import secrets

from intake.errors import MalformedError

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)
_DEPLOYMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}-[a-z2-7]{8}", re.ASCII)


def fresh_deployment(name: str) -> str:
    """`name`, a hyphen and 8 random characters of lower-case base32."""
    if not _NAME.fullmatch(name):
        raise MalformedError(
            "a deployment's name is lower-case letters, digits and hyphens", "for example `archive`"
        )
    return f"{name}-{''.join(secrets.choice(_BASE32) for _ in range(8))}"


def check_deployment(text: str) -> None:
    """Raise `MalformedError` unless `text` is a deployment's name."""
    if not _DEPLOYMENT.fullmatch(text):
        raise MalformedError("a deployment is a name, a hyphen and 8 characters of a-z2-7")
