"""Two ledgers made once (tests/vectors/ledger.json) are read and believed for ever."""

import datetime as dt
import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

from intake.audit.ledger_chain import Reviewers
from intake.audit.ledger_check import check_ledgers
from intake.ledger.act import Kind, item_id
from intake.ledger.record import read_head, read_records
from intake.roots import RootSet
from intake.roster import open_roster
from tests.ledger.panels import GOOD, put, write
from tests.ledger.write_vectors import PATH

JSON: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
LEDGERS = {name: text.encode() for name, text in JSON["ledgers"].items()}
DAY = dt.date.fromisoformat(JSON["checked"])


def test_the_ledgers_are_believed_with_their_rosters(tmp_path: Path) -> None:
    """Roots, rosters and ledgers from their bytes alone: no finding, the same figures."""
    trusted = RootSet.parse(JSON["roots"].encode())
    reviewers = Reviewers(
        [
            open_roster(
                note.encode(), trusted=trusted, today=DAY, deployment=None, allow_expired=True
            ).roster
            for note in JSON["rosters"]
        ]
    )
    outcome = check_ledgers(put(tmp_path, LEDGERS), reviewers, {}, DAY)
    assert json.loads(json.dumps(outcome.told())) == JSON["told"]
    assert outcome.findings == []


def test_the_same_work_is_written_in_the_same_bytes() -> None:
    """The format is as it was: every act, root and signature."""
    assert write(GOOD) == LEDGERS


def test_records_are_written_as_they_were_read() -> None:
    """And hold more than half of all kinds."""
    kinds: set[Kind] = set()
    for content in LEDGERS.values():
        file = BytesIO(content)
        head = read_head(file)
        records = list(read_records(file, head))
        assert head.to_bytes() + b"".join(record.to_bytes() for record in records) == content
        kinds |= {record.act.kind for record in records}
    assert len(kinds) > len(Kind) // 2


def test_items_have_the_ids_they_had() -> None:
    """From the case's salt and the hash of the object."""
    salt = b64decode(JSON["salt"])
    assert {raw: item_id(salt, b64decode(raw)) for raw in JSON["items"]} == JSON["items"]
