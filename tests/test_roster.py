"""What a person may rely on when a roster is opened (protocol 9)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import HybridIdentity
from intake.errors import IntakeError, MalformedError, ProofError, RosterError
from intake.reviewer import Reviewer, Revocation, parse_date, parse_recipient, recipient_hash
from intake.roots import RootSet
from intake.roster import Roster, SignedRoster, check_not_forbidden, examine, open_roster
from intake.roster_text import REVIEWER_LIMIT
from intake.tlog.note import NOTE_LIMIT, Algorithm, Note, Signer, VerifierKey
from tests.panel import Panel, sign
from tests.vectors.roster import fixed, generate

LISTING: dict[str, Any] = json.loads((generate.FOLDER / "roster.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = LISTING["cases"]
ROSTER = fixed.ROSTER
SMALL = fixed.SMALL


def roots(name: str) -> RootSet:
    listed = LISTING["roots"][name]
    return RootSet(listed["threshold"], tuple(VerifierKey.parse(key) for key in listed["keys"]))


def opened(case: dict[str, Any]) -> SignedRoster:
    previous = case["previous"]
    return open_roster(
        generate.note_of(LISTING, case["name"]),
        trusted=roots(case["trusted"]),
        today=date.fromisoformat(case["today"]),
        deployment=case["deployment"],
        previous=previous and SignedRoster.parse(generate.note_of(LISTING, previous)).roster,
    )


def test_the_vectors_are_all_there() -> None:
    """A lost vector cannot pass unseen."""
    assert len(CASES) == len({case["name"] for case in CASES}) == 98
    assert sum(case["ok"] for case in CASES) == 11


def test_the_generator_writes_what_is_committed(tmp_path: Path) -> None:
    """Nobody can change a vector, or what the code makes of it, without a visible difference."""
    listing = generate.vectors(generate.kept_notes(generate.FOLDER / "roster.json"))
    assert listing == LISTING
    assert (generate.FOLDER / "roster.note").read_bytes() == generate.note_of(LISTING, "good")
    assert (generate.FOLDER / "roots").read_bytes() == roots("three").to_bytes()
    assert generate.kept_notes(tmp_path / "none") == []


@pytest.mark.parametrize("case", [c for c in CASES if c["ok"]], ids=lambda c: c["name"])
def test_good_rosters_open(case: dict[str, Any]) -> None:
    """A roster that follows every rule opens, and says byte for byte what was signed."""
    signed = opened(case)
    assert signed.to_bytes() == generate.note_of(LISTING, case["name"])
    assert signed.roster.to_bytes() == signed.note.text
    assert signed.roster.digest == f"sha256:{sha256(signed.note.text).hexdigest()}"


@pytest.mark.parametrize("case", [c for c in CASES if not c["ok"]], ids=lambda c: c["name"])
def test_bad_rosters_are_refused_for_their_reason(case: dict[str, Any]) -> None:
    """Each broken rule alone is enough to refuse a roster, and the message says which it was."""
    with pytest.raises(IntakeError) as caught:
        opened(case)
    if case["reason"] == "MalformedError":
        assert type(caught.value) is MalformedError
    else:
        assert case["reason"] in caught.value.phrase


def test_the_fixed_roster_says_what_it_always_said() -> None:
    """Digest, recipients and fingerprint of the published vector never change."""
    signed = opened(CASES[0])
    assert signed.roster.digest == LISTING["digest"]
    assert [str(recipient) for recipient in signed.roster.recipients] == LISTING["recipients"]
    assert signed.roster.roots.fingerprint == LISTING["roots"]["three"]["fingerprint"]
    assert signed.roster.roots.fingerprint == "84308 05743 17028 99256 23032 06297"


def test_expired_rosters_open_only_where_that_is_asked_for() -> None:
    """A reader of an old epoch can still verify its roster; nobody else can use it."""
    note = generate.note_of(LISTING, "good")
    late = {"trusted": roots("three"), "today": date(2027, 3, 1), "deployment": None}
    with pytest.raises(RosterError, match="expired") as caught:
        open_roster(note, **late)
    assert "roster that follows" in caught.value.hint
    assert open_roster(note, **late, allow_expired=True).roster == ROSTER
    with pytest.raises(RosterError, match="not to be used before"):
        open_roster(note, **late | {"today": date(2026, 10, 1)}, allow_expired=True)
    with pytest.raises(RosterError, match="signed by 1"):
        open_roster(note, **late | {"trusted": roots("other")}, allow_expired=True)


def test_sealing_ends_with_the_roster() -> None:
    """Nothing is sealed before the first day or after the last."""
    days = [date(2026, 10, 31), ROSTER.issued, ROSTER.expires, date(2026, 12, 2)]
    assert [ROSTER.accepts_sealing(day) for day in days] == [False, True, True, False]


def test_objects_are_taken_for_a_fortnight_more() -> None:
    """Who sealed on the last day has 14 days to get it through."""
    days = [date(2026, 10, 31), ROSTER.issued, date(2026, 12, 15), date(2026, 12, 16)]
    assert [ROSTER.accepts_objects(day) for day in days] == [False, True, True, False]


def test_objects_are_taken_until_the_end_of_the_calendar() -> None:
    """A roster that expires on the last day there is breaks nothing."""
    assert replace(ROSTER, expires=date.max).accepts_objects(date.max)


def test_a_compromised_key_ends_a_roster_at_once() -> None:
    """Nothing more is taken that a thief could read; a key merely retired ends nothing."""
    line = fixed.FULL.revoked[0]
    retired = replace(fixed.FULL, revoked=(replace(line, reason="retired"),))
    assert not ROSTER.accepts_objects(ROSTER.issued, fixed.FULL)
    assert ROSTER.accepts_objects(ROSTER.issued, retired)
    assert SMALL.accepts_objects(SMALL.issued, fixed.FULL)
    assert fixed.FULL.accepts_objects(fixed.FULL.issued, fixed.FULL)


@pytest.mark.parametrize("wrong", fixed.recipients().items(), ids=lambda pair: pair[0])
def test_only_a_post_quantum_recipient_is_one(wrong: tuple[str, str]) -> None:
    """Attack 8: no key of another kind is ever sealed to, and the message repeats none of it."""
    with pytest.raises(MalformedError) as caught:
        parse_recipient(wrong[1])
    assert wrong[1] not in caught.value.phrase + caught.value.hint


def test_a_classic_recipient_is_refused_with_the_way_to_a_right_one() -> None:
    """Who pastes an ordinary age key is told what a reviewer's looks like."""
    with pytest.raises(MalformedError, match="not a post-quantum age recipient") as caught:
        parse_recipient(fixed.recipients()["a plain X25519 age recipient"])
    assert "begins with age1pq1" in caught.value.hint


