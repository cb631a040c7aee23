"""The readers of what auditors keep, ask for and are told: histories, canaries, results."""

import json
from io import BytesIO

from intake.audit import bundle_check
from intake.audit.canary_state import Canary, Way
from intake.audit.history import History
from intake.audit.report_inputs import (
    BUNDLE,
    CANARIES,
    FIGURES,
    LEDGER,
    NAMED,
    SENTINEL,
    SITE,
    BundleResult,
    CanaryResult,
    LedgerResult,
    SentinelResult,
    SiteResult,
)
from intake.author import Author
from intake.canaries import CanaryAnswer, CanaryList, Mark
from intake.canonical import b64
from intake.log.acknowledgement import Acknowledgement
from tests.fuzz import made
from tests.fuzz.parser import Parser, bytes_of, text_of
from tests.tlog.logs import LOG
from tests.vectors.roster.fixed import DEPLOYMENT

LIST = CanaryList.of(
    DEPLOYMENT, made.EPOCH, [Mark(made.HASH, made.SALT)], [Mark(made.SALT, made.HASH)]
)
ANSWER = CanaryAnswer(DEPLOYMENT, made.EPOCH, made.HASH, "r1", (made.HASH,), (made.SALT,))
CANARY = Canary(DEPLOYMENT, made.EPOCH, Way.FORM, Author(made.HASH, 7), made.SALT)
BUNDLES = bundle_check.Seen(made.SIGNED, {made.HASH: made.EPOCH})
HISTORY = b"".join(
    (
        b"testimony-intake/history/v1\nfrom 0\n",
        b"entry 1 %s\nseen %s 3 %s\n"
        % (made.LEAVES[1][1:], str(made.EPOCH).encode(), b64(made.HASH).encode()),
        b"entry 4 %s\nseen %s 6 %s\n"
        % (made.LEAVES[4][1:], str(made.EPOCH).encode(), b64(made.SALT).encode()),
    )
)


def _result(title: str, **more: object) -> bytes:
    """What a command says with --json, as the report's reader knows it."""
    head = {"title": title, "deployment": DEPLOYMENT, "epoch": str(made.EPOCH)}
    return json.dumps(head | more).encode()


_WEEK = {"submitted": 3, "withdrawn": 0, "collected": 1, "void": 12, "erased": 0}
_CANARIES_OF = {"epoch": "2026-W46", "found": 2, "lost": 1, "unanswered": 4}
_SUMS = {"opens": 2, "exports": 2, "withdrawn": 2, "due": 3, "after_end": 0}
_NAMED = {"item": "0" * 32, "ledgers": ["one"]}
_FINDING = {
    "fault": "gap",
    "kind": "missing",
    "ledger": "one",
    "phrase": "an act is missing",
    "what": "/seal.js",
}

PARSERS: tuple[Parser, ...] = (
    Parser(
        "mark of a canary",
        lambda d: Mark.parse(text_of(d)),
        (bytes_of(LIST.sent[0]),),
        bytes_of,
        covers=(Mark.parse,),
    ),
    Parser(
        "what was seen of bundles",
        bundle_check.Seen.parse,
        (BUNDLES.to_bytes(),),
        bundle_check.Seen.to_bytes,
        covers=(bundle_check.Seen.parse,),
    ),
    Parser("canary", Canary.parse, (CANARY.to_bytes(),), Canary.to_bytes, covers=(Canary.parse,)),
    Parser("history", lambda d: History.parse(BytesIO(d)), (HISTORY,), covers=(History.parse,)),
    Parser(
        "list of canaries",
        CanaryList.parse,
        (LIST.to_bytes(),),
        CanaryList.to_bytes,
        covers=(CanaryList.parse,),
    ),
    Parser(
        "answer about canaries",
        CanaryAnswer.parse,
        (ANSWER.to_bytes(),),
        CanaryAnswer.to_bytes,
        covers=(CanaryAnswer.parse,),
    ),
    Parser(
        "acknowledgement",
        Acknowledgement.parse,
        (Acknowledgement.give(made.OPENING, LOG).to_bytes(),),
        Acknowledgement.to_bytes,
        covers=(Acknowledgement.parse,),
    ),
    Parser(
        "result about a bundle",
        BundleResult.parse,
        (
            _result(
                BUNDLE, count=0, findings=[], size=6, root=b64(made.HASH), weeks={"2026-W46": _WEEK}
            ),
            _result(BUNDLE, count=2, findings=[_FINDING]),
        ),
        covers=(BundleResult.parse,),
    ),
    Parser(
        "result about canaries",
        CanaryResult.parse,
        (_result(CANARIES, n=3, lost=1, weeks=[_CANARIES_OF]),),
        covers=(CanaryResult.parse,),
    ),
    Parser(
        "result about a site",
        SiteResult.parse,
        (
            _result(
                SITE, manifest="A" * 43, own=True, files=3, forms=2, pages=5, findings=[_FINDING]
            ),
        ),
        covers=(SiteResult.parse,),
    ),
    Parser(
        "result of the sentinel",
        SentinelResult.parse,
        (_result(SENTINEL, places=[{"place": "store", "state": "found", "kinds": ["word"]}]),),
        covers=(SentinelResult.parse,),
    ),
    Parser(
        "result about ledgers",
        LedgerResult.parse,
        (
            _result(
                LEDGER,
                ledgers=[{"origin": "a", "size": 2}],
                findings=[_FINDING],
                figures=dict.fromkeys(FIGURES, 1) | _SUMS,
                items={name: [_NAMED] for name in NAMED},
            ),
        ),
        covers=(LedgerResult.parse,),
    ),
)
