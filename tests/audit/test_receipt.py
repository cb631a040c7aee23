"""What `intake audit receipt` says of a receipt and of a promise, and of a log that broke them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.epoch import Epoch
from intake.tlog.entries import EpochClosed
from intake.tlog.note import Algorithm, Signer
from intake.tlog.policy import Log
from tests.audit.holder import Holder, opening, week_with
from tests.audit.log_site import (
    BEGINNING,
    THIS,
    blinded,
    closed,
    log_site,
    weeks_ago,
    write_policy,
)
from tests.panel import seed
from tests.ports import free_port
from tests.tlog.logs import LOG, LOG_ML_DSA, ORIGIN, POLICY, WITNESSES

LAST = weeks_ago(1)
STRANGER = Signer(ORIGIN, Algorithm.ED25519, seed("a stranger of the log's name"))


@pytest.fixture
def holder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Holder]:
    """One entry of last week's sixteen is theirs."""
    with log_site(tmp_path / "site") as site:
        holder = Holder(site, opening(LAST), tmp_path / "paper", write_policy(tmp_path), capsys)
        site.publish([*BEGINNING, *week_with(holder.leaf, LAST)])
        yield holder


def test_a_receipt_holds_offline_and_while_the_log_grows(holder: Holder) -> None:
    """What it says: the week, the entry, who vouches; with the site, that its log goes on."""
    receipt = holder.proof().to_bytes()
    says = f"submitted in {LAST}: entry 57 of 69 in {ORIGIN}, cosigned by w1, w2"
    assert holder.check(receipt, code=0) == [says]
    assert holder.err == "intake: the site's log was not asked: give --url\n"
    assert holder.ask(receipt, code=0) == [says, "the site's log of 69 entries continues it"]
    assert holder.err == ""
    holder.site.publish([*holder.site.entries, *closed(THIS)])
    assert holder.ask(receipt, code=0) == [says, "the site's log of 86 entries continues it"]


def test_a_receipt_of_something_else_is_found_out(holder: Holder) -> None:
    """Another opening, another place, another path, too few witnesses, another log's key."""
    proof = holder.proof()
    foreign = opening(LAST).to_bytes()
    few = holder.site.sign(proof.signed.checkpoint, WITNESSES[:1])
    stranger = holder.site.sign(proof.signed.checkpoint, log=STRANGER)
    short = "receipt: inclusion proof is too short"
    for changed, expected in (
        (replace(proof, extra=foreign), "receipt: entry 57 is not in the signed log"),
        (replace(proof, index=56), "receipt: entry 56 is not in the signed log"),
        (replace(proof, path=proof.path[:-1]), short),
        (
            replace(proof, signed=few),
            "receipt: quorum 'q' is not met: no cosignature of 'w2', 'w3'",
        ),
        (
            replace(proof, signed=stranger),
            f"receipt: checkpoint is not signed by the log {ORIGIN!r}",
        ),
    ):
        assert holder.check(changed.to_bytes(), code=1) == [expected]
        assert holder.ask(changed.to_bytes(), code=1) == [expected]


def test_a_receipt_that_the_sites_log_contradicts_is_evidence(holder: Holder) -> None:
    """The receipt itself holds each time: it is the site that tells another story."""
    proof = holder.proof()
    receipt, entries = proof.to_bytes(), holder.site.entries
    holder.site.publish([*entries[:57], *blinded(1, "x"), *entries[58:], *closed(THIS)])
    fork = "fork: the site's log does not begin with the receipt's 69 entries"
    assert holder.ask(receipt, code=1)[1:] == [fork]
    holder.site.publish(BEGINNING)
    rollback = "rollback: the site gives 52 entries, the receipt is of 69"
    assert holder.ask(receipt, code=1)[1:] == [rollback]
    holder.site.publish([*entries, *closed(THIS)])
    tile = holder.site.tile("0")
    del holder.site.served[f"/log/{tile}"]
    assert holder.ask(receipt, code=1)[1:] == [f"tile: {tile} is missing"]
    holder.site.served.clear()
    assert holder.ask(receipt, code=1)[1:] == ["checkpoint: the site gives none"]
    holder.site.publish(entries, WITNESSES[:1])
    assert holder.ask(receipt, code=1)[1:] == [
        "quorum: quorum 'q' is not met: no cosignature of 'w2', 'w3'"
    ]