def test_twelve_wrong_recipients_are_tried() -> None:
    """The table of attack 8 is whole, and differs from what is right."""
    assert len(set(fixed.recipients().values())) == 12
    assert str(parse_recipient(LISTING["recipients"][0])) == LISTING["recipients"][0]


def test_test_keys_never_serve(panel: Panel) -> None:
    """A site cannot go into use with a key from this program's tests, in any place of a roster."""
    check_not_forbidden(panel.roster)
    mine, *rest = panel.roster.reviewers
    theirs = ROSTER.reviewers[0]
    for roster in (
        replace(panel.roster, reviewers=(replace(mine, recipient=theirs.recipient), *rest)),
        replace(panel.roster, reviewers=(replace(mine, signer=theirs.signer), *rest)),
        replace(panel.roster, roots=ROSTER.roots),
        replace(panel.roster, log=fixed.LOG),
        replace(panel.roster, code=fixed.FULL.code),
    ):
        with pytest.raises(RosterError, match="secret half is public"):
            check_not_forbidden(roster)


def test_every_published_key_is_forbidden() -> None:
    """The list names each key whose seed stands in the tests, and the keys folder shows it too."""
    package = Path(generate.__file__).parents[3]
    listed = (package / "intake" / "forbidden_keys.txt").read_text(encoding="ascii")
    for _, key in fixed.published_keys():
        assert sha256(key.encode()).hexdigest() in listed
    link = package / "keys" / "forbidden.txt"
    assert link.is_symlink()
    assert link.read_text(encoding="ascii") == listed


def test_examine_shows_every_rule_at_once(panel: Panel) -> None:
    """A holder sees all that is wrong with a roster, not only the first of it."""
    signed = SignedRoster.parse(sign(panel.roster, (0,)))
    today = panel.roster.issued
    findings = examine(
        signed,
        trusted=roots("three"),
        today=today - timedelta(days=1),
        deployment="other-abcdefgh",
        previous=ROSTER,
    )
    assert all(finding.error for finding in findings if finding.rule != "no key of a test")
    assert len(findings) == 7
    good = SignedRoster.parse(panel.note)
    trusted = panel.roster.roots
    assert [f.error for f in examine(good, trusted=trusted, today=today, deployment=None)] == [
        None
    ] * 4


def test_a_bad_signature_is_found_behind_a_missing_one(panel: Panel) -> None:
    """A forged line is named even where the holder's other line is not there."""
    note = Note.parse(panel.note)
    forged = replace(note.signatures[1], signature=bytes(2420))
    with pytest.raises(ProofError, match=r"root0\.test"):
        panel.roster.roots.signed(Note(note.text, (forged,)))


def test_a_note_and_another_roster_do_not_make_one(panel: Panel) -> None:
    """The roster that is used is always the text that was signed."""
    with pytest.raises(MalformedError, match="not the text"):
        SignedRoster(Note.parse(panel.note), ROSTER)


