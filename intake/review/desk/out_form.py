"""The form for a new output: what it asks for, and what each of its items still lacks."""

from typing import Final

from intake.errors import IntakeError, MalformedError
from intake.review import proof_output
from intake.review.consent import Purpose
from intake.review.desk.sitting import Sitting
from intake.review.desk.step_page import page_of
from intake.review.export import Shape
from intake.review.outgoing import Output
from intake.review.panel import panel_of
from intake.review.plan_output import planned
from intake.review.progress import Progress
from intake.review.steps import Step, needs

FORMS: Final = (
    *(shape.value for shape in Shape),
    proof_output.FORM,
)  # others have a plan  # others have a plan


def asked_for(sitting: Sitting, given: dict[str, str]) -> Output:
    """What a form asks for; a plan, where there is one, says all of it."""
    if given["plan"].strip():
        return planned(sitting.case, given["plan"])
    items = [sitting.case.find(word) for word in given["items"].split()]
    if not items:
        raise MalformedError("no item is named", "an output is made of items", key="no_items")
    form = given["form"]
    if form not in FORMS or given["purpose"] not in set(Purpose):
        raise MalformedError("there is no such form or use", "choose one of the list")
    purpose = Purpose(given["purpose"])
    if form != proof_output.FORM:
        return Output.of(form, purpose, *items)
    if len(items) != 1:
        raise MalformedError("a proof is of one item", "name one item", key="one_item")
    verbatim = given.get("verbatim") == "yes"
    return proof_output.proof_of(sitting.case, items[0], purpose, verbatim=verbatim)


def missing(sitting: Sitting, items: str) -> list[tuple[str, Step, str]]:
    """What each item lacks before it may be built in, for the links to where that is done."""
    found: list[tuple[str, Step, str]] = []
    for word in items.split():
        try:
            item = sitting.case.find(word)
            done = Progress.of(sitting.case, item).done
        except IntakeError:
            continue
        wanted = needs(Step.BUILD, panel_of(sitting.case).steps)
        found += [(item, step, page_of(item, step)) for step in wanted if step not in done]
    return found
