"""What leaves the case: the newest redacted version, for one use, as text or JSON.

Nothing is written before the very bytes were searched for every string that was taken out.
"""

import json
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, cast

from intake import visible
from intake.container import Consent, Container
from intake.errors import ConsentError, MalformedError, ProofError, StoreError
from intake.form import FORMS
from intake.review import leaks
from intake.review.consent import (
    CODES,
    Purpose,
    check_consent,
    check_fields,
    code,
    is_code,
)
from intake.review.needles import Needles
from intake.review.redacting import Fields, Redaction, taken_places
from intake.review.thread import Thread

FORMAT = "testimony-intake/export/v1"
_INDENT = "    "
_DATED = frozenset({Purpose.INVESTIGATORS, Purpose.COURTS})
_KNOWN_FIELDS = frozenset(path for form in FORMS.values() for path, _ in form.paths())
_LANG = re.compile(r"[a-z]{2,3}", re.ASCII)


class Shape(StrEnum):
    """How an export is written."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True)
class Publication:
    """A redacted item that may leave for one use: made by `prepare`, which asked for consent.

    It holds nothing that joins it to the store: no envelope, no salt, no id.
    """

    purpose: Purpose
    container: Container
    redaction: Redaction
    consent: Consent
    fields: Fields

    def facts(self) -> dict[str, object]:
        """What is said beside the fields."""
        container, row = self.container, self.consent
        facts: dict[str, object] = {
            "format": FORMAT,
            "for": self.purpose.value,
            "deployment": container.deployment,
            "kind": container.kind.value,
            "language": language(container.form.lang),
            "consent": {
                "use": row.level.value,
                "wording": row.wording,
                "lang": language(row.lang),
            },
            "redactions": self.redaction.reasons(),
            "withheld_fields": len(self.redaction.withheld),
            "withheld_files": len(container.files),
        }
        if self.purpose in _DATED:
            facts["week"] = str(container.epoch)
        return facts


def prepare(
    container: Container, redaction: Redaction | None, purpose: Purpose, thread: Thread
) -> Publication:
    """Ask for consent and make the redacted fields; raises `ConsentError`.

    `thread` is all that was sent under the same code: the newest word in it counts.

    A person must have read it and said what is taken out, even if that is nothing.
    """
    row = check_consent(container, purpose, thread)
    if redaction is None:
        raise ConsentError(
            "there is no redacted version of this item",
            "make one with `intake review redact`",
            key="no_redaction",
        )
    fields = redaction.apply(container)
    check_fields(container, purpose, [path for path, _ in fields])
    return Publication(purpose, container, redaction, row, fields)


def render(publication: Publication, shape: Shape, *, alone: bool = False) -> bytes:
    """The very bytes that may be written, searched for leaks; raises `ProofError`.

    `alone` where one person is the whole panel, and nobody else can sign it off: it says so.
    """
    if publication.purpose is Purpose.STATS:
        if shape is not Shape.JSON:
            raise MalformedError(
                "statistics are codes", "write them with --format json", key="stats_are_codes"
            )
        # Codes of fixed lists alone: there is no text in which anything could stand.
        return _json(_statistics(publication) | _signed_off(alone=alone))
    facts = publication.facts() | _signed_off(alone=alone)
    make = _document if shape is Shape.JSON else _text
    content = make(publication, facts)
    check_leaks(content, shape, publication)
    return content


def _statistics(publication: Publication) -> dict[str, object]:
    shown = dict(publication.fields)
    codes = {path: code(publication.container, path) if path in shown else None for path in CODES}
    return {
        "format": FORMAT,
        "for": publication.purpose.value,
        "deployment": publication.container.deployment,
        "kind": publication.container.kind.value,
        "language": language(publication.container.form.lang),
        "codes": codes,
    }


def _signed_off(*, alone: bool) -> dict[str, object]:
    return {"signed_off": "by one person alone"} if alone else {}


def _document(publication: Publication, facts: dict[str, object]) -> bytes:
    fields = [[path, _visible(text)] for path, text in publication.fields]
    return _json({**facts, "fields": fields})


def _json(value: dict[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _text(publication: Publication, facts: dict[str, object]) -> bytes:
    rows: list[str] = []
    for name, value in facts.items():
        shown = _listed(cast("dict[str, object]", value)) if isinstance(value, dict) else value
        rows.append(f"{name}: {shown}")
    for path, text in publication.fields:
        rows += "", path
        # Behind a margin, so that no testimony can look like one of our own lines.
        rows += (_INDENT + row for row in _visible(text).split("\n"))
    return "\n".join((*rows, "")).encode()


def _listed(value: dict[str, object]) -> str:
    return ", ".join(f"{key} {item}" for key, item in value.items()) or "none"


def _visible(text: str) -> str:
    return visible.safe(text.replace("\t", " "))


def language(lang: str) -> str:
    """The sealer chose the tag: one with more than a language in it could carry a name."""
    return lang if _LANG.fullmatch(lang) else "und"


def check_leaks(content: bytes, shape: Shape, publication: Publication) -> None:
    """Raise `ProofError` where anything that was taken out still stands in these bytes.

    1. the fields are read back from the bytes, and must be those that were approved;
    2. no removed string, nor a name or number in one, stands in any field outside the tokens, in
       any form that `leaks` knows;
    3. nor in the name of a field that is not the form's own: a sealer may name fields at will.
    """
    needles = Needles.of(publication.redaction.removed(publication.container))
    # (1)
    fields = _read_back(content, shape)
    if fields != [(path, text.replace("\t", " ")) for path, text in publication.fields]:
        raise ProofError("the export does not read as what was approved", "report this fault")
    for path, text in fields:
        # (2)
        if not is_code(path, text) and any(leaks.remaining({path: text}, {}, needles)):
            where = _where(publication, path, needles)
            raise ProofError(
                f"something that was removed still stands at {where}",
                "take it out there too, or everywhere: `intake review redact ITEM --everywhere`",
                key="still_stands",
                where=where,
            )
        # (3)
        if path not in _KNOWN_FIELDS and leaks.standing(path, needles):
            raise ProofError(
                "something that was removed stands in the name of a field",
                "withhold that field",
                key="field_name",
            )


def _where(publication: Publication, path: str, needles: Needles) -> str:
    """FIELD:START:END in the original, so that it can be given to --span."""
    shown = {path: publication.container.answers[path]}
    taken = taken_places(publication.redaction.spans)
    places = leaks.remaining(shown, taken, needles)
    return ", ".join(f"{field}:{find.start}:{find.end}" for field, find in places) or path


def _read_back(content: bytes, shape: Shape) -> list[tuple[str, str]]:
    text = content.decode()
    if shape is Shape.JSON:
        document: dict[str, Any] = json.loads(text)
        return [(path, visible.unsafe(shown)) for path, shown in document["fields"]]
    # Every line of a text is indented, an empty one too: what parts the blocks is ours.
    blocks = [block.split("\n") for block in text.removesuffix("\n").split("\n\n")[1:]]
    return [
        (path, visible.unsafe("\n".join(row.removeprefix(_INDENT) for row in rows)))
        for path, *rows in blocks
    ]


@contextmanager
def new_file(path: Path, case: Path) -> Generator[BinaryIO, None, None]:
    """A file that was not there before, mode 0600, never through a link; gone if the block fails.

    Raises `StoreError` where something is there, or in the case folder, which holds nothing that
    is not sealed.
    """
    folder = path.parent.resolve()
    if case.resolve() in (folder, *folder.parents):
        raise StoreError(
            "an export does not belong into the case folder",
            "name another place",
            key="inside_case",
        )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise StoreError(
            f"{path} exists already",
            "nothing was overwritten: name another file",
            key="file_exists",
            path=path,
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise
