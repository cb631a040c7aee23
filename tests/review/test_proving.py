"""A publication with proof shows what the redaction left, and nothing that it took out."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from intake.bundle import Bundle
from intake.canonical import b64
from intake.completeness import Checked, Known, LogProofs, examine
from intake.container import Container, File, Kind, Level
from intake.epoch import Epoch
from intake.errors import ConsentError, MalformedError, ProofError
from intake.opening import Opening
from intake.publication import Publication
from intake.redaction import words
from intake.review.consent import Purpose
from intake.review.proving import (
    asks_again,
    check_nothing_stands,
    hidden_words,
    prove,
    what_it_reveals,
)
from intake.review.redacting import Redaction, Span
from intake.review.unseal import unseal_object
from intake.tlog.entries import Blinded
from intake.tlog.merkle import prove_inclusion
from intake.tlog.proof import LogProof
from tests.little_log import POLICY, Little, LittleLog, this_week
from tests.panel import Panel, make_panel
from tests.review.workroom import (
    TODAY,
    Sealed,
    container,
    opening_for,
    seal_container,
    unchecked,
)
from tests.tlog.trees import reader

LAST = this_week().previous
NARRATIVE = (
    "Заур пришёл в марте. С ним был Ахмед-Хаджи, сосед; позвонил +7 928 123-45-67.\n"
    "Их держали в подвале магазина «Весна»,  и никто не знал где."
)
FIELDS = (("narrative", NARRATIVE), ("who_text", "Заур М."), ("relation", "r.self"))


def spans(field: str, text: str, *taken: str, reason: str = "person") -> list[Span]:
    """A span for each of these, where it stands in the text."""
    return sorted(Span(field, text.index(one), text.index(one) + len(one), reason) for one in taken)


def redaction(opening: Opening, taken: Iterable[Span] = (), *withheld: str) -> Redaction:
    """What is taken out of this item."""
    return Redaction(opening.envelope, 1, tuple(sorted(taken)), tuple(sorted(withheld)), "r1")


NAMES = ("Заур", "Ахмед-Хаджи", "Весна")


def usual(opening: Opening) -> Redaction:
    """Names and the number are taken out, and a field is left out."""
    taken = spans("narrative", NARRATIVE, *NAMES)
    taken += spans("narrative", NARRATIVE, "+7 928 123-45-67", reason="contact")
    return redaction(opening, taken, "who_text")


@pytest.fixture(scope="module")
def panel() -> Panel:
    """A panel whose roster was in use last week already."""
    return make_panel().dated(TODAY - dt.timedelta(days=20), TODAY + dt.timedelta(days=5))


@dataclass(frozen=True)
class Scene:
    """Items that were sealed, collected and found whole, with the log of their week."""

    panel: Panel
    items: tuple[Sealed, ...]
    bundle: Bundle
    checked: Checked

    @property
    def opening(self) -> Opening:
        """That of the first item."""
        return self.items[0][0]

    @property
    def box(self) -> Container:
        """The first item as a reviewer opens it."""
        opening, sealed = self.items[0]
        return unseal_object(sealed, opening, self.panel.roster, self.panel.identities)

    def prove(self, taken: Redaction, *uses: Level) -> Publication:
        """The publication of the first item, read back and verified as a stranger would."""
        proof = LogProofs.of(self.bundle, self.checked).proof_of(self.opening)
        publication = Publication.parse(prove(self.box, self.opening, taken, proof, uses))
        publication.verify(POLICY)
        return publication


def scene_of(panel: Panel, *boxes: Container, waiting: int = 0) -> Scene:
    """These items in the log of last week; the last `waiting` are only promised to it."""
    boxes = tuple(
        replace(box, roster=panel.roster.digest, deployment=panel.roster.deployment, epoch=LAST)
        for box in boxes
    )
    items = [seal_container(box, panel.roster, LAST) for box in boxes]
    soon = [(replace(o, epoch=this_week()), s) for o, s in items[len(items) - waiting :]]
    items = items[: len(items) - waiting]
    log = LittleLog().with_rosters(panel.note).close(LAST, *(opening for opening, _ in items))
    bundle = Little(panel, log, items=tuple(items), unlogged=tuple(soon)).bundle()
    known = Known(POLICY, {panel.roster.digest: panel.roster}, today=this_week())
    findings, checked = examine(bundle, known)
    assert findings.first == []
    assert checked is not None
    return Scene(panel, (*items, *soon), bundle, checked)


@pytest.fixture(scope="module")
def scene(panel: Panel) -> Scene:
    """The testimony of these tests, and another one."""
    odd = File("Заур.jpg", "image/jpeg", b"x" * 100)
    other = container(("narrative", "Ничего."))
    return scene_of(panel, replace(container(*FIELDS), files=(odd,)), other)


_DRAWN = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")  # hashes, seeds and signatures: none is a word


def told(publication: Publication) -> bytes:
    """A publication's bytes without those that chance made, in which any short word may occur."""
    return _DRAWN.sub(b"", publication.to_bytes())


