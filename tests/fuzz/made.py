"""Real bytes of every format, made by the writers themselves from keys of fixed words.

No key here is new: the same input does the same in another process. `intake/forbidden_keys.txt`
keeps them out of a real site.
"""

from dataclasses import replace
from importlib.resources import files

from intake.age import HybridIdentity, X25519Identity, encrypt_bytes
from intake.age.stream import seal_bytes
from intake.audit.followed import Followed
from intake.bundle.manifest import Contents, Item, Waiting
from intake.canonical import encode
from intake.code_manifest import CodeManifest, digest_of
from intake.collection import Collection
from intake.container import Consent, Container, File, Form, Kind, Level, Mode, Reply
from intake.epoch import Epoch
from intake.event import Collected, Void, Withdrawn
from intake.ledger.act import Act, item_id, listed
from intake.ledger.act import Kind as ActKind
from intake.ledger.record import Head, Record
from intake.log_reading import Passed
from intake.opening import LetterHead, Opening
from intake.review.coding.account import Act as CodedAct
from intake.review.coding.account import Coding, Involvement, Quote
from intake.review.coding.chain import Event as CodedEvent
from intake.review.coding.chain import Leads, Link
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.consent import Purpose
from intake.review.custody import Collected as OnStick
from intake.review.imported import Imported
from intake.review.journal import Mark
from intake.review.keys import LockedIdentity, LockedRootKey
from intake.review.record import Entry, Summary, Verdict, pack
from intake.review.redacting import Redaction, Span
from intake.review.remembering import Seen
from intake.review.sent import Exported, Replied
from intake.review.standing import Awaited, Standing
from intake.review.steps import Step
from intake.review.stick import Listing
from intake.review.work import CHECKED, Answers, Claim, Grades
from intake.roster_text import Roster
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.entries import Blinded, CodeReleased, ConfigChanged, EpochClosed, RosterChanged
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tiles import write_bundle
from intake.tlog.witness import AddCheckpoint, write_answer
from intake.web.settings import Settings
from intake.web.settings_tables import Backups, NeutralPage, SupportEntry
from intake.witness.keys import WitnessKeys
from tests.tlog.logs import LOG, ORIGIN, checkpoint_of, signed
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, TODAY, root, seed


def signed_by(roster: Roster, *signers: Signer) -> bytes:
    """The note of a roster, by these."""
    text = roster.to_bytes()
    return Note(text, tuple(signer.sign(text) for signer in signers)).to_bytes()


EPOCH = Epoch(2026, 47)
LAST = Epoch(9999, 51)
HASH, SALT = seed("fuzz hash"), seed("fuzz salt")
DIGEST = "sha256:" + HASH.hex()

HYBRID = HybridIdentity.from_seed(seed("reviewer 1"))
PLAIN = X25519Identity.from_seed(seed("age"))
STREAM_KEY = seed("stream")
STREAMS = tuple(seal_bytes(STREAM_KEY, b"", text) for text in (b"", b"a word", bytes(70_000)))
AGE = (
    encrypt_bytes(b"a word", [PLAIN.recipient]),
    encrypt_bytes(b"a word", [HYBRID.recipient]),
)

CONTAINER = Container(
    kind=Kind.TESTIMONY,
    mode=Mode.TOOL,
    form=Form("minimal", 2, "ru"),
    deployment=DEPLOYMENT,
    roster=DIGEST,
    epoch=EPOCH,
    consent=(Consent(Level.STATS, True, "c_stats.1", "ru"),),
    fields=(("narrative", "Ӏумар сказал: «нет»."), ("when_text", "2017")),
    seed=bytes(16),
    withdraw=bytes(32),
)
CONTAINERS = (
    CONTAINER,
    replace(
        CONTAINER,
        files=(File("a.jpg", "image/jpeg", b"\x00\xff" * 9), File("b", "", b"")),
        reply=Reply(bytes(32), "age1pq1" + "q" * 1952),
    ),
)

OPENING = Opening(EPOCH, HASH, SALT, HASH, DIGEST, SALT, HASH)
EVENTS = (
    Void(EPOCH, SALT, HASH),
    Withdrawn(EPOCH, SALT, HASH, HASH, SALT),
    Collected(EPOCH, SALT, HASH, HASH, ("r1", "r2")),
)
HEAD = LetterHead(bytes(16), OPENING)

LEAVES = [
    entry.to_bytes()
    for entry in (
        Blinded(OPENING.commit),
        RosterChanged(3, DIGEST),
        ConfigChanged(DIGEST),
        CodeReleased(DIGEST),
        EpochClosed(EPOCH),
        EpochClosed(LAST),
    )
]
SIGNED = signed(checkpoint_of(LEAVES))
PROOF = LogProof(0, (HASH, SALT, HASH), SIGNED, OPENING.to_bytes())
RECEIPT = LogProof(0, (), signed(checkpoint_of(LEAVES[:1])), OPENING.to_bytes())
PROMISES = tuple(Promise(ORIGIN, epoch, OPENING.commit) for epoch in (EPOCH, LAST))
SIGNED_PROMISES = tuple(promise.signed(LOG).to_bytes() for promise in PROMISES)
REQUEST = AddCheckpoint(2, (HASH, SALT), SIGNED)
ANSWER = write_answer(SIGNED.note.signatures[1:])
BUNDLE = write_bundle(LEAVES)
FOLLOWED = Followed(
    Passed(EPOCH, RosterChanged(3, DIGEST), ConfigChanged(DIGEST), CodeReleased(DIGEST)), SIGNED
)
WITNESS_KEYS = WitnessKeys("w.test", seed("witness 1"), seed("witness 2"))

