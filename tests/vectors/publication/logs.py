"""Openings, proofs, logs and policies that do not hold; each with the reason."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace

from intake.epoch import Epoch
from intake.event import Withdrawn
from intake.opening import PublicHalf
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.note import Algorithm, Note, Signature, Signer
from intake.tlog.policy import Log, Policy, Witness
from intake.tlog.proof import LogProof
from tests.publications import Logged, hidden_names
from tests.tlog.logs import LOG, ORIGIN, POLICY, TIME, WITNESSES, checkpoint_of, signed
from tests.vectors.publication.edits import edited, put, swapped, usual
from tests.vectors.roster.fixed import seed

OTHER_LOG = Signer(ORIGIN, Algorithm.ED25519, seed("signer 1"))
STRANGER = Policy(
    (Log(Signer("elsewhere/x", Algorithm.ED25519, seed("signer 2")).vkey),),
    POLICY.witnesses,
    POLICY.groups,
    POLICY.quorum,
)


def opening_faults() -> Iterator[tuple[str, bytes, str]]:
    """Openings that are none, or another's, or say too much."""
    whole = usual()
    opening = whole.opening
    logged_ = "not in the signed log"
    half = PublicHalf.of(opening)
    yield (
        "another root",
        edited(put("opening", replace(half, redact=bytes(32)).public.decode())),
        "not those that",
    )
    yield "another week", edited(swapped("opening", "2026-W47", "2026-W46")), logged_
    yield (
        "another salt",
        edited(put("opening", replace(half, salt=bytes(32)).public.decode())),
        logged_,
    )
    yield "another private half", edited(put("private", b64encode(bytes(32)).decode())), logged_
    yield "all eight lines", edited(put("opening", opening.to_bytes().decode())), "4 lines"
    yield "a line less", edited(put("opening", "event submitted\nepoch 2026-W47\n")), "4 lines"
    yield "another line", edited(swapped("opening", "redact ", "reduct ")), "is missing"
    yield "of another event", edited(swapped("opening", "submitted", "collected")), "another event"
    withdrawn = (
        Withdrawn(opening.epoch, bytes(32), bytes(32), bytes(32), bytes(32)).to_bytes().decode()
    )
    yield (
        "a withdrawal",
        edited(put("opening", withdrawn)),
        "4 lines" if withdrawn.count("\n") != 4 else "is missing",
    )
    yield "no week", edited(swapped("opening", "2026-W47", "2026-W54")), "no such week"
    yield "a week after all", edited(swapped("opening", "2026-W47", "9999-W52")), "no such week"
    yield (
        "a week in another spelling",
        edited(swapped("opening", "2026-W47", "2026-w47")),
        "is written like",
    )
    yield "no ASCII", edited(swapped("opening", "submitted", "\u0455ubmitted")), "ASCII"
    yield (
        "a root that is cut",
        edited(swapped("opening", "redact ", "redact A")),
        "base64 of 32 bytes",
    )
    yield "a private half that is cut", edited(put("private", "AAAA")), "base64 of 32 bytes"
    yield (
        "a private half that is given",
        edited(put("private", opening.private.decode())),
        "base64 of 32 bytes",
    )


