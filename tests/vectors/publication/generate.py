"""Writes good.json and refused.json: `python -m tests.vectors.publication.generate`."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from intake.publication import LIMIT, Publication
from intake.tlog.policy import NONE, Log, Policy
from tests.publications import (
    FORM,
    MODE,
    PUBLISH,
    STATS,
    Logged,
    container,
    hidden_names,
    logged,
    numbers_of,
)
from tests.tlog.logs import LOG, POLICY, WITNESSES, checkpoint_of, signed
from tests.vectors.publication.edits import Value, usual
from tests.vectors.publication.logs import opening_faults, policy_faults, proof_faults
from tests.vectors.publication.shown import format_faults, shown_faults
from tests.vectors.publication.tree import tree_faults

FOLDER = Path(__file__).parent
ALONE = Policy((Log(LOG.vkey),), (), (), NONE)


def good() -> Iterator[tuple[str, Policy, Publication]]:
    """Names, policies and publications that hold."""
    whole, names = usual(), hidden_names()
    yield "names, two fields and most facts are left out", POLICY, whole.published(names)
    yield "nothing is left out", POLICY, whole.published(())
    yield (
        "one word is left out",
        POLICY,
        whole.published(numbers_of(container(), " 12")),
    )
    every = set(range(len(container().facts()))) - {0, PUBLISH}
    last = numbers_of(container(), "\u04c0", "shop,")
    yield "the end is left out", POLICY, whole.published(every | last)
    for n in range(6):
        other = Logged.of(container(salt=f"end {n}"), index=n)
        inner = set(range(1, len(numbers_of(other.container, "")) - 2)) - {6}
        yield f"the first and the last words alone, {n}", ALONE, other.published(inner)
    consents = set(range(6, len(numbers_of(container(), "")))) | {MODE, FORM, STATS}
    yield "no word, one answer", POLICY, whole.published(consents)
    later = logged()
    yield (
        "cosigned with ML-DSA-44",
        POLICY,
        later.signed_as(
            signed(checkpoint_of(later.entries), (WITNESSES[0], WITNESSES[2]))
        ).published(names),
    )
    yield (
        "no witness is asked for",
        ALONE,
        whole.signed_as(signed(checkpoint_of(whole.entries), ())).published(names),
    )
    odd = (
        ("narrative", " \n "),
        ("episode.1.ep_when", "x"),
        ("empty", ""),
        ("last", "\ufeff\u0085 \u2028\n"),
    )
    yield (
        "white space, an empty field, strange characters",
        ALONE,
        Logged.of(container(odd)).published({MODE}),
    )


def refused() -> Iterator[tuple[str, str, bytes, str]]:
    """Names, policies, files and reasons of all that does not hold."""
    policy = POLICY.to_bytes().decode()
    for name, data, reason in (
        *format_faults(),
        *shown_faults(),
        *tree_faults(),
        *opening_faults(),
    ):
        yield name, policy, data, reason
    for name, data, reason, terms in proof_faults():
        yield name, terms.to_bytes().decode(), data, reason
    for name, data, reason, text in policy_faults():
        yield name, text, data, reason


def says(publication: Publication, policy: Policy) -> Value:
    """What a reader is told."""
    endorsed = publication.verify(policy)
    checkpoint = publication.proof.signed.checkpoint
    return {
        "kind": publication.kind,
        "week": str(publication.opening.epoch),
        "origin": checkpoint.origin,
        "index": publication.proof.index,
        "size": checkpoint.size,
        "witnesses": [[name, time] for name, time in endorsed.witnesses],
        "answers": [
            [row.level.value, row.agreed, row.wording, row.lang] for row in publication.answers
        ],
        "words": publication.words,
        "gaps": publication.gaps,
        "pieces": [[piece.path, piece.text, piece.before] for piece in publication.pieces()],
    }


def main() -> None:
    """Write both files; the policies, which are long, stand once, by number."""
    known: list[str] = []

    def number(policy: str) -> int:
        if policy not in known:
            known.append(policy)
        return known.index(policy)

    held: list[Value] = [
        {
            "name": name,
            "policy": number(policy.to_bytes().decode()),
            "file": publication.to_bytes().decode(),
            "says": says(publication, policy),
        }
        for name, policy, publication in good()
    ]
    _write("good.json", known, held)
    known.clear()
    wrong: list[Value] = []
    for name, policy, data, reason in refused():
        row = {"name": name, "policy": number(policy), "reason": reason}
        if len(data) > LIMIT:
            row["spaces"] = len(data)
        else:
            try:
                row["file"] = data.decode()
            except UnicodeDecodeError:
                row["base64"] = b64encode(data).decode()
        wrong.append(row)
    _write("refused.json", known, wrong)


def _write(name: str, policies: list[str], rows: list[Value]) -> None:
    text = json.dumps({"policies": policies, "rows": rows}, indent=1, ensure_ascii=False)
    (FOLDER / name).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
