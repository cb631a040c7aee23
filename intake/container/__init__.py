"""The plaintext of a sealed object: manifest, files, zeros, in one of eight sizes (docs/format.md 3).

It knows nothing of keys: `seal` encrypts it and the review side opens it.
"""

from intake.container.parts import Consent, File, Form, Kind, Level, Mode, Reply
from intake.container.whole import (
    ASKED,
    KIB,
    MAGIC,
    MAX_FIELDS,
    MAX_FILES,
    MAX_MANIFEST,
    PATH,
    SIZES,
    VERSION,
    Container,
    NewerVersionError,
    size_for,
)

__all__ = [
    "ASKED",
    "KIB",
    "MAGIC",
    "MAX_FIELDS",
    "MAX_FILES",
    "MAX_MANIFEST",
    "PATH",
    "SIZES",
    "VERSION",
    "Consent",
    "Container",
    "File",
    "Form",
    "Kind",
    "Level",
    "Mode",
    "NewerVersionError",
    "Reply",
    "size_for",
]
