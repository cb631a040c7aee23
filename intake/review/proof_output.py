"""A publication with proof as an output: what is built, signed by two, and handed over like any other.

The proof of logging is one of the output's details, so that whoever signs second builds the same bytes,
though their copy of the case may have seen another checkpoint.
"""

from collections.abc import Mapping
from typing import Final

from intake.errors import ConsentError, GateError, MalformedError
from intake.publication import Publication as Proved
from intake.review.case import Case
from intake.review.consent import Purpose
from intake.review.export import Publication
from intake.review.log_kept import check_logged, log_of
from intake.review.outgoing import BUILDERS, Output, waiting
from intake.review.proving import asks_again, prove, what_it_reveals
from intake.review.signing_off import is_alone

FORM: Final = "proof"
_PROOF: Final = "proof"
_AGAIN: Final = "verbatim"
_YES: Final = "yes"


def proof_of(case: Case, item: str, purpose: Purpose, *, verbatim: bool) -> Output:
    """The output that proves the redacted words of an item for a use.

    One that waits for a second signature is taken up again, else the last log that this copy has seen
    proves it. `verbatim` is the second yes where everybody will read somebody's own words.
    """
    again = {_AGAIN: _YES} if verbatim else dict[str, str]()
    for _, output, _ in waiting(case):
        known = dict(output.details)
        asked = output.form, output.purpose, output.items
        if asked == (FORM, purpose, (item,)) and known.keys() - {_PROOF} == again.keys():
            return output
    proof = log_of(case).proof_of(case.entry(item).opening)
    return Output.of(FORM, purpose, item, **again, **{_PROOF: proof.decode()})


def reveals(content: bytes, lang: str) -> list[str]:
    """What whoever reads such a publication learns beside its words."""
    return what_it_reveals(Proved.parse(content), lang)


def _built(case: Case, output: Output, publications: Mapping[str, Publication]) -> bytes:
    """1. one item, by two people; 2. the second yes, for everybody; 3. the log's proof holds; 4. the words."""
    # (1)
    if len(publications) != 1:
        raise MalformedError("a proof is of one item", "name one item", key="one_item")
    if is_alone(case):
        raise GateError(
            "a publication with proof cannot say that one person alone signed it",
            "a panel of one exports text",
            key="proof_alone",
        )
    ((item, publication),) = publications.items()
    details = dict(output.details)
    # (2)
    if asks_again(publication.purpose) and details.get(_AGAIN) != _YES:
        raise ConsentError(
            "a proof shows somebody's own words to everybody, for ever",
            "that is for investigators and courts; if both of you want it all the same: --verbatim",
            key="verbatim",
        )
    # (3)
    opening = case.entry(item).opening
    try:
        proof = details[_PROOF].encode()
    except KeyError:
        raise MalformedError("a publication with proof has no proof of logging") from None
    check_logged(case, opening, proof)
    # (4)
    level = publication.consent.level
    return prove(publication.container, opening, publication.redaction, proof, (level,))


BUILDERS[FORM] = _built
