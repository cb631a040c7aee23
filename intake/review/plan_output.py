"""Builds the outputs that a plan describes, out of a case: reports, packages, sheets, statistics.

Each is one file: where a form has several, an archive of them. Two machines with the same records build
the same bytes: the week and the secret of the case codes are details of the output.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from intake.container import Consent, Kind, Level
from intake.epoch import Epoch
from intake.errors import ConsentError, MalformedError
from intake.ledger.act import Kind as Act
from intake.review import originals
from intake.review.acting import record_on, salt_of
from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.consent import Purpose, check_consent
from intake.review.export import Publication
from intake.review.gathering import thread_of
from intake.review.government import government_of
from intake.review.outgoing import APART, BUILDERS, COUNTED, Output
from intake.review.output_words import PLAN
from intake.review.outputs.archives import archive
from intake.review.outputs.building import build
from intake.review.outputs.codes import case_codes
from intake.review.outputs.material import (
    Extract,
    Finding,
    Government,
    Grade,
    Material,
    Piece,
)
from intake.review.outputs.material import Output as Form
from intake.review.outputs.refusing import TO_THE_STATE
from intake.review.panel import panel_of
from intake.review.plan import Found, Plan
from intake.review.progress import Progress, coding_of, grades_of
from intake.review.registering import register_of
from intake.review.signing_off import is_alone
from intake.review.standing import standing_of
from intake.review.steps import Step

_CODES: Final = "codes"  # the secret from which its case codes come
_WEEK: Final = "week"
_LABELS: Final = b"testimony-intake/labels/v1\0"


def planned(case: Case, text: str) -> Output:
    """The output of a plan, as this week's, with a fresh secret for its case codes."""
    plan = Plan.parse(text)
    items = [case.find(item) for item in plan.items]
    details = {PLAN: text, _CODES: secrets.token_hex(32), _WEEK: str(Epoch.now())}
    if plan.form is Form.COURT:
        details |= originals.details(case, items)
    return Output.of(plan.form.value, plan.purpose, *items, **details)


def _built(case: Case, output: Output, publications: Mapping[str, Publication]) -> bytes:
    plan, week = _plan_of(output)
    names = _codes_of(case, output)
    material = _material(case, plan, publications, output, week)
    held = originals.held(case, output, names) if plan.form is Form.COURT else None
    made = build(plan.form, material, held)
    if len(made) == 1:
        return made[0].content
    return archive({one.name: one.content for one in made})


def _plan_of(output: Output) -> tuple[Plan, Epoch]:
    details = dict(output.details)
    try:
        plan, week = Plan.parse(details[PLAN]), Epoch.parse(details[_WEEK])
    except KeyError:
        raise MalformedError("an output has lost its plan or its week") from None
    if (plan.form, plan.purpose) != (output.form, output.purpose):
        raise MalformedError("an output is another one than its plan says")
    return plan, week


def _codes_of(case: Case, output: Output) -> dict[str, str]:
    """The case code of each item, under this output's secret."""
    digests = {item: case.entry(item).digest for item in output.items}
    codes = case_codes(_secret_of(output), digests.values())
    return {item: codes[digest] for item, digest in digests.items()}


def _secret_of(output: Output) -> bytes:
    """What this output alone has, for its codes and its labels."""
    try:
        return bytes.fromhex(dict(output.details)[_CODES])
    except (KeyError, ValueError):
        raise MalformedError("an output has lost its secret") from None


def _apart(case: Case, output: Output, package: bytes) -> bytes:
    """The originals of a court's package, sealed; each is the one that the package names."""
    plan, _ = _plan_of(output)
    return originals.sealed(case, output, _codes_of(case, output), plan.texts["key"], package)