def text_of(publication: Publication) -> str:
    """What is shown, with a mark for each gap."""
    return "".join(("…" if p.before else "") + p.path + p.text for p in publication.pieces())


# What it shows


def test_from_a_sealed_letter_to_a_publication_that_anybody_can_verify(scene: Scene) -> None:
    publication = scene.prove(usual(scene.opening), Level.PUBLISH)
    assert text_of(publication) == (
        "…narrative… пришёл в марте. С ним был… сосед; позвонил…\n"
        "Их держали в подвале магазина…  и никто не знал где.…relationr.self"
    )
    assert publication.opening.epoch == LAST
    assert [str(row.level) for row in publication.answers] == ["publish"]
    removed = [
        word.strip() for text, _ in usual(scene.opening).removed(scene.box) for word in words(text)
    ]
    assert {"Заур", "+7", "928", "М."} <= set(removed)
    whole = told(scene.prove(redaction(scene.opening)))
    for word in removed:
        assert word.encode() in whole, "the search would not find it"
        assert word.encode() not in told(publication)
    data = publication.to_bytes()
    for hidden in ("who_text", "image/jpeg", "server", "minimal", "courts"):
        assert hidden.encode() not in data
    assert b64(scene.opening.envelope).encode() not in data
    assert b64(scene.box.seed).encode() not in data


def test_without_a_redaction_every_word_of_every_field_stands_there(scene: Scene) -> None:
    publication = scene.prove(redaction(scene.opening))
    shown = [(piece.path, piece.text) for piece in publication.pieces()]
    assert shown == list(FIELDS)
    assert publication.gaps == 1  # how and on which form it was sent, and every answer
    assert publication.answers == ()


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (0, 1, "… пришёл в марте."),
        (3, 4, "… пришёл в марте."),
        (4, 5, "Заур… в марте."),
        (10, 13, "Заур… марте."),
        (18, 19, "Заур пришёл в…"),
        (3, 5, "… в марте."),
    ],
)
def test_a_span_that_touches_a_word_hides_all_of_it(
    panel: Panel, start: int, end: int, left: str
) -> None:
    """Its first letter, its last, the space before it, its full stop."""
    scene = scene_of(panel, container(("narrative", "Заур пришёл в марте.")))
    span = Span("narrative", start, end, "words")
    publication = scene.prove(redaction(scene.opening, [span]))
    assert text_of(publication) == "…narrative" + left


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["один", "два,", "\n", "  ", "три", "4", " "]), max_size=12),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), max_size=4),
    st.booleans(),
)
def test_just_the_words_that_no_span_touches_are_shown(
    parts: list[str], wanted: list[tuple[int, int]], withheld: bool
) -> None:
    text = "x" + " ".join(parts)
    taken: list[Span] = []
    for start, length in sorted(wanted):
        end = min(start + length, len(text))
        if start < end and (not taken or taken[-1].end <= start):
            taken.append(Span("narrative", start, end, "number"))
    box = container(("narrative", text), ("who_text", "кто"))
    opening = opening_for(b"sealed", box)
    spoken = redaction(opening, taken, *(["who_text"] if withheld else []))
    expected, at = [("f", "narrative")], 0
    for word in words(text):
        if not any(span.start < at + len(word) and at < span.end for span in taken):
            expected.append(("w", word))
        at += len(word)
    expected += [] if withheld else [("f", "who_text"), ("w", "кто")]
    try:
        check_nothing_stands(box, spoken, hidden_words(box, spoken))
    except ProofError:
        reject()  # a word that stood there twice
    data = prove(box, opening, spoken, alone_in_a_log(opening))
    leaves = Publication.parse(data).disclosure.leaves
    shown = [(kind.decode(), value.decode()) for kind, value in filter(None, leaves)]
    assert [leaf for leaf in shown if leaf[0] in "fw"] == expected