def test_a_promise_is_checked_against_the_log_of_its_week(holder: Holder) -> None:
    """Signed; then kept, or `promised, not logged`."""
    promise = holder.promise()
    says = f"{ORIGIN} promised an entry in {LAST}"
    assert holder.check(promise, code=0) == [says]
    assert "give --url" in holder.err
    assert holder.ask(promise, code=0) == [says, "it was kept: entry 57 of 69"]
    holder.site.publish([*BEGINNING, *closed(LAST)])
    broken = f"promise: promised, not logged: {LAST} is closed without it"
    assert holder.ask(promise, code=1) == [says, broken]
    told = json.loads("".join(holder.ask(promise, "--json", code=1)))
    assert told == {
        "holds": [says],
        "findings": [{"fault": "promise", "phrase": broken.removeprefix("promise: ")}],
    }


def test_the_same_entries_in_a_log_of_another_name_keep_nothing(holder: Holder) -> None:
    """Also where the policy believes both logs."""
    other = Signer("testimony-intake/else-abcdefgh", Algorithm.ED25519, seed("another log"))
    holder.policy.write_bytes(replace(POLICY, logs=(*POLICY.logs, Log(other.vkey))).to_bytes())
    promise, receipt = holder.promise(), holder.proof().to_bytes()
    holder.site.publish(holder.site.entries, log=other)
    for paper in (promise, receipt):
        assert holder.ask(paper, code=1)[1:] == [f"fork: the site's log is {other.name}"]


@pytest.mark.parametrize("where", ["before", "after"])
def test_an_entry_in_another_week_does_not_keep_a_promise(holder: Holder, where: str) -> None:
    """The week before, or the one after: the promise names one."""
    leaf = holder.leaf
    entries = {
        "before": [*BEGINNING[:19], *week_with(leaf, weeks_ago(2)), *closed(LAST)],
        "after": [*BEGINNING, *closed(LAST), *week_with(leaf, THIS)],
    }[where]
    holder.site.publish(entries)
    assert holder.ask(holder.promise(), code=1)[1:] == [
        f"promise: promised, not logged: {LAST} is closed without it"
    ]


def test_a_promise_of_an_open_week_may_still_be_kept(holder: Holder) -> None:
    """Until so many days after its end."""
    holder.opening = opening(THIS)
    assert holder.ask(holder.promise(), code=0)[1:] == [
        f"it may still be kept: {THIS} is not closed yet"
    ]
    holder.opening = opening(weeks_ago(2))
    holder.site.publish(BEGINNING[:19])
    assert holder.ask(holder.promise(), code=1)[1:] == [
        f"frozen: promised, not logged: {weeks_ago(2)} is over and not closed"
    ]
    assert holder.ask(holder.promise(), "--late", "60", code=0)[1:] == [
        f"it may still be kept: {weeks_ago(2)} is not closed yet"
    ]


def test_a_promise_that_the_log_did_not_give_is_found_out(holder: Holder) -> None:
    """A stranger's key of the log's name, a log that the policy does not know, a changed text."""
    unsigned = "promise: promise is not signed by this log"
    assert holder.check(holder.promise(STRANGER), code=1) == [unsigned]
    other = "testimony-intake/test-bcdefghi"
    assert holder.check(holder.promise(replace(LOG, name=other), other), code=1) == [
        f"promise: policy knows no log {other!r} that signs promises"
    ]
    changed = holder.promise().replace(str(LAST).encode(), str(THIS).encode())
    assert holder.check(changed, code=1) == [f"promise: signature of {ORIGIN!r} does not hold"]


def test_a_promise_may_be_signed_with_any_key_of_the_log(holder: Holder) -> None:
    """A policy that names two keys of a log believes either."""
    both = replace(POLICY, logs=(Log(LOG_ML_DSA.vkey), Log(LOG.vkey)))
    holder.policy.write_bytes(both.to_bytes())
    for signer in (LOG, LOG_ML_DSA):
        assert holder.ask(holder.promise(signer), code=0)[1:] == ["it was kept: entry 57 of 69"]