def _material(
    case: Case,
    plan: Plan,
    publications: Mapping[str, Publication],
    output: Output,
    week: Epoch,
) -> Material:
    names = _codes_of(case, output)
    related = _related(case, names) if plan.purpose is Purpose.COURTS else {}
    pieces = [
        replace(
            _piece(case, item, one, names[item], plan),
            related=related.get(item, ()),
            government=_government(case, item, plan),
        )
        for item, one in publications.items()
    ]
    panel = panel_of(case)
    texts, lists = plan.texts, plan.lists
    return Material(
        purpose=plan.purpose,
        recipient=texts["recipient"],
        recipient_name=texts["recipient_name"],
        deployment=case.roster.deployment,
        organisation=panel.organisation,
        contact=panel.contact,
        title=texts["title"],
        week=week,
        pieces=tuple(sorted(pieces, key=lambda piece: piece.case)),
        register=register_of(case),
        secret=_of_labels(case, output),
        lang=texts["lang"] or "en",
        agreement=texts["agreement"],
        method=lists["method"],
        limits=lists["limits"],
        findings=tuple(_finding(case, found, names) for found in plan.findings),
        not_asked=lists["not_asked"],
        urgency=texts["urgency"],
        sealed_to=originals.name_of(texts["key"]) if texts["key"] else "",
        sites=frozenset(lists["sites"]),
        jigsaw=all(Step.JIGSAW in Progress.of(case, item).done for item in publications),
        lawyer="lawyer" in plan.yes,
        reply="reply" in plan.yes,
        verbatim="verbatim" in plan.yes,
        lead_only="lead_only" in plan.yes,
        to_state="to_state" in plan.yes,
        alone=is_alone(case),
    )


def _of_labels(case: Case, output: Output) -> bytes:
    """The secret of an output's labels: from the case's salt and what this output alone has."""
    return hmac.digest(salt_of(case), _LABELS + _secret_of(output), sha256)


def _piece(case: Case, item: str, one: Publication, code: str, plan: Plan) -> Piece:
    container, counted = one.container, one.purpose is Purpose.STATS
    coding = coding_of(case, item)
    grades = grades_of(case, item)
    fits = grades is not None and coding is not None and grades.coding == coding.mark
    claims = grades.claims if grades is not None and fits else ()
    return Piece(
        case=code,
        fields=() if counted else one.fields,
        coding=Coding() if coding is None else coding.value,
        week=container.epoch,
        language=container.form.lang,
        consents=tuple(row for level in Level if (row := _row(case, item, one, level)) is not None),
        grades=tuple(Grade(claim.act, claim.grade, claim.remark) for claim in claims),
        removed=tuple(one.redaction.removed(container)),
        reasons=tuple(one.redaction.reasons().items()),
        withheld=one.redaction.withheld,
        extracts=() if counted else _extracts(case, item, plan),
        addition=container.kind is Kind.ADDITION,
    )


def _government(case: Case, item: str, plan: Plan) -> Government | None:
    """The consent that a State is told, where this output tells one; a refusal stands in the ledger."""
    if plan.form not in TO_THE_STATE and "to_state" not in plan.yes:
        return None
    try:
        return government_of(case, item, plan.form)
    except ConsentError:
        record_on(case, item, (Act.CONSENT, {"subject": "refused"}))
        raise


def _related(case: Case, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Of each item the codes of those that came under the same code of a survivor."""
    marks = {item: case.entry(item).thread for item in names}
    return {
        item: tuple(sorted(names[one] for one in marks if one != item and marks[one] == mark))
        for item, mark in marks.items()
        if mark is not None
    }


def _row(case: Case, item: str, one: Publication, level: Level) -> Consent | None:
    """The word that allows a use now, None where nothing does: messages and governments are no exports."""
    try:
        purpose = Purpose(level.value)
        return check_consent(one.container, purpose, thread_of(case, item, standing_of(case)))
    except (ConsentError, ValueError):
        return None


def _extracts(case: Case, item: str, plan: Plan) -> tuple[Extract, ...]:
    return tuple(extract for name, extract in plan.extracts if case.find(name) == item)


def _finding(case: Case, found: Found, names: Mapping[str, str]) -> Finding:
    cases: Sequence[str] = sorted(names[case.find(item)] for item in found.items)
    return Finding(found.text, found.grade, tuple(cases))


for _form in Form:
    BUILDERS[_form.value] = _built
COUNTED.add(Form.REPORT.value)
APART[Form.COURT.value] = _apart