def alone_in_a_log(opening: Opening) -> bytes:
    """The proof of an entry in a log that has no other."""
    log = LittleLog().close(opening.epoch, opening)
    path = prove_inclusion(0, len(log.entries), reader(list(log.entries)))
    return LogProof(0, path, log.signed()).to_bytes()


def test_an_answer_is_shown_if_it_was_asked_for_and_was_yes_in_words_of_a_form(
    panel: Panel,
) -> None:
    """A sealer chooses the wording's id and the language's tag: a name could stand in either."""
    box = container(("narrative", "слово"), agreed=(Level.PUBLISH, Level.COURTS, Level.STATS))
    rows = {row.level: row for row in box.consent}
    rows[Level.COURTS] = replace(rows[Level.COURTS], wording="zaur.muskhabov")
    rows[Level.STATS] = replace(rows[Level.STATS], lang="ru-zaur")
    scene = scene_of(panel, replace(box, consent=tuple(rows.values())))
    publication = scene.prove(redaction(scene.opening), *Level)
    assert publication.answers == (rows[Level.PUBLISH],)
    assert scene.prove(redaction(scene.opening), Level.INVESTIGATORS).answers == ()


# What it refuses


def test_words_that_were_not_logged_are_not_published(scene: Scene) -> None:
    """A letter whose opening says another root: its reviewers could prove nothing by it."""
    proof = LogProofs.of(scene.bundle, scene.checked).proof_of(scene.opening)
    for other in (
        replace(scene.opening, redact=bytes(32)),
        replace(scene.opening, redact=scene.items[1][0].redact),
    ):
        with pytest.raises(ProofError, match="not those that were logged"):
            prove(scene.box, other, redaction(other), proof)


def test_a_redaction_of_another_item_is_not_applied(scene: Scene) -> None:
    proof = LogProofs.of(scene.bundle, scene.checked).proof_of(scene.opening)
    with pytest.raises(MalformedError, match="of another item"):
        prove(scene.box, scene.opening, redaction(scene.items[1][0]), proof)
    beyond = Span("narrative", 5, 10_000, "person")
    with pytest.raises(MalformedError, match="ends after the field"):
        prove(scene.box, scene.opening, redaction(scene.opening, [beyond]), proof)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Заур ушёл. Потом пришёл заур.", "narrative"),
        ("Заур ушёл. Zaur пришёл.", "narrative"),
        ("Заур ушёл без Заура.", "narrative"),
        ("Заур ушёл; «Заур!» кричали.", "narrative"),
        ("Заур ушёл.", "zaur"),
    ],
)
def test_a_name_that_was_taken_out_once_and_stands_elsewhere_is_refused(
    panel: Panel, text: str, field: str
) -> None:
    """In another case, another script, another form, inside a word; or in the name of a field."""
    box = container(("narrative", text), (field if field != "narrative" else "where_text", "там"))
    scene = scene_of(panel, box)
    taken = redaction(scene.opening, spans("narrative", text, "Заур"))
    with pytest.raises(ProofError, match=r"still stands at narrative:|name of a field"):
        scene.prove(taken)
    everywhere = [
        Span("narrative", start, start + 4, "person")
        for start in range(len(text))
        if text[start : start + 4].casefold() in ("заур", "zaur")
    ]
    withheld = () if field == "narrative" else (field,)
    assert scene.prove(redaction(scene.opening, everywhere, *withheld)).words


def test_the_place_in_a_refusal_is_a_span_that_can_be_taken_out(panel: Panel) -> None:
    text = "Заур ушёл. Потом пришёл заур."
    scene = scene_of(panel, container(("narrative", text)))
    taken = spans("narrative", text, "Заур")
    with pytest.raises(ProofError) as refusal:
        scene.prove(redaction(scene.opening, taken))
    place = refusal.value.phrase.rpartition(" ")[2]
    assert "заур" not in refusal.value.phrase.casefold()
    more = Span.parse(f"{place}=person")
    assert text_of(scene.prove(redaction(scene.opening, [*taken, more]))) == (
        "…narrative… ушёл. Потом пришёл…"
    )


