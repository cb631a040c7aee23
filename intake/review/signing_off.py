"""Who signed off a file by its hash, and whether that is enough for it to leave."""

from typing import Final

from intake import shape
from intake.errors import GateError
from intake.review.case import Case

SIGNED: Final = "signed"


def is_alone(case: Case) -> bool:
    """Whether the panel is one person, whose exports cannot be signed off by two: they say so."""
    return len(case.roster.reviewers) == 1


def signed_by(case: Case, digest: bytes) -> list[tuple[str, str]]:
    """Who signed off a file, and on which machine."""
    rows = case.files.of_output(digest).all(SIGNED)
    return [(row.mark.by, shape.text(shape.mapping(row.value)["machine"])) for row in rows]


def check_signed(case: Case, digest: bytes) -> None:
    """Raise `GateError` unless two people on two machines signed this hash, or all of a panel of one."""
    signed = signed_by(case, digest)
    if any(m != machine and b != by for b, m in signed for by, machine in signed):
        return
    if signed and is_alone(case):
        return
    names = ", ".join(sorted({by for by, _ in signed}))
    raise GateError(
        "two people on two machines have not signed off this very file: "
        + (f"only {names} did" if names else "nobody did"),
        f"its hash is sha256:{digest.hex()}; a change of any byte makes it another file."
        " Sign with `intake review signoff`, each on a machine of their own, and `sync`",
        key="signed_by_one" if names else "signed_by_none",
        names=names,
    )
