"""Which output may be made of which material: the column "Refused if" of domain.md 5.6.

The case has asked for consent and its gates before; this asks again of the material alone, so that
no mistake on the way makes a file that should not be.
"""

from typing import Final

from intake.container import Level
from intake.errors import ConsentError, MalformedError
from intake.review.consent import Purpose
from intake.review.outputs.material import WORDS_LIMIT, Material, Output

K: Final = 5
"""The least number of accounts that a count may stand for."""

_PURPOSES: Final = {
    Output.REPORT: {Purpose.PUBLISH},
    Output.PRESS: {Purpose.PUBLISH},
    Output.PROCEDURES: {Purpose.INVESTIGATORS},
    Output.DISAPPEARANCES: {Purpose.INVESTIGATORS},
    Output.DETENTION: {Purpose.INVESTIGATORS},
    Output.TORTURE: {Purpose.INVESTIGATORS},
    Output.COURT: {Purpose.COURTS},
    Output.UWAZI: {Purpose.PUBLISH, Purpose.INVESTIGATORS},
    Output.EVENTS: {Purpose.INVESTIGATORS, Purpose.COURTS},
    Output.STATISTICS: {Purpose.STATS},
}
_UN: Final = {"to.un_procedure"}
_COURTS: Final = {
    "to.prosecutor",
    "to.international_court",
    "to.regional_court",
    "to.un_mechanism",
}
_RECIPIENTS: Final = {
    Output.PRESS: {"to.press"},
    Output.PROCEDURES: _UN,
    Output.DISAPPEARANCES: _UN,
    Output.DETENTION: _UN,
    Output.TORTURE: _UN,
    Output.COURT: _COURTS,
}
_BY_PURPOSE: Final = {
    Purpose.INVESTIGATORS: {"to.ngo", "to.un_procedure", "to.un_mechanism", "to.archive"},
    Purpose.COURTS: _COURTS,
}
TO_THE_STATE: Final = frozenset({Output.DETENTION, Output.TORTURE})
"""What these bodies get they send to the State."""

_QUOTES: Final = {Output.REPORT, Output.PRESS}
_ACCOUNTS: Final = {Output.COURT, Output.UWAZI}
"""What has the fields of an account as they were redacted, beside what was coded of it."""

_COUNTS: Final = {Output.REPORT, Output.STATISTICS}


def check_allowed(output: Output, material: Material) -> None:
    """Raise `ConsentError` or `MalformedError` unless this output may be made of this material.

    1. the purpose and the recipient are ones of this form;
    2. each piece was agreed to for it, but of a report, where pieces that may be counted only count;
    3. who gets it for C3 has signed not to hand it to a government;
    4. nothing goes to a State without the consent to tell a government, for this body, of each case;
    5. what counts has 5 accounts or more that may be counted;
    6. what quotes has an extract, in other words than the person's unless both reviewers said so;
    7. no account shows an age where its coding names a place;
    8. a press pack has its written answers to who could know the person, and short extracts.
    """
    # (1)
    _check_destination(output, material)
    # (2)
    level = material.purpose.level
    for piece in material.pieces:
        counted = output is Output.REPORT and piece.allows(Level.STATS)
        if not piece.allows(level) and not counted:
            raise ConsentError(
                f"the person of case {piece.case} did not agree to the use {level}",
                "a use is allowed by the person who wrote, and by nobody else",
            )
    quoted = {piece.case for piece in material.quoted}
    if any(case not in quoted for finding in material.findings for case in finding.cases):
        raise ConsentError("a finding names a case whose person agreed to be counted, and no more")
    if not quoted:
        raise ConsentError(f"nobody here agreed to the use {level}")
    # (3)
    if material.purpose is Purpose.INVESTIGATORS and not material.agreement.strip():
        raise ConsentError(
            "the recipient has not signed to pass nothing to a government",
            "name the signed agreement; without one nothing leaves for investigators",
        )
    # (4)
    if output in TO_THE_STATE or material.to_state:
        _check_government(output, material)
    # (5)
    if output in _COUNTS and len(material.counted) < K:
        raise ConsentError(f"fewer than {K} accounts may be counted, and that few point to persons")
    # (6)
    if output in _QUOTES:
        _check_extracts(output, material)
    # (7)
    _check_ages(output, material)
    # (8)
    if output is Output.PRESS and not material.jigsaw:
        raise ConsentError(
            "nobody has signed whether a brother, a neighbour or an officer could know the person",
            "answer the jigsaw check in writing first",
        )


def _check_destination(output: Output, material: Material) -> None:
    if material.purpose not in _PURPOSES[output]:
        raise ConsentError(f"the form {output} is not for the use {material.purpose}")
    fitting = _RECIPIENTS.get(output) or _BY_PURPOSE.get(material.purpose)
    if fitting is not None and material.recipient not in fitting:
        raise ConsentError(
            f"the form {output} is not for this kind of recipient",
            f"it is for: {' '.join(sorted(fitting))}",
        )


def _check_government(output: Output, material: Material) -> None:
    for piece in material.pieces:
        if piece.government is None or piece.government.body is not output:
            raise ConsentError(
                f"the person of case {piece.case} did not agree that a government is told, and "
                "what this body gets goes to the State",
                "that yes can only come in a message, for one body, read by two reviewers: "
                "`intake review consent`",
            )


def _check_ages(output: Output, material: Material) -> None:
    if output not in _ACCOUNTS or material.published:
        return
    for piece in material.quoted:
        if "age_band" in dict(piece.fields) and any(
            a.place or a.place_type for a in piece.coding.acts
        ):
            raise ConsentError(
                f"an age stands beside the places of case {piece.case}",
                "leave it out: `intake review redact ITEM --withhold age_band`",
            )


def _check_extracts(output: Output, material: Material) -> None:
    extracts = [(piece, one) for piece in material.quoted for one in piece.extracts]
    if not extracts:
        raise MalformedError("no extract was chosen", "choose what may be quoted, and rewrite it")
    for piece, extract in extracts:
        if not extract.rewritten and not material.verbatim:
            raise ConsentError(
                f"an extract of case {piece.case} is in the person's own words, by which they "
                "may be known",
                "translate or rewrite it, or let both reviewers say yes a second time",
            )
        if output is Output.PRESS and len(piece.words(extract).split()) > WORDS_LIMIT:
            raise MalformedError(f"an extract of case {piece.case} has over {WORDS_LIMIT} words")