def test_the_proof_must_be_that_of_the_entry_and_no_more(scene: Scene) -> None:
    taken = usual(scene.opening)
    own = LogProofs.of(scene.bundle, scene.checked).proof_of(scene.opening)
    other = LogProofs.of(scene.bundle, scene.checked).proof_of(scene.items[1][0])
    with pytest.raises(ProofError, match="not in the signed log"):
        prove(scene.box, scene.opening, taken, other)
    told = replace(LogProof.parse(own), extra=scene.opening.to_bytes())
    with pytest.raises(MalformedError, match="extra data"):
        prove(scene.box, scene.opening, taken, told.to_bytes())
    with pytest.raises(MalformedError):
        prove(scene.box, scene.opening, taken, b"")


def test_what_tells_nothing_is_not_published() -> None:
    for kind in (Kind.DECOY, Kind.CONSENT):
        box = container(kind=kind)
        opening = opening_for(b"sealed", box)
        with pytest.raises(ConsentError, match="never redacted or exported"):
            prove(box, opening, redaction(opening), b"")


# What the desk says


def test_the_desk_says_what_publishing_reveals_in_both_languages(scene: Scene) -> None:
    publication = scene.prove(usual(scene.opening), Level.COURTS)
    english, russian = (what_it_reveals(publication, lang) for lang in ("en", "ru"))
    assert len(english) == len(russian) == 8
    for lines in (english, russian):
        whole = "\n".join(lines)
        assert str(LAST) in whole
        assert POLICY.logs[0].vkey.name in whole
        assert str(publication.words) in whole
        assert "courts" in whole
        assert "{" not in whole
    assert english[2].startswith(f"Something is left out in {publication.gaps} places.")
    without = what_it_reveals(scene.prove(usual(scene.opening)))
    assert len(without) == 7


def test_a_proof_for_everybody_needs_a_second_yes() -> None:
    assert [asks_again(p) for p in (Purpose.PUBLISH, Purpose.COURTS, Purpose.INVESTIGATORS)] == [
        True,
        False,
        False,
    ]
    with pytest.raises(MalformedError, match="no text to prove"):
        asks_again(Purpose.STATS)


# Where the proof comes from


def test_an_import_can_prove_every_item_that_is_logged_and_no_other(panel: Panel) -> None:
    boxes = [container(("narrative", f"слово {n}")) for n in range(5)]
    scene = scene_of(panel, *boxes, waiting=2)
    openings = [opening for opening, _ in scene.items]
    proofs = LogProofs.of(scene.bundle, scene.checked)
    for opening in openings[:3]:
        proof = LogProof.parse(proofs.proof_of(opening))
        assert proof.extra == b""
        assert proof.signed == scene.checked.signed
        proof.verify(Blinded(opening.commit).to_bytes(), POLICY)
    for opening in openings[3:]:
        with pytest.raises(ProofError, match="not in the log of the last bundle"):
            proofs.proof_of(opening)
    with pytest.raises(ProofError, match="not those of its checkpoint"):
        LogProofs(LogProofs.of(scene.bundle, scene.checked).leaves[:-32], scene.checked.signed)


def test_proofs_come_from_the_bundle_that_was_checked(panel: Panel, scene: Scene) -> None:
    other = scene_of(panel, container(("narrative", "слово")))
    with pytest.raises(ValueError, match="another bundle"):
        LogProofs.of(scene.bundle, other.checked).proof_of(scene.opening)


def test_a_proof_is_the_one_of_the_tree_at_every_size(panel: Panel) -> None:
    """Logs of 18, 35, 52 … entries: complete trees, and ragged ones."""
    weeks = [Epoch.of(LAST.monday - dt.timedelta(weeks=7 * n // 7)) for n in range(8, -1, -1)]
    item = seal_container(container(("narrative", "слово"), epoch=weeks[0]), panel.roster, weeks[0])
    log = LittleLog().with_rosters(panel.note)
    for week in weeks:
        log = log.close(week, *([item[0]] if week == weeks[0] else []))
        bundle = Little(panel, log).bundle()
        checked = unchecked(bundle.contents)
        checked = replace(checked, signed=log.signed())
        proof = LogProof.parse(LogProofs.of(bundle, checked).proof_of(item[0]))
        place, size = log.number(item[0]), len(log.entries)
        assert proof.path == prove_inclusion(place, size, reader(list(log.entries)))
        assert (proof.index, proof.signed) == (place, log.signed())