def proof_faults() -> Iterator[tuple[str, bytes, str, Policy]]:
    """Proofs of another entry, of another log, or of one that nobody vouches for."""
    whole = usual()
    names = hidden_names()
    publication = whole.published(names)
    proof = publication.proof
    checkpoint = whole.signed.checkpoint

    def proved(other: LogProof) -> bytes:
        return replace(publication, proof=other).to_bytes()

    def text(edit: Callable[[str], str]) -> bytes:
        return edited(lambda v: v.__setitem__("proof", edit(v["proof"])))

    def under(signed_: SignedCheckpoint) -> bytes:
        return whole.signed_as(signed_).published(names).to_bytes()

    logged_ = "not in the signed log"
    yield "no proof", edited(put("proof", "")), "proof has no checkpoint", POLICY
    yield (
        "another title",
        text(lambda t: t.replace("@v1", "@v2")),
        "not a proof of inclusion",
        POLICY,
    )
    yield (
        "an opening beside the proof",
        edited(put("proof", replace(proof, extra=whole.opening.to_bytes()).to_bytes().decode())),
        "extra data",
        POLICY,
    )
    yield (
        "an empty line of extra data",
        text(lambda t: t.replace("\n", "\nextra \n", 1)),
        "canonical form",
        POLICY,
    )
    yield "another entry", proved(replace(proof, index=6)), logged_, POLICY
    yield (
        "an entry outside the log",
        text(lambda t: t.replace("index 5", "index 17")),
        "outside its log",
        POLICY,
    )
    yield (
        "a number with a zero",
        text(lambda t: t.replace("index 5", "index 05")),
        "without leading zeros",
        POLICY,
    )
    yield (
        "a number with a sign",
        text(lambda t: t.replace("index 5", "index +5")),
        "without leading zeros",
        POLICY,
    )
    yield (
        "a number that is huge",
        text(lambda t: t.replace("index 5", f"index {2**63}")),
        "without leading zeros",
        POLICY,
    )
    yield "a path too short", proved(replace(proof, path=proof.path[:-1])), "too short", POLICY
    yield (
        "a path too long",
        proved(replace(proof, path=(*proof.path, bytes(32)))),
        "too long",
        POLICY,
    )
    yield "no path", proved(replace(proof, path=())), "too short", POLICY
    yield "another path", proved(replace(proof, path=(bytes(32), *proof.path[1:]))), logged_, POLICY
    yield "a path of 64", edited(put("proof", _long_path(proof))), "more than 63 hashes", POLICY
    yield (
        "a hash that is cut",
        text(lambda t: t.replace("index 5\n", "index 5\nAAAA\n")),
        "base64 of 32 bytes",
        POLICY,
    )
    yield "another size", text(lambda t: t.replace("\n17\n", "\n18\n")), "does not hold", POLICY
    yield (
        "extension lines",
        text(lambda t: t.replace("\n17\n", "\n17\nx\n")),
        "extension lines",
        POLICY,
    )
    yield "two lines", text(lambda t: t.replace("\n17\n", "\n")), "not three lines", POLICY
    wide = "index \uff15"
    yield "a wide number", text(lambda t: t.replace("index 5", wide)), "not ASCII text", POLICY
    name = "a" * 256
    yield (
        "a name of a log that is too long",
        text(lambda t: t.replace(f"\n{ORIGIN}\n", f"\n{name}\n")),
        "longer than 255 bytes",
        POLICY,
    )
    yield "a size of 0", text(lambda t: t.replace("\n17\n", "\n0\n")), "empty log", POLICY
    yield (
        "a control character in the checkpoint",
        text(lambda t: t.replace("\n17\n", "\n17\r\n")),
        "control character",
        POLICY,
    )
    root = checkpoint_of(whole.entries[:16])
    wrong = SignedCheckpoint(Note(root.to_bytes(), whole.signed.note.signatures))
    yield "a checkpoint of a smaller log", under(wrong), "too long", POLICY
    lines = whole.signed.note.signatures
    flipped = replace(
        lines[0], signature=lines[0].signature[:-1] + bytes([lines[0].signature[-1] ^ 1])
    )
    bad_log = SignedCheckpoint(Note(whole.signed.note.text, (flipped, *lines[1:])))
    yield "the log's signature altered", under(bad_log), "does not hold", POLICY
    last = replace(lines[2], signature=lines[2].signature[:8] + bytes(64))
    yield (
        "a witness's signature altered",
        under(SignedCheckpoint(Note(whole.signed.note.text, (*lines[:2], last)))),
        "does not hold",
        POLICY,
    )
    moved = replace(lines[1], signature=bytes(8) + lines[1].signature[8:])
    yield (
        "a cosignature with another time",
        under(SignedCheckpoint(Note(whole.signed.note.text, (lines[0], moved, lines[2])))),
        "does not hold",
        POLICY,
    )
    short = replace(lines[1], signature=lines[1].signature[:-1])
    yield (
        "a cosignature that is cut",
        under(SignedCheckpoint(Note(whole.signed.note.text, (lines[0], short, lines[2])))),
        "is not one",
        POLICY,
    )
    yield (
        "no signature of the log",
        under(SignedCheckpoint(Note(whole.signed.note.text, lines[1:]))),
        "not signed by the log",
        POLICY,
    )
    yield "one witness too few", under(signed(checkpoint, WITNESSES[:1])), "is not met", POLICY
    yield "no witness", under(signed(checkpoint, ())), "is not met", POLICY
    yield (
        "one witness twice",
        under(signed(checkpoint, (WITNESSES[0], WITNESSES[0]))),
        "is not met",
        POLICY,
    )
    foreign = signed(checkpoint, WITNESSES[:2], OTHER_LOG)
    yield "a log of the same name", under(foreign), "not signed by the log", POLICY
    yield "a log that the policy does not know", publication.to_bytes(), "knows no log", STRANGER
    post = signed(checkpoint, (WITNESSES[0], WITNESSES[2]))
    alter = post.note.signatures[2]
    alter = replace(alter, signature=alter.signature[:-1] + bytes([alter.signature[-1] ^ 1]))
    yield (
        "an ML-DSA-44 cosignature altered",
        under(SignedCheckpoint(Note(post.note.text, (*post.note.signatures[:2], alter)))),
        "does not hold",
        POLICY,
    )
    yield _long_witness(whole)
    yield "a week that was not over", _early(whole, names), "was not over", POLICY


