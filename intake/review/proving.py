"""Makes a publication with proof out of a redaction, and says what it gives away.

Nothing comes out of here in which something that was taken out still stands. It asks nobody for
consent: whoever calls it has (`export.prepare`).
"""

# ruff: noqa: RUF001 - Russian

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from intake import redaction as tree
from intake.container import Container, Level
from intake.disclosure import disclose
from intake.errors import MalformedError, ProofError
from intake.form import EVERY_FORM, FORMS
from intake.opening import Opening, PublicHalf
from intake.publication import Publication
from intake.review import leaks
from intake.review.consent import Purpose, check_tells, is_code
from intake.review.needles import Needles
from intake.review.redacting import Redaction, taken_places
from intake.tlog.proof import LogProof

_FORMS_PATHS: Final = frozenset(path for form in FORMS.values() for path, _ in form.paths())
_WORDINGS: Final = frozenset(row for form in EVERY_FORM.values() for row in form.levels)
_LANG: Final = re.compile(r"[a-z]{2,3}", re.ASCII)

Places = dict[str, list[tuple[int, int]]]


def prove(
    container: Container,
    opening: Opening,
    redaction: Redaction,
    tlog_proof: bytes,
    uses: Collection[Level] = (),
) -> bytes:
    """The bytes of a publication that shows what the redaction leaves; raises `ProofError`.

    `tlog_proof` is that of the opening's entry (`completeness.LogProofs`). `uses` are those of
    which it shows that the author said yes; every other answer, and how and on which form it was
    sent, is left out.

    1. the redaction is of this original, and the words of it give the root that was logged
    2. every word that a span touches is hidden, and every field that is withheld, with its name
    3. nothing that was removed stands in what is left, nor a name or number of it, in any form
    4. the entry stands in the log to which the proof leads
    """
    # (1)
    check_tells(container)
    redaction.check_fits(container)
    if redaction.envelope != opening.envelope:
        raise MalformedError("the redaction is of another item")
    # (2)
    hidden = hidden_words(container, redaction)
    # (3)
    check_nothing_stands(container, redaction, hidden)
    # (1), (4)
    return _proved(container, opening, redaction, hidden, tlog_proof, uses)


def prove_original(
    container: Container,
    opening: Opening,
    withheld: Collection[str],
    tlog_proof: bytes,
    uses: Collection[Level] = (),
) -> bytes:
    """The bytes of a publication in which nothing is left out but these fields; raises `ProofError`.

    It is for whoever gets the original itself, sealed: what stands in a field that is left out may
    stand in another one, and is not looked for.
    """
    check_tells(container)
    left_out = Redaction(opening.envelope, 1, (), tuple(sorted(withheld)), "")
    left_out.check_fits(container)
    hidden = hidden_words(container, left_out)
    return _proved(container, opening, left_out, hidden, tlog_proof, uses)


def _proved(  # noqa: PLR0913, PLR0917 - what a publication is made of
    container: Container,
    opening: Opening,
    redaction: Redaction,
    hidden: Places,
    tlog_proof: bytes,
    uses: Collection[Level],
) -> bytes:
    if container.redact_root != opening.redact:
        raise ProofError(
            "the words are not those that were logged",
            "publish nothing of this item, and tell the auditor",
            key="other_words",
        )
    disclosed = disclose(
        container.seed,
        container.facts(),
        container.fields,
        set(_hidden_facts(container, uses)) | set(_hidden_tokens(container, redaction, hidden)),
    )
    proof = LogProof.parse(tlog_proof)
    publication = Publication(disclosed, PublicHalf.of(opening), proof)
    publication.check()
    return publication.to_bytes()


def hidden_words(container: Container, redaction: Redaction) -> Places:
    """The words that a redaction hides, by field: where each begins and ends, in code points.

    A span that touches a word hides all of it, with the white space before it: the tree has no
    half words. In a field that is withheld it is every word.
    """
    taken = taken_places(redaction.spans)
    places: Places = {}
    for path, text in container.fields:
        spans = [(0, len(text))] if path in redaction.withheld else taken.get(path, [])
        words = _words(text)
        places[path] = [(a, b) for a, b in words if any(s < b and a < e for s, e in spans)]
    return places


def check_nothing_stands(container: Container, redaction: Redaction, hidden: Places) -> None:
    """Raise `ProofError` where something that was removed stands in what would be shown.

    As before an export: in any form that `leaks` knows, in the text and in the names of fields.
    """
    needles = Needles.of(redaction.removed(container))
    for path, text in container.fields:
        if path in redaction.withheld:
            continue
        finds = leaks.remaining({path: text}, hidden, needles)
        where = ", ".join(f"{field}:{find.start}:{find.end}" for field, find in finds)
        if where and not is_code(path, text):
            raise ProofError(
                f"something that was removed still stands at {where}",
                "take it out there too, or everywhere: `intake review redact ITEM --everywhere`",
                key="still_stands",
                where=where,
            )
        if path not in _FORMS_PATHS and leaks.standing(path, needles):
            raise ProofError(
                "something that was removed stands in the name of a field",
                "withhold that field",
                key="field_name",
            )