def test_a_log_that_cannot_be_read_to_the_promised_week_is_named(holder: Holder) -> None:
    """A bundle that was dropped, or an entry that is none."""
    promise, entries = holder.promise(), holder.site.entries
    del holder.site.served[f"/log/{holder.site.tile('entries')}"]
    assert holder.ask(promise, code=1)[1:] == ["tile: tile/entries/000.p/69 is missing"]
    holder.site.publish([entries[0], b"?", *entries[2:]])
    assert holder.ask(promise, code=1)[1:] == ["entry: a log entry begins with B or P"]
    twice = [*BEGINNING, EpochClosed(LAST).to_bytes(), *week_with(holder.leaf, LAST)]
    holder.site.publish(twice)  # the second end of a week is not its end
    assert holder.ask(promise, code=1)[1:] == [
        f"promise: promised, not logged: {LAST} is closed without it"
    ]


@pytest.mark.parametrize("kind", ["empty", "text", "cut", "no opening", "long"])
def test_what_is_neither_is_refused_in_one_phrase(holder: Holder, kind: str) -> None:
    """Before the site is asked for anything."""
    proof = holder.proof()
    data = {
        "empty": b"",
        "text": b"I was here\n",
        "cut": proof.to_bytes()[:-2],
        "no opening": replace(proof, extra=b"").to_bytes(),
        "long": proof.to_bytes() + bytes(2_000_000),
    }[kind]
    holder.site.asked.clear()
    assert holder.ask(data, code=1) == []
    assert holder.err.startswith("intake: error: ")
    assert holder.site.asked == []


@pytest.mark.parametrize(
    "saved",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n\n",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\n " + data,
    ],
    ids=["no last line end", "empty lines", "CR LF", "a mark", "space before"],
)
def test_a_paper_is_read_as_an_editor_saved_it(
    holder: Holder, saved: Callable[[bytes], bytes]
) -> None:
    """What was copied from the sent page, too."""
    for paper in (holder.proof().to_bytes(), holder.promise(), holder.acknowledgement()):
        assert holder.check(saved(paper), code=0) == holder.check(paper, code=0)


def test_a_promise_of_a_week_that_never_comes_is_none(holder: Holder) -> None:
    """Else it could be kept open for ever. The week after this one may be promised."""
    holder.opening = replace(holder.opening, epoch=THIS.next)
    assert holder.check(holder.promise(), code=0)
    for late in (THIS.next.next, Epoch(9990, 1)):
        holder.opening = replace(holder.opening, epoch=late)
        assert holder.ask(holder.acknowledgement(), code=1) == [
            f"promise: it promises an entry in {late}, which has not come"
        ]


def test_a_site_that_does_not_answer_is_exit_2(holder: Holder) -> None:
    """Nothing is said of the paper: it was to be checked against the site."""
    receipt = holder.proof().to_bytes()
    holder.site.port = free_port()
    assert holder.ask(receipt, code=2) == []
    assert "does not answer" in holder.err


def test_the_site_does_not_learn_what_is_looked_for(holder: Holder) -> None:
    """The same is asked for, in the same order, for any promise and any receipt of any week."""
    old = [*BEGINNING, *week_with(holder.leaf, LAST)]
    papers = [holder.proof().to_bytes(), holder.promise()]
    holder.opening = opening(THIS)
    new = closed(THIS, 512)
    new[500] = holder.leaf
    holder.site.publish([*old, *new])
    papers += [holder.proof().to_bytes(), holder.promise()]
    asked: list[list[str]] = []
    for paper in papers:
        holder.site.asked.clear()
        holder.ask(paper, code=0)
        asked.append(list(holder.site.asked))
    assert asked == [asked[0]] * 4
    assert sum("entries" in path for path in asked[0]) == 3


def test_an_older_receipt_is_compared_at_its_own_size(holder: Holder) -> None:
    """Also where that is in the middle of a later bundle, or its very end."""
    for size in (1, 255, 256, 257, 300):
        leaves = blinded(size - 1)
        holder.site.publish([*leaves, holder.leaf])
        receipt = holder.proof().to_bytes()
        holder.site.publish([*leaves, holder.leaf, *blinded(300, "more")])
        assert holder.ask(receipt, code=0)[1:] == [
            f"the site's log of {size + 300} entries continues it"
        ]
        holder.site.publish([*blinded(size, "x"), *blinded(300, "more")])
        assert holder.ask(receipt, code=1)[1:] == [
            f"fork: the site's log does not begin with the receipt's {size} entries"
        ]
