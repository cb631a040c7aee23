"""Each bad object, as a server, a courier or a stranger could make it, and what an import says of it."""

import io
import os
from collections.abc import Callable
from dataclasses import replace

from intake.age import X25519Identity, encrypt_bytes, read_header, unwrap_file_key
from intake.age.header import Header, Stanza
from intake.canonical import decode, encode
from intake.review.record import Verdict
from tests.panel import Panel, make_panel
from tests.review.workroom import (
    MARKER,
    Sealed,
    container,
    opening_for,
    renamed,
    seal_container,
    sealed_item,
    weeks,
)


def reheaded(sealed: bytes, panel: Panel, change: Callable[[list[Stanza]], list[Stanza]]) -> bytes:
    """The same payload under a header with other stanzas and a MAC that holds."""
    source = io.BytesIO(sealed)
    header = read_header(source)
    key = unwrap_file_key(header, panel.identities)
    stanzas = tuple(change(list(header.stanzas)))
    return Header.sign(key, stanzas).to_bytes() + source.read()


def file_key(sealed: bytes, panel: Panel) -> bytes:
    return unwrap_file_key(read_header(io.BytesIO(sealed)), panel.identities)


def flipped(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return renamed((opening, sealed), sealed[:-1] + bytes([sealed[-1] ^ 1]))


def flipped_on_the_way(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return opening, sealed[:-1] + bytes([sealed[-1] ^ 1])


def flipped_header(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    mac = sealed.index(b"\n--- ") + 6
    other = b"B" if sealed[mac : mac + 1] != b"B" else b"C"
    return renamed((opening, sealed), sealed[:mac] + other + sealed[mac + 1 :])


def cut_short(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return renamed((opening, sealed), sealed[:-1])


def one_stanza_more(panel: Panel) -> Sealed:
    item = sealed_item(panel.roster)
    spy = make_panel(1, first=9).identities[0].recipient
    key = file_key(item[1], panel)
    more = reheaded(item[1], panel, lambda stanzas: [*stanzas, spy.wrap(key)])
    return renamed(item, more)


def one_stanza_less(panel: Panel) -> Sealed:
    item = sealed_item(panel.roster)
    return renamed(item, reheaded(item[1], panel, lambda stanzas: stanzas[:-1]))


def one_reviewer_exchanged(panel: Panel) -> Sealed:
    """As many stanzas as there should be, but the reader's own is a stranger's."""
    item = sealed_item(panel.roster)
    spy = make_panel(1, first=9).identities[0].recipient
    key = file_key(item[1], panel)
    return renamed(item, reheaded(item[1], panel, lambda s: [spy.wrap(key), *s[1:]]))


def classical_stanza_mixed_in(panel: Panel) -> Sealed:
    item = sealed_item(panel.roster)
    key = file_key(item[1], panel)
    spy = X25519Identity.generate().recipient
    return renamed(item, reheaded(item[1], panel, lambda s: [*s[:-1], spy.wrap(key)]))


def roster_that_is_not_there(panel: Panel) -> Sealed:
    other = make_panel(3, first=4)
    return sealed_item(replace(other.roster, version=2, previous=panel.roster.digest))


def other_deployment_inside(panel: Panel) -> Sealed:
    box = replace(container(("narrative", MARKER), roster=panel.roster), deployment="else-abcdefgh")
    return seal_container(box, panel.roster)


def other_roster_inside(panel: Panel) -> Sealed:
    box = replace(container(("narrative", MARKER)), roster="sha256:" + "1" * 64)
    opening, sealed = seal_container(box, panel.roster)
    return replace(opening, roster=panel.roster.digest), sealed


def other_root(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return replace(opening, redact=bytes(32)), sealed


def sealed_two_epochs_before(panel: Panel) -> Sealed:
    box = container(("narrative", MARKER), roster=panel.roster, epoch=weeks(-2))
    return seal_container(box, panel.roster)


def sealed_after_its_opening(panel: Panel) -> Sealed:
    box = container(("narrative", MARKER), roster=panel.roster, epoch=weeks(1))
    return seal_container(box, panel.roster)


def of_a_newer_version(panel: Panel) -> Sealed:
    plain = container(("narrative", MARKER), roster=panel.roster).to_bytes()
    manifest = plain[12 : 12 + int.from_bytes(plain[8:12])]
    newer = encode({**dict(decode(manifest)), "v": 2})  # type: ignore[call-overload]
    body = plain[:8] + len(newer).to_bytes(4) + newer
    sealed = encrypt_bytes(body + bytes(65536 - len(body)), panel.roster.recipients)
    return opening_for(sealed, container(("narrative", MARKER), roster=panel.roster)), sealed


def not_a_container(panel: Panel) -> Sealed:
    sealed = encrypt_bytes(os.urandom(65536), panel.roster.recipients)
    return opening_for(sealed, container(roster=panel.roster)), sealed


def text_that_begins_like_age(panel: Panel) -> Sealed:
    text = b"age-encryption.org/v1\n-> mlkem768x25519 AAAA\n" + MARKER.encode()
    return opening_for(text, container(roster=panel.roster)), text


def empty(panel: Panel) -> Sealed:
    return opening_for(b"?", container(roster=panel.roster)), b"?"


BAD = [
    (flipped, Verdict.UNREADABLE, "altered"),
    (flipped_on_the_way, Verdict.REFUSED, "not the one that its opening names"),
    (flipped_header, Verdict.UNREADABLE, "header was altered"),
    (cut_short, Verdict.FOREIGN, "length"),
    (one_stanza_more, Verdict.FOREIGN, "4 stanzas and the roster 3 reviewers"),
    (one_stanza_less, Verdict.FOREIGN, "2 stanzas and the roster 3 reviewers"),
    (one_reviewer_exchanged, Verdict.UNREADABLE, "yours is not among them"),
    (classical_stanza_mixed_in, Verdict.FOREIGN, "not post-quantum"),
    (roster_that_is_not_there, Verdict.FOREIGN, "not in the bundle"),
    (other_deployment_inside, Verdict.REFUSED, "another deployment"),
    (other_roster_inside, Verdict.REFUSED, "another roster"),
    (other_root, Verdict.REFUSED, "another redaction root"),
    (sealed_two_epochs_before, Verdict.REFUSED, "epoch"),
    (sealed_after_its_opening, Verdict.REFUSED, "epoch"),
    (of_a_newer_version, Verdict.NEWER, "version 2"),
    (not_a_container, Verdict.UNREADABLE, "container"),
    (text_that_begins_like_age, Verdict.FOREIGN, ""),
    (empty, Verdict.FOREIGN, ""),
]
