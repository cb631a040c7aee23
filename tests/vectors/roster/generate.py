"""Writes the roster vectors, from fixed keys: what Python and the sealing script must say alike.

`python -m tests.vectors.roster.generate` from the repository's root. ML-DSA-44 signs anew each
time, so signatures that are there and hold are taken over: a second run changes nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from intake.errors import MalformedError
from intake.reviewer import recipient_hash
from intake.roster import Roster
from intake.tlog.note import Algorithm, Note, Signature, Signer, VerifierKey
from tests.vectors.roster.fixed import (
    DEPLOYMENT,
    FULL,
    ROOTS,
    ROSTER,
    SMALL,
    TODAY,
    WITNESSES,
    line,
    recipients,
    reviewer,
    root,
    seed,
)

FOLDER = Path(__file__).parent
Case = dict[str, Any]


@dataclass
class Signatures:
    """Signs texts, and takes over the ML-DSA-44 lines of the vectors that are there."""

    kept: Sequence[Note]
    _made: dict[tuple[bytes, VerifierKey], Signature] = field(default_factory=dict)

    def note(self, text: bytes | Roster, signers: Iterable[Signer]) -> Note:
        """Return the text with one line of each signer."""
        text = text.to_bytes() if isinstance(text, Roster) else text
        note = Note(text, ())
        for signer in signers:
            note = note.with_signature(self._line(text, signer))
        return note

    def _line(self, text: bytes, signer: Signer) -> Signature:
        key = (text, signer.vkey)
        if key not in self._made:
            self._made[key] = self._found(*key) or signer.sign(text)
        return self._made[key]

    def _found(self, text: bytes, vkey: VerifierKey) -> Signature | None:
        lines = (line for note in self.kept if note.text == text for line in note.signatures)
        # The case `good` comes first, and forged lines long after it.
        return next((line for line in lines if Note(text, (line,)).signed_by(vkey)), None)


def two(*numbers: int) -> list[Signer]:
    """Both keys of each of these holders."""
    return [signer for number in numbers for signer in root(number)]


def edited(roster: Roster, *changes: tuple[str, str]) -> bytes:
    """Return the text with each string, which must be there once, replaced."""
    text = roster.to_bytes().decode()
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old[:60]!r} stands {text.count(old)} times")
        text = text.replace(old, new)
    return text.encode()


def signature_cases(sign: Signatures) -> Iterable[tuple[str, Note, Case]]:
    """Cases of rules (1) and (2): who signed."""
    good = sign.note(ROSTER, two(0, 2))
    yield "good", good, {}
    yield "signed by all three", sign.note(ROSTER, two(0, 1, 2)), {}
    yield "signature lines in another order", replace(good, signatures=good.signatures[::-1]), {}
    stranger = sign.note(ROSTER, two(3)).signatures
    yield "a stranger signed too", replace(good, signatures=stranger + good.signatures), {}
    too_few = "signed by 1 of the 2"
    yield "one holder too few", sign.note(ROSTER, two(0)), {"reason": too_few}
    yield "strangers in place of a holder", sign.note(ROSTER, two(0, 3, 4)), {"reason": too_few}
    ed25519, ml_dsa = good.signatures[2:]
    yield "ML-DSA-44 line stripped", sign.note(ROSTER, two(0, 2)[:3]), {"reason": too_few}
    stripped = replace(good, signatures=(*good.signatures[:2], ml_dsa))
    yield "Ed25519 line stripped", stripped, {"reason": too_few}
    twice = replace(good, signatures=good.signatures[:2] * 2)
    yield "one holder counted twice", twice, {"reason": too_few}
    forged = replace(ed25519, signature=bytes([ed25519.signature[0] ^ 1]) + ed25519.signature[1:])
    lines = (*good.signatures[:2], forged, ml_dsa)
    yield (
        "one bit of a signature changed",
        replace(good, signatures=lines),
        {"reason": "signature of 'root2' does not hold"},
    )
    all_three = sign.note(ROSTER, two(0, 1, 2)).signatures
    yield (
        "a bad line beside enough good ones",
        replace(good, signatures=(*all_three[:4], forged)),
        {"reason": "signature of 'root2' does not hold"},
    )
    altered = edited(ROSTER, ("expires 2026-12-01", "expires 2026-12-02"))
    yield "text altered", replace(good, text=altered), {"reason": "does not hold"}
    yield (
        "signed by its own roots, not by the trusted",
        sign.note(ROSTER, two(0, 2)),
        {
            "trusted": "other",
            "reason": "signed by 1 of the 2",
        },
    )
    changed = replace(SMALL, version=2, previous=SMALL.digest, roots=ROOTS["next"])
    both = {"trusted": "one", "previous": "small"}
    yield "small", sign.note(SMALL, two(0)), {"trusted": "one"}
    yield "roots change, old and new signed", sign.note(changed, two(0, 3)), both
    yield (
        "roots change, only the new signed",
        sign.note(changed, two(3)),
        both | {"reason": "signed by 0 of the 1"},
    )
    yield (
        "roots change, only the old signed",
        sign.note(changed, two(0)),
        both | {"reason": "signed by 0 of the 1"},
    )
    yield (
        "roots change, the previous ones did not sign",
        sign.note(changed, two(3)),
        {
            "trusted": "next",
            "previous": "small",
            "reason": "signed by 0 of the 1",
        },
    )


def date_cases(sign: Signatures) -> Iterable[tuple[str, Note, Case]]:
    """Cases of rules (3) to (5): whose it is, what it follows, and when."""
    good = sign.note(ROSTER, two(0, 2))
    yield "first day", good, {"today": "2026-11-01"}
    yield "last day", good, {"today": "2026-12-01"}
    yield "not yet issued", good, {"today": "2026-10-31", "reason": "before 2026-11-01"}
    yield "expired", good, {"today": "2026-12-02", "reason": "expired on 2026-12-01"}
    yield (
        "of another deployment",
        good,
        {
            "deployment": "test-abcdefgi",
            "reason": "of deployment test-abcdefgh",
        },
    )
    full = sign.note(FULL, two(0))
    one = {"trusted": "one"}
    yield "every line there is", full, one
    yield "follows the one before", full, one | {"previous": "small"}
    yield (
        "replay of the one before",
        sign.note(SMALL, two(0)),
        one
        | {
            "previous": "every line there is",
            "reason": "1 does not come after 2",
        },
    )
    yield (
        "the same again",
        full,
        one
        | {
            "previous": "every line there is",
            "reason": "2 does not come after 2",
        },
    )
    skips = replace(FULL, version=5)
    yield "numbers left out", sign.note(skips, two(0)), one | {"previous": "small"}
    fork = replace(FULL, previous="sha256:" + "0" * 64)
    yield (
        "names another one before it",
        sign.note(fork, two(0)),
        one
        | {
            "previous": "small",
            "reason": "does not name roster 1",
        },
    )
    moved = replace(FULL, deployment="test-abcdefgi")
    yield (
        "follows another deployment's",
        sign.note(moved, two(0)),
        one
        | {
            "previous": "small",
            "deployment": None,
            "reason": "of deployment test-abcdefgi",
        },
    )


def text_cases() -> Iterable[tuple[str, bytes, str]]:
    """Name texts that are no roster, all signed, and why."""
    r1, r2 = line(SMALL, "reviewer r1"), line(SMALL, "reviewer r2")
    s1, s2 = line(SMALL, "signer r1"), line(SMALL, "signer r2")
    one = str(reviewer(1).recipient)
    for name, wrong in recipients().items():
        changed = r1.replace(one, wrong)
        yield f"recipient: {name}", edited(SMALL, (r1, changed)), "MalformedError"
    twin = Signer("r1", Algorithm.ED25519, seed("signer 2")).vkey
    names = ("reviewer r2", "reviewer r1"), (s2, f"signer r1 {twin}\n")
    yield "two reviewers of one name", edited(SMALL, *names), "two reviewers have one name"
    yield "one recipient twice", edited(SMALL, (r2, r1.replace("r1", "r2", 1))), "one recipient"
    yield "no signer line", edited(SMALL, (s2, "")), "one for one"
    yield "signers in another order", edited(SMALL, (s1, ""), (s2, s2 + s1)), "one for one"
    other = Signer("r9", Algorithm.ED25519, seed("signer 1")).vkey
    yield (
        "a signer's key of another name",
        edited(SMALL, (s1, f"signer r1 {other}\n")),
        "the name 'r9'",
    )
    copy = Signer("r2", Algorithm.ED25519, seed("signer 1")).vkey
    yield "one signing key for two", edited(SMALL, (s2, f"signer r2 {copy}\n")), "listed twice"
    post = Signer("r2", Algorithm.ML_DSA_44, seed("signer 2")).vkey
    yield "signer of another type", edited(SMALL, (s2, f"signer r2 {post}\n")), "signature type"
    yield "no reviewers", edited(SMALL, *((row, "") for row in (r1, r2, s1, s2))), "1 to 32"
    yield "open 0", edited(SMALL, ("open 1", "open 0")), "open is not a number"
    yield "open more than there are", edited(SMALL, ("open 1", "open 3")), "does not fit 2"
    yield "open 2", edited(SMALL, ("open 1", "open 2")), "not supported"
    yield "version 0", edited(SMALL, ("version 1", "version 0")), "version is not a number"
    yield "version 01", edited(SMALL, ("version 1", "version 01")), "version is not a number"
    digest = f"previous {ROSTER.digest}\n"
    first = ("version 1\n", f"version 1\n{digest}")
    yield "version 1 with a previous one", edited(SMALL, first), "previous is left out"
    second = ("version 1\n", "version 2\n")
    yield "version 2 without a previous one", edited(SMALL, second), "previous is left out"
    upper = ("version 1\n", "version 2\n" + digest.upper().replace("PREVIOUS SHA", "previous sha"))
    yield "digest in upper case", edited(SMALL, upper), "previous is not in its form"
    yield "date without hyphens", edited(SMALL, ("2026-11-01", "20261101")), "not in its form"
    yield "date of no calendar", edited(SMALL, ("2026-12-01", "2026-11-31")), "in the calendar"
    backwards = ("expires 2026-12-01", "expires 2026-10-31")
    yield "expires before it is issued", edited(SMALL, backwards), "before it is issued"
    for bad in ("abcdefgh", "Test-abcdefgh", "test-abcdefg1", "test-abcdefg"):
        changed = (f"deployment {DEPLOYMENT}", f"deployment {bad}")
        yield f"deployment {bad}", edited(SMALL, changed), "a deployment is"
    yield "threshold above its holders", edited(SMALL, ("old 1", "old 2")), "does not fit 1"
    rows = [f"root {signer.vkey}\n" for signer in root(0)]
    yield (
        "a holder without ML-DSA-44",
        edited(SMALL, (rows[1], "")),
        "one Ed25519 and one ML-DSA-44",
    )
    yield "a holder without Ed25519", edited(SMALL, (rows[0], "")), "one Ed25519 and one ML-DSA-44"
    alias = "".join(f"root {signer.vkey}\n" for signer in root(0, "root9"))
    yield "one key under two names", edited(SMALL, (rows[1], rows[1] + alias)), "listed twice"
    yield "words at a line's end", edited(SMALL, ("open 1\n", "open 1 \n")), "1 values"
    yield "two spaces", edited(SMALL, ("open 1\n", "open  1\n")), "1 values"
    yield "an unknown line", edited(SMALL, ("open 1\n", "open 1\nnote x\n")), "line 7 is"
    yield (
        "lines out of order",
        edited(SMALL, ("issued 2026-11-01\n", ""), ("open 1\n", "open 1\nissued 2026-11-01\n")),
        "not its issued line",
    )
    yield "a line twice", edited(SMALL, ("open 1\n", "open 1\nopen 1\n")), "line 7 is"
    yield "an empty line", edited(SMALL, ("open 1\n", "open 1\n\n")), "line 7 is"
    yield "another header", edited(SMALL, ("roster/v1", "roster/v2")), "not a roster"
    w1, code = line(FULL, "witness w1"), line(FULL, "code ")
    log = line(FULL, "log ")
    yield "quorum above its witnesses", edited(FULL, ("quorum 1", "quorum 3")), "quorum 3"
    yield (
        "quorum without witnesses",
        edited(FULL, *((row, "") for row in (w1, line(FULL, "witness w2")))),
        "belong together",
    )
    yield "witnesses without a quorum", edited(FULL, ("quorum 1\n", "")), "belong together"
    yield "witnesses without a log", edited(FULL, (log, "")), "belong together"
    second_log = f"log {Signer('log2.test', Algorithm.ED25519, seed('log 2')).vkey}\n"
    yield "two logs", edited(FULL, (log, log + second_log)), "unknown or out of order"
    plain = f"witness {Signer('w1.test', Algorithm.ED25519, seed('witness 1')).vkey}\n"
    new_log = f"log {Signer('log.test', Algorithm.ML_DSA_44, seed('log')).vkey}\n"
    yield "log key of another type", edited(FULL, (log, new_log)), "signature type"
    yield "witness key of another type", edited(FULL, (w1, plain)), "signature type"
    witness = f"code {WITNESSES[0]}\n"
    yield "release key of another type", edited(FULL, (w1, ""), (code, witness)), "signature type"
    gone = recipient_hash(reviewer(3).recipient), recipient_hash(reviewer(2).recipient)
    yield "a reviewer revoked in it", edited(FULL, gone), "revoked in the same roster"
    yield "revoked for another reason", edited(FULL, ("compromised", "lost")), "retired or as"
    vkey = str(reviewer(1).signer)
    wrong_hash = vkey.replace(vkey.split("+")[1], "00000000")
    yield "key hash of another key", edited(SMALL, (vkey, wrong_hash)), "another key's hash"


def cases(sign: Signatures) -> Iterable[Case]:
    """Every case, whole."""
    usual: Case = {
        "today": TODAY.isoformat(),
        "trusted": "three",
        "deployment": DEPLOYMENT,
        "previous": None,
        "reason": None,
    }
    for name, note, more in (*signature_cases(sign), *date_cases(sign)):
        yield {"name": name, "note": note.to_bytes().decode()} | usual | more
    for name, text, reason in text_cases():
        note = sign.note(text, two(0)).to_bytes().decode()
        yield {"name": name, "note": note} | usual | {"trusted": "one", "reason": reason}
    small = sign.note(SMALL, two(0)).to_bytes().decode()
    for name, note in {
        "no signatures": SMALL.to_bytes().decode(),
        "no signatures after the empty line": SMALL.to_bytes().decode() + "\n",
        "empty": "",
        "CR before LF": small.replace("\n", "\r\n"),
        "a control character": small.replace("open 1", "open\x0b1"),
        "no LF at the end": small.removesuffix("\n"),
        "an LF too many": small + "\n",
        "a hyphen in place of the dash": small.replace("\u2014", "-"),
        "a byte order mark": "\ufeff" + small,
        "signature without padding": small.replace("=\n", "\n"),
        "a space after a signature": small.removesuffix("\n") + " \n",
    }.items():
        yield {"name": name, "note": note} | usual | {"trusted": "one", "reason": "MalformedError"}


def vectors(kept: Sequence[Note] = ()) -> dict[str, Any]:
    """Everything, with the notes' lines once each: a note is its lines, joined by LF."""
    numbers: dict[str, int] = {}
    rows = []
    for case in cases(Signatures(kept)):
        lines = case["note"].split("\n")
        note = [numbers.setdefault(row, len(numbers)) for row in lines]
        rows.append(case | {"note": note, "ok": case["reason"] is None})
    return {
        "roots": {
            name: {
                "threshold": roots.threshold,
                "keys": [str(key) for key in roots.keys],
                "fingerprint": roots.fingerprint,
            }
            for name, roots in ROOTS.items()
        },
        "digest": ROSTER.digest,
        "recipients": [str(recipient) for recipient in ROSTER.recipients],
        "cases": rows,
        "lines": list(numbers),
    }


def note_of(listing: Mapping[str, Any], name: str) -> bytes:
    """Return one case's note from the parsed vectors."""
    (case,) = (case for case in listing["cases"] if case["name"] == name)
    return "\n".join(listing["lines"][number] for number in case["note"]).encode()


def kept_notes(path: Path) -> list[Note]:
    """The well-formed notes of the vectors that are there."""
    if not path.exists():
        return []
    listing = json.loads(path.read_text(encoding="utf-8"))
    raw = (note_of(listing, case["name"]) for case in listing["cases"])
    return [note for one in raw if (note := _parsed(one)) is not None]


def _parsed(raw: bytes) -> Note | None:
    try:
        return Note.parse(raw)
    except MalformedError:
        return None


def main() -> None:
    """Write the vectors and the roster note that stands alone."""
    path = FOLDER / "roster.json"
    listing = vectors(kept_notes(path))
    path.write_text(json.dumps(listing, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (FOLDER / "roster.note").write_bytes(note_of(listing, "good"))
    (FOLDER / "roots").write_bytes(ROOTS["three"].to_bytes())


if __name__ == "__main__":
    main()