COLLECTION = Collection(DEPLOYMENT, 6, HASH, tuple(sorted((HASH, SALT))))
SIGNED_COLLECTION = COLLECTION.signed(
    *(Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
).to_bytes()
ROSTER_NOTE = signed_by(ROSTER, *root(0), *root(2))
CONTENTS = Contents(
    deployment=DEPLOYMENT,
    epoch=EPOCH,
    rosters=(b"a note\n",),
    items=(Item(OPENING, 67_195, SIGNED_PROMISES[0]),),
    checkpoint=SIGNED.to_bytes(),
    log=(300, 1200),
    statements=len(SIGNED_COLLECTION) + 4,
    events=(Waiting(EVENTS[1], SIGNED_PROMISES[0]),),
)
MANIFEST = CodeManifest(
    DEPLOYMENT,
    "default-src 'none'; script-src 'self'",
    {"/seal.js": digest_of(b"1")},
    {"ru": digest_of(b"2")},
    {path: digest_of(b"3") for path in ("/", "/ru", "/s/ru", "/r/ru")},
)

ITEMS = (item_id(SALT, HASH), item_id(SALT, SALT))
ACTS = (
    Act.of(EPOCH, "r1", ActKind.OPEN, item=ITEMS[0], purpose="triage"),
    Act.of(EPOCH, "r1", ActKind.SYNC, machine="two", size="6", root=HASH.hex()),
    Act.of(EPOCH, "r1", ActKind.BUILD, hash=DIGEST, items=listed(ITEMS)),
)
MACHINE = Head(DEPLOYMENT, "one")
R1 = Signer("r1", Algorithm.ED25519, seed("signer 1"))
LINES = tuple(
    Record(act, HASH, R1.sign(Checkpoint(MACHINE.origin, 1, HASH).to_bytes())).to_bytes()
    for act in ACTS
)

REDACTION = Redaction(HASH, 2, (Span("narrative", 3, 9, "person"),), ("where_text",), "r1")
SUMMARY = Summary(Kind.TESTIMONY, Mode.TOOL, "ru", 20, "SPicm", EPOCH)
ENTRIES = (
    Entry(HASH, OPENING, Verdict.NEW, "", SUMMARY, HASH[:16]),
    Entry(SALT, OPENING, Verdict.REFUSED, "it is another object", None),
    Entry(HASH, OPENING, Verdict.WITHDRAWN, "", None, HASH[:16], 3),
)
STANDING = Standing(
    (Awaited(OPENING.commit, EPOCH, HASH, SIGNED_PROMISES[0]),), frozenset((HASH,)), frozenset()
)
EXPORTED = Exported(1, Purpose.PUBLISH, "text", HASH, "r1")
IMPORTED = Imported(DEPLOYMENT, EPOCH, 6, HASH, 3, 1, 1, (2, *[0] * (len(Verdict) - 2)), "r1")
REPLIED = Replied(1, DIGEST, EPOCH, "r1", "Мы получили.", "Можно?")
QUOTE = Quote("narrative", 3, 9)
CODING = Coding(
    (
        CodedAct(
            *(1, "act.torture", (QUOTE,), ("m.electric",)),
            victim="p-00000a",
            event=1,
            method_quotes=(("m.electric", (QUOTE,)),),
        ),
    ),
    (Involvement(1, "p-00000b", "i.did", "p.police", (QUOTE,)),),
    "r.self",
    (CodedEvent(1, "Held", (QUOTE,)), CodedEvent(2, "Left", (QUOTE,))),
    (Link(1, 2, Leads.PRECEDES, (QUOTE,)),),
)
REGISTER = (
    Person("p-00000a", Of.INDIVIDUAL, ("Adam", "Адам")),
    Place("l-00000a", "pl.police", Scope.SITE, ("ОВД",), "grozny"),
)
GRADES = Grades(Mark(2, "r1"), (Claim(1, "g.a", "two"), Claim(2, "g.n")))
JIGSAW = Answers.of(
    Step.JIGSAW,
    dict.fromkeys(("brother", "neighbour", "officer", "reader"), "no"),
    Mark(2, "r1"),
)
CHECKLIST = replace(
    Answers.of(Step.CHECKLIST, dict.fromkeys(CHECKED, "done"), Mark(2, "r1")),
    redaction=REDACTION.digest,
)
SEEN = Seen(HASH, (("narrative", 0, 4), ("narrative", 9, 12)))
ON_STICK = OnStick(7, 18, HASH.hex(), 3)
LISTING = Listing(DEPLOYMENT, "one", 3, HASH, {"case": HASH.hex(), "items/ab/key.age": HASH.hex()})
KEPT = (*ENTRIES, EXPORTED, REDACTION, STANDING, REPLIED, CODING, *REGISTER)
JSON = tuple(encode(value.to_json()) for value in KEPT)
RECORDS = tuple(pack(value.to_json()) for value in KEPT)
LOCKED = LockedIdentity("r1", 262_144, 3, 4, SALT[:16], bytes(80))
LOCKED_ROOT = LockedRootKey("root0", 262_144, 3, 4, SALT[:16], bytes(80))

SETTINGS = Settings(
    deployment=DEPLOYMENT,
    organisation="Группа",
    address="a" * 56 + ".onion",
    language="ru",
    largest=65536,
    neutral={"en": NeutralPage("Cups", ("One cup is 240 ml.",))},
    support=(SupportEntry("A group", "ru", "over Tor", TODAY),),
    backup=Backups("", 16 << 20),
)
FORMS = tuple(
    (files("intake") / "forms" / f"{name}.toml").read_bytes() for name in ("minimal", "guided")
)