def test_a_roster_is_bounded() -> None:
    """A huge roster is refused before its lines are read, and so is a crowd of reviewers."""
    with pytest.raises(MalformedError, match="longer than"):
        Roster.parse(bytes(NOTE_LIMIT + 1))
    with pytest.raises(MalformedError, match="ASCII"):
        Roster.parse("testimony-intake/roster/v1\ndeployment \u0451\n".encode())
    with pytest.raises(MalformedError, match="end with a newline"):
        Roster.parse(SMALL.to_bytes().removesuffix(b"\n"))
    row, signer = fixed.line(ROSTER, "reviewer r1"), fixed.line(ROSTER, "signer r1")
    many = range(REVIEWER_LIMIT + 1)
    text = ROSTER.to_bytes().decode()
    start, end = text.index("reviewer r1"), text.index("root-threshold")
    crowd = "".join(row.replace("r1", f"x{n}", 1) for n in many)
    crowd += "".join(signer.replace("r1", f"x{n}", 1) for n in many)
    with pytest.raises(MalformedError, match="1 to 32 reviewers"):
        Roster.parse((text[:start] + crowd + text[end:]).encode())


def test_as_many_reviewers_as_stanzas() -> None:
    """32 reviewers are a roster, and one more cannot be made by any way."""

    def row(number: int) -> Reviewer:
        seed = fixed.seed(f"crowd {number}")
        signer = Signer(f"x{number}", Algorithm.ED25519, seed).vkey
        return Reviewer(f"x{number}", HybridIdentity.from_seed(seed).recipient, signer)

    crowd = tuple(row(number) for number in range(REVIEWER_LIMIT + 1))
    full = replace(SMALL, reviewers=crowd[:-1])
    assert Roster.parse(full.to_bytes()) == full
    with pytest.raises(MalformedError, match="1 to 32"):
        replace(SMALL, reviewers=crowd)


def test_names_that_are_read_aloud_are_ascii() -> None:
    """No key has a name with letters that only look like others."""
    strange = Signer("l\u043eg", Algorithm.ED25519, bytes(32)).vkey
    with pytest.raises(MalformedError, match="not ASCII"):
        replace(SMALL, log=strange)


@pytest.mark.parametrize("name", ["", "R1", "-r", "r_1", "r" * 33, "r1\n", "\u04401"])
def test_reviewers_names_have_one_form(name: str) -> None:
    """A reviewer's name is short, lower case and safe in a file's name."""
    with pytest.raises(MalformedError, match="reviewer's name"):
        Revocation(name, recipient_hash(ROSTER.recipients[0]), ROSTER.issued, "retired")
    Revocation("r" * 32, recipient_hash(ROSTER.recipients[0]), ROSTER.issued, "retired")


@pytest.mark.parametrize(
    "text", ["20261101", "2026-W47-1", "2026-1-01", "2026-02-30", " 2026-11-01"]
)
def test_dates_have_one_form(text: str) -> None:
    """A date is YYYY-MM-DD, whatever Python's own parser would take."""
    with pytest.raises(MalformedError):
        parse_date(text)


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@settings(deadline=None, max_examples=50)
@given(
    version=st.integers(1, 999_999_999),
    issued=DAYS,
    days=st.integers(0, 4000),
    order=st.permutations(ROSTER.reviewers),
    count=st.integers(1, 3),
    revoked=st.lists(
        st.builds(
            Revocation,
            st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True),
            st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True),
            DAYS,
            st.sampled_from(("retired", "compromised")),
        )
    ),
    holders=st.permutations((0, 1, 2)),
    threshold=st.integers(1, 3),
    witnesses=st.sampled_from([(), fixed.WITNESSES[:1], fixed.WITNESSES]),
)
def test_any_roster_reads_back(  # one parameter a field
    version: int, issued: date, days: int, order: list[Reviewer], count: int,
    revoked: list[Revocation], holders: list[int], threshold: int, witnesses: tuple[VerifierKey, ...],
) -> None:  # fmt: skip
    """Whatever a valid roster holds, its text says it in one way and reads back to the same."""
    roster = Roster(
        deployment=fixed.DEPLOYMENT,
        version=version,
        previous=None if version == 1 else ROSTER.digest,
        issued=issued,
        expires=issued + timedelta(days=days),
        k=1,
        reviewers=tuple(order[:count]),
        revoked=tuple(revoked),
        roots=fixed.root_set(threshold, *holders),
        log=fixed.LOG if witnesses else None,
        quorum=len(witnesses) or None,
        witnesses=witnesses,
        code=fixed.FULL.code,
    )
    assert Roster.parse(roster.to_bytes()) == roster


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_damaged_roster_reads_as_another(data: st.DataObject) -> None:
    """A changed, lost or added byte is refused or gives a text that differs: nothing is ignored."""
    text = fixed.FULL.to_bytes()
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.binary(max_size=2))
    damaged = text[:at] + new + text[at + data.draw(st.integers(0, 1)) :]
    try:
        roster = Roster.parse(damaged)
    except (MalformedError, RosterError):
        return
    assert roster.to_bytes() == damaged
