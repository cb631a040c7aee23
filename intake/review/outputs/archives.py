"""Zip files with the same bytes whenever and wherever they are made: fixed time, order and rights."""

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import Final

from intake.errors import MalformedError

_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that the format knows
_NAME: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}", re.ASCII)
LIMIT: Final = 1 << 30  # bytes of all files together


def archive(files: Mapping[str, bytes]) -> bytes:
    """The files by name, stored as they are: what a compressor gives depends on its version."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as zipped:
        for name in sorted(files):
            if not _NAME.fullmatch(name):
                raise MalformedError("the name of a file in an archive is not a plain one")
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system, info.external_attr = 3, 0o600 << 16
            zipped.writestr(info, files[name])
    return out.getvalue()


def read_archive(content: bytes) -> dict[str, bytes]:
    """The files of an archive that `archive` wrote, and of no other; raises `MalformedError`.

    Written anew and compared: so no comment, extra field, time or hidden byte is in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            infos = zipped.infolist()
            if any(one.compress_type != zipfile.ZIP_STORED for one in infos):
                raise MalformedError("a file in an archive is compressed")
            if sum(one.file_size for one in infos) > LIMIT:
                raise MalformedError("an archive is too large")
            files = {one.filename: zipped.read(one) for one in infos}
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError, struct.error):
        raise MalformedError("not an archive, or a damaged one") from None
    if archive(files) != content:
        raise MalformedError("an archive holds more than its files")
    return files
