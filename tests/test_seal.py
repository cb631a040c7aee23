import datetime as dt
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.age import (
    X25519Identity,
    decrypt_bytes,
    encrypt_bytes,
    read_header,
    sealed_length,
)
from intake.author import Author
from intake.container import SIZES, Container, File, Kind, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError
from intake.opening import Letter
from intake.seal import (
    check_container,
    check_header,
    check_length,
    check_sealed,
    container_of,
    decoy_of,
    seal,
    seal_container,
)
from intake.testimony import Testimony
from tests.panel import Panel, make_panel

TODAY = dt.datetime.now(dt.UTC).date()
TESTIMONY = Testimony.from_answers("ru", {"narrative": "Ӏумар сказал"}, {"stats"})


def sealed(panel: Panel, mode: Mode = Mode.TOOL) -> Letter:
    author = Author.fresh(Epoch.of(TODAY))
    return seal(TESTIMONY, panel.roster, mode=mode, today=TODAY, author=author)


def test_every_reviewer_opens_it_and_finds_what_was_said(panel: Panel) -> None:
    author = Author.fresh(Epoch.of(TODAY))
    letter = seal(TESTIMONY, panel.roster, mode=Mode.SERVER, today=TODAY, author=author)
    opening = letter.head.opening
    for identity in panel.identities:
        container = Container.parse(decrypt_bytes(letter.sealed, [identity]))
        check_container(container, opening)
        assert container.fields == TESTIMONY.fields
        assert container.consent == TESTIMONY.consent
        assert container.mode == Mode.SERVER
        assert container.deployment == panel.roster.deployment
        assert container.roster == opening.roster == panel.roster.digest
        assert container.epoch == opening.epoch == Epoch.of(TODAY)
    assert opening.envelope == sha256(letter.sealed).digest()
    assert letter.head.status == author.status
    assert opening.withdraw_commit == author.withdraw_commit
    assert opening.salt == author.leaf_salt
    check_sealed(BytesIO(letter.sealed), panel.roster)


def test_nothing_random_is_used_twice(panel: Panel) -> None:
    one, two = (sealed(panel) for _ in range(2))
    for name in ("redact", "salt", "salt2", "envelope", "withdraw_commit"):
        assert getattr(one.head.opening, name) != getattr(two.head.opening, name)
    assert one.head.status != two.head.status


scripts = st.sampled_from(["az AZ", "аяӀӏ Ж\n", "اﻻ ش", "😀👨‍👩‍👧 ", "a\t😀жش\n"])


@given(scripts.flatmap(lambda s: st.text(st.sampled_from(s), min_size=1, max_size=19_000)))
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_text_gives_one_length(panel: Panel, text: str) -> None:
    if len(text.encode()) > 60_000 or not text.strip():
        text = text[:15_000].strip() or "x"
    testimony = Testimony.from_answers("ru", {"narrative": text}, ())
    author = Author.fresh(Epoch.of(TODAY))
    letter = seal(testimony, panel.roster, mode=Mode.SERVER, today=TODAY, author=author)
    assert len(letter.sealed) == sealed_length(3, SIZES[0]) == 70_309


@pytest.mark.parametrize("days", [(-40, -1), (1, 20)])
def test_nobody_seals_to_a_roster_that_is_expired_or_not_issued(
    panel: Panel, days: tuple[int, int]
) -> None:
    issued, expires = (TODAY + dt.timedelta(days=d) for d in days)
    with pytest.raises(RosterError):
        sealed(panel.dated(issued, expires))


def boxed(panel: Panel, mode: Mode) -> Container:
    epoch = Epoch.of(TODAY)
    author = Author.fresh(epoch)
    return container_of(TESTIMONY, panel.roster, mode=mode, epoch=epoch, author=author)


def test_the_last_day_of_a_roster_is_still_good(panel: Panel) -> None:
    sealed(panel.dated(TODAY, TODAY))


def test_a_stanza_too_many_too_few_or_of_another_kind_is_seen_from_outside(panel: Panel) -> None:
    container = boxed(panel, Mode.TOOL).to_bytes()
    recipients = panel.roster.recipients
    fourth = make_panel(1, first=4).roster.recipients[0]
    for count, wrong in ((4, (*recipients, fourth)), (2, recipients[:2])):
        data = encrypt_bytes(container, wrong)
        with pytest.raises(MalformedError, match=f"{count} stanzas"):
            check_header(data, panel.roster)
        with pytest.raises(MalformedError, match="length"):
            check_length(len(data), panel.roster)
    classic = encrypt_bytes(container, [X25519Identity.generate().recipient])
    with pytest.raises(MalformedError, match="post-quantum"):
        check_header(classic, panel.roster)


