"""Files sealed once by this project open for ever."""

import hashlib
import json
from pathlib import Path

import pytest

from intake.age import HybridIdentity, decrypt_bytes, sealed_length

FOLDER = Path(__file__).parent.parent / "vectors" / "sealed"
LISTING = json.loads((FOLDER / "sealed.json").read_text("ascii"))


def test_every_file_is_listed() -> None:
    """None of the six files is lost, and none is left untested."""
    listed = {file["name"]: file["size"] for file in LISTING["files"]}
    assert listed.keys() == {path.name for path in FOLDER.glob("*.age")}
    assert sorted(listed.values()) == [0, 1, 65535, 65536, 65537, 131072]
    assert len(LISTING["identities"]) == 3


@pytest.mark.parametrize("number", [1, 2, 3])
def test_identities_come_from_their_seeds(number: int) -> None:
    """A seed gives the same identity and recipient as on the day the files were made."""
    seed = hashlib.sha256(b"intake test identity %d" % number).digest()
    identity = HybridIdentity.from_seed(seed)
    assert str(identity) == LISTING["identities"][number - 1]
    assert str(identity.recipient) == LISTING["recipients"][number - 1]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("file", LISTING["files"], ids=lambda file: file["name"])
def test_every_reviewer_opens_every_file(file: dict[str, str], number: int) -> None:
    """Each of the three identities gives back the very bytes that were sealed."""
    sealed = (FOLDER / file["name"]).read_bytes()
    assert len(sealed) == sealed_length(3, int(file["size"]))
    opened = decrypt_bytes(sealed, [HybridIdentity.parse(LISTING["identities"][number - 1])])
    assert hashlib.sha256(opened).hexdigest() == file["sha256"]