def _long_path(proof: LogProof) -> str:
    head, rest = proof.to_bytes().decode().split("index 5\n")
    line = b64encode(bytes(32)).decode() + "\n"
    return head + "index 5\n" + line * 64 + "\n" + rest.split("\n\n", 1)[1]


def _long_witness(whole: Logged) -> tuple[str, bytes, str, Policy]:
    """A witness whose name has more bytes than its cosignature can say."""
    key = replace(WITNESSES[2].vkey, name="w" * 256)
    line = Signature(key.name, key.key_hash, bytes(8 + 2420))
    note = whole.signed.note.with_signature(line)
    file = whole.signed_as(SignedCheckpoint(note)).published(hidden_names()).to_bytes()
    policy = Policy(POLICY.logs, (Witness("w", key),), (), "w")
    return "a witness whose name is too long", file, "longer than 255 bytes", policy


def _early(whole: Logged, names: set[int]) -> bytes:
    """An entry for a week that began after the witnesses saw the log: a lie about the week."""
    ahead = replace(whole.container, epoch=Epoch(2026, 49))
    lying = Logged.of(ahead)
    seen = signed(checkpoint_of(lying.entries), WITNESSES[:2])
    assert Epoch(2026, 49).end.timestamp() - 86_400 > TIME
    return lying.signed_as(seen).published(names).to_bytes()


def policy_faults() -> Iterator[tuple[str, bytes, str, str]]:
    """Policies that are none."""
    data = usual().published(hidden_names()).to_bytes()
    text = POLICY.to_bytes().decode()
    line = "not log, witness, group or quorum"
    yield "an empty policy", data, "too long, not lines", ""
    yield "a policy without its last line end", data, "too long, not lines", text[:-1]
    yield "a policy with a carriage return", data, "too long, not lines", text.replace("\n", "\r\n")
    yield "a policy without a quorum", data, "not one quorum", text.replace("quorum q\n", "")
    yield "a policy with two quorums", data, "not one quorum", text + "quorum w1\n"
    yield (
        "a quorum of nobody known",
        data,
        "before it is defined",
        text.replace("quorum q", "quorum x"),
    )
    yield "an unknown line", data, line, text + "oracle x\n"
    yield "a log without a key", data, line, text + "log\n"
    yield "a log with a broken key", data, "another key's hash", _broken_key(text)
    yield (
        "a group of more than there are",
        data,
        "threshold",
        text.replace("group q 2", "group q 4"),
    )
    yield "a group of none", data, "threshold", text.replace("group q 2", "group q 0")
    yield "a member twice", data, "in a group already", text.replace("w1 w2 w3", "w1 w1 w3")
    yield "a witness twice", data, "twice", _doubled(text)
    yield (
        "one key for two",
        data,
        "names a key twice",
        _again(text) + text,
    )
    yield (
        "a witness whose key signs texts",
        data,
        "not one for cosignatures",
        f"witness w9 {OTHER_LOG.vkey}\n" + text,
    )
    yield (
        "a group called none",
        data,
        "word of its own",
        text.replace("group q 2", "group none 2").replace("quorum q", "quorum none"),
    )


def _broken_key(text: str) -> str:
    key = str(LOG.vkey)
    name, digest, encoded = key.split("+", 2)
    return text.replace(key, f"{name}+{'0' * 8}+{encoded}") if digest != "0" * 8 else text


def _doubled(text: str) -> str:
    line = next(row for row in text.splitlines(keepends=True) if row.startswith("witness w1 "))
    other = next(row for row in text.splitlines() if row.startswith("witness w2 "))
    return text.replace(line, line + other.replace("w2", "w1", 1) + "\n")


def _again(text: str) -> str:
    line = next(row for row in text.splitlines() if row.startswith("witness w1 "))
    return line.replace("witness w1", "witness w8", 1) + "\n"