def test_a_text_that_only_begins_like_an_age_file_is_refused(panel: Panel) -> None:
    letter = sealed(panel)
    body = letter.sealed
    end = body.index(b"\n--- ")
    for bad in (
        b"age-encryption.org/v1\n" + b"I was there. " * 5409,
        b"age-encryption.org/v1\n-> mlkem768x25519 " + b"A" * 70_266,
        body[:end].replace(b"-> mlkem768x25519 ", b"-> mlkem768x25519 x ") + body[end:],
        body.replace(b"\n--- ", b"\n-- - ", 1),
        body[:22] + b"-> mlkem768x25519 AAAA\n" + b"A" * 43 + b"\n" + body[22:],
        # As long as it should be, and no base64; then with stray bits in its last character.
        body[:41].removesuffix(body[40:41]) + b"!" + body[41:],
        body[: 40 + 1493] + b"_" + body[40 + 1494 :],
    ):
        fitted = (bad + bytes(70_309))[:70_309]
        with pytest.raises(MalformedError):
            check_sealed(BytesIO(fitted), panel.roster)


def test_only_lengths_of_an_allowed_size_are_taken(panel: Panel) -> None:
    lengths = [sealed_length(3, size) for size in SIZES]
    for length in lengths:
        check_length(length, panel.roster, SIZES[-1])
    check_length(lengths[0], panel.roster)
    for bad in (0, lengths[0] - 1, lengths[0] + 1, lengths[1], sealed_length(2, SIZES[0])):
        with pytest.raises(MalformedError):
            check_length(bad, panel.roster)


@pytest.mark.parametrize(
    ("mode", "late", "fits"),
    [
        (Mode.BROWSER, 0, True),
        (Mode.BROWSER, 1, True),
        (Mode.BROWSER, 2, False),
        (Mode.SERVER, 1, True),
        (Mode.SERVER, 2, False),
        (Mode.TOOL, 6, True),
        (Mode.TOOL, 7, False),
        (Mode.TOOL, -1, False),
    ],
)
def test_an_epoch_may_be_late_but_never_early(
    panel: Panel, mode: Mode, late: int, *, fits: bool
) -> None:
    container = boxed(panel, mode)
    taken = Epoch.of(Epoch.of(TODAY).monday + dt.timedelta(weeks=late))
    opening = replace(
        sealed(panel).head.opening,
        redact=container.redact_root,
        withdraw_commit=container.withdraw,
        epoch=taken,
    )
    if fits:
        check_container(container, opening)
    else:
        with pytest.raises(MalformedError, match="epoch"):
            check_container(container, opening)


def test_an_opening_that_speaks_of_something_else_is_refused(panel: Panel) -> None:
    letter = sealed(panel)
    container = Container.parse(decrypt_bytes(letter.sealed, panel.identities))
    opening = letter.head.opening
    with pytest.raises(MalformedError, match="root"):
        check_container(container, replace(opening, redact=bytes(32)))
    with pytest.raises(RosterError, match="roster"):
        check_container(container, replace(opening, roster="sha256:" + "0" * 64))
    with pytest.raises(MalformedError, match="withdraw"):
        check_container(container, replace(opening, withdraw_commit=bytes(32)))


def test_what_is_sealed_holds_no_byte_of_the_text(panel: Panel) -> None:
    letter = sealed(panel)
    assert "Ӏумар".encode() not in letter.to_bytes()


def test_files_take_the_next_sizes(panel: Panel) -> None:
    container = boxed(panel, Mode.TOOL)
    with_file = replace(container, files=(File("a", "b", bytes(65_536)),))
    assert len(with_file.to_bytes()) == SIZES[1]


def decoy(panel: Panel) -> Letter:
    author = Author.fresh(Epoch.of(TODAY))
    box = decoy_of(panel.roster, epoch=Epoch.of(TODAY), author=author)
    return seal_container(box, panel.roster, today=TODAY, author=author)


def test_a_decoy_looks_like_a_text_to_whoever_cannot_open_it(panel: Panel) -> None:
    """The same lengths, lines, stanzas and epoch; all else is hashes and ciphertext."""
    one, other = decoy(panel), sealed(panel)
    assert len(one.sealed) == len(other.sealed)
    assert [len(row) for row in one.head.to_bytes().split(b"\n")] == [
        len(row) for row in other.head.to_bytes().split(b"\n")
    ]
    names = [[row.split(b" ")[0] for row in x.head.to_bytes().split(b"\n")] for x in (one, other)]
    assert names[0] == names[1]
    assert (one.head.opening.epoch, one.head.opening.roster) == (
        other.head.opening.epoch,
        other.head.opening.roster,
    )
    stanzas = [
        [
            (s.type, [len(a) for a in s.args], len(s.body))
            for s in read_header(BytesIO(x.sealed)).stanzas
        ]
        for x in (one, other)
    ]
    assert stanzas[0] == stanzas[1]
    check_sealed(BytesIO(one.sealed), panel.roster, SIZES[0])


def test_no_two_decoys_share_what_is_seen_of_them(panel: Panel) -> None:
    one, other = (decoy(panel).head for _ in range(2))
    assert one.status != other.status
    for name in ("redact", "salt", "envelope", "withdraw_commit", "salt2"):
        assert getattr(one.opening, name) != getattr(other.opening, name)


def test_every_reviewer_opens_a_decoy_and_finds_nothing(panel: Panel) -> None:
    letter = decoy(panel)
    for identity in panel.identities:
        box = Container.parse(decrypt_bytes(letter.sealed, [identity]))
        check_container(box, letter.head.opening)
        assert (box.kind, box.fields, box.files, box.consent) == (Kind.DECOY, (), (), ())