def asks_again(purpose: Purpose) -> bool:
    """Whether a proof for this use needs a second yes of the reviewers, beside the consent.

    It shows somebody's own words: that is for investigators and courts, and for everybody only by
    exception (domain.md 5.4). Statistics have no words that could be proved.
    """
    if purpose is Purpose.STATS:
        raise MalformedError(
            "statistics are codes: there is no text to prove", key="no_text_to_prove"
        )
    return purpose is Purpose.PUBLISH


def what_it_reveals(publication: Publication, lang: str = "en") -> list[str]:
    """What whoever reads the publication learns beside its words, in lines for the desk.

    `lang` is `en` or `ru`; the Russian has not been checked by anybody yet.
    """
    said = _REVEALS[lang]
    checkpoint = publication.proof.signed.checkpoint
    answers = ", ".join(str(row.level) for row in publication.answers)
    values = {
        "week": publication.opening.epoch,
        "origin": checkpoint.origin,
        "index": publication.proof.index,
        "words": publication.words,
        "gaps": publication.gaps,
        "answers": answers,
    }
    names = [name for name in said if answers or name != "answers"]
    return [said[name].format_map(values) for name in names]


def _words(text: str) -> list[tuple[int, int]]:
    """Where each word of a field begins and ends."""
    places: list[tuple[int, int]] = []
    start = 0
    for word in tree.words(text):
        places.append((start, start + len(word)))
        start += len(word)
    return places


def _hidden_facts(container: Container, uses: Collection[Level]) -> Iterator[int]:
    """The numbers of all facts but the kind, and the answers that are to be shown.

    A sealer can put any word into a wording's id and a language's tag: one that no form has could
    carry a name, and stays hidden.
    """
    shown = {0}
    first = len(container.facts()) - len(container.files) - len(container.consent)
    for number, row in enumerate(container.consent, first):
        known = (row.level, row.wording) in _WORDINGS and _LANG.fullmatch(row.lang)
        if row.agreed and row.level in uses and known:
            shown.add(number)
    yield from (n for n in range(len(container.facts())) if n not in shown)


def _hidden_tokens(container: Container, redaction: Redaction, hidden: Places) -> Iterator[int]:
    """The numbers of the tokens that are left out of the fields."""
    number = len(container.facts())
    for path, text in container.fields:
        if path in redaction.withheld:
            yield number
        number += 1
        gone = set(hidden[path])
        for place in _words(text):
            if place in gone:
                yield number
            number += 1


_REVEALS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "entry": "It points to one entry of the week {week} in the log {origin}: number {index}.",
        "words": (
            "It shows {words} words exactly as they were written. A way of writing can be "
            "recognised, and so can what is told."
        ),
        "gaps": (
            "Something is left out in {gaps} places. How much is blurred, not hidden; what stands "
            "around a gap can give it away."
        ),
        "answers": "It shows that its author said yes to: {answers}.",
        "again": (
            "Another publication of the same testimony adds to this one: what either shows is "
            "shown, and anybody sees that both are of one person."
        ),
        "site": (
            "Whoever has the site's record of that week, or the testimony itself, can tell which "
            "submission it is."
        ),
        "ever": "It cannot be called back, and the proof holds for ever.",
        "truth": "It proves where the words come from. It does not prove that they are true.",
    },
    "ru": {
        "entry": "Она указывает на одну запись недели {week} в журнале {origin}: номер {index}.",
        "words": (
            "Она показывает слова ({words}) точно так, как они написаны. По манере письма можно "
            "узнать человека, как и по тому, что рассказано."
        ),
        "gaps": (
            "Мест, где что-то убрано: {gaps}. Сколько убрано — размыто, но не скрыто; пропуск "
            "может выдать то, что стоит вокруг него."
        ),
        "answers": "Она показывает, что автор сказал «да» на: {answers}.",
        "again": (
            "Другая публикация того же свидетельства дополняет эту: всё, что показывает любая из "
            "них, показано, и видно, что обе об одном человеке."
        ),
        "site": (
            "Тот, у кого есть записи сайта за эту неделю или само свидетельство, может понять, "
            "какое это сообщение."
        ),
        "ever": "Её нельзя отозвать, и доказательство остаётся верным навсегда.",
        "truth": "Она доказывает, откуда слова. Она не доказывает, что они правдивы.",
    },
}
