// C2SP tlog-checkpoint and tlog-cosignature: what a log signed, and who saw it grow.
// A checkpoint that parses says nothing yet: a policy decides whether it is believed.

import { ed25519 } from "@noble/curves/ed25519.js";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

import { equal, join } from "./bytes";
import { unb64Of } from "./canonical";
import { demand, ProofError } from "./errors";
import { EMPTY_ROOT, parseDecimal } from "./merkle";
import { checkName, Note, type VerifierKey } from "./note";

const ORIGIN_LIMIT = 255; // bytes
const TIME_LIMIT = 2n ** 63n; // seconds since 1970

/** A note whose text is a checkpoint: three lines, none of extensions, which nobody can audit. */
export class SignedCheckpoint {
  private constructor(
    readonly note: Note,
    readonly origin: string,
    readonly size: bigint,
    readonly root: Uint8Array,
  ) {}

  /** Read a note with at least one signature line; throws `MalformedError`. */
  static parse(data: Uint8Array): SignedCheckpoint {
    const note = Note.parse(data);
    const lines = note.text.split("\n");
    demand(lines.length >= 4 && lines.at(-1) === "", "checkpoint is not three lines");
    demand(lines.length === 4, "checkpoint has extension lines");
    const [origin = "", count = "", hash = ""] = lines;
    checkName(origin);
    const long = `origin of a log is longer than ${ORIGIN_LIMIT} bytes`;
    demand(join(origin).length <= ORIGIN_LIMIT, long);
    const size = parseDecimal(count);
    const root = unb64Of(hash, 32);
    const empty = "the root of an empty log is the hash of nothing";
    demand(size !== 0n || equal(root, EMPTY_ROOT), empty);
    return new SignedCheckpoint(note, origin, size, root);
  }

  /** Whether this key of a log signed it: false if it has no line here. */
  signedBy(key: VerifierKey): boolean {
    if (!signsText(key)) return this.cosignedAt(key) !== undefined;
    return this.note.signedBy(key);
  }

  /**
   * POSIX seconds of a witness's newest cosignature, undefined where it has no line here. A line
   * that bears its name and key hash and does not hold is a `ProofError`.
   */
  cosignedAt(key: VerifierKey): bigint | undefined {
    const lines = this.note.signatures.filter(
      ({ name, keyHash }) => name === key.name && equal(keyHash, key.keyHash),
    );
    let newest: bigint | undefined;
    for (const { signature } of lines) {
      const time = this.check(key, signature);
      if (newest === undefined || time > newest) newest = time;
    }
    return newest;
  }

  private check(key: VerifierKey, timestamped: Uint8Array): bigint {
    const edwards = key.algorithm === "cosignature-Ed25519";
    let time = 0n;
    for (const byte of timestamped.subarray(0, 8)) time = (time << 8n) | BigInt(byte);
    const signature = timestamped.subarray(8);
    if (signature.length !== (edwards ? 64 : 2420) || time >= TIME_LIMIT) {
      throw new ProofError(`cosignature of ${key.name} is not one`);
    }
    const message = edwards ? this.dated(time) : this.subtree(key, time);
    let holds = false;
    try {
      holds = edwards
        ? // zip215 would take spellings of points that RFC 8032, and so Python, refuses.
          ed25519.verify(signature, message, key.key, { zip215: false })
        : ml_dsa44.verify(signature, message, key.key);
    } catch {
      // Bytes that are no point.
    }
    if (!holds) throw new ProofError(`cosignature of ${key.name} does not hold`);
    return time;
  }

  /** What an Ed25519 witness signs. */
  private dated(time: bigint): Uint8Array {
    return join(`cosignature/v1\ntime ${time}\n`, this.note.text);
  }

  /** What an ML-DSA-44 witness signs: a checkpoint is the subtree that starts at 0. */
  private subtree(key: VerifierKey, time: bigint): Uint8Array {
    return join(
      "subtree/v1\n\0",
      prefixed(key.name),
      u64(time),
      prefixed(this.origin),
      u64(0n),
      u64(this.size),
      this.root,
    );
  }
}

/** Whether a key signs a note's text; else it is a witness's. */
export function signsText(key: VerifierKey): boolean {
  return key.algorithm === "Ed25519" || key.algorithm === "ML-DSA-44";
}

function prefixed(name: string): Uint8Array {
  const bytes = join(name);
  demand(bytes.length <= 255, "name of a witness is longer than 255 bytes");
  return join(Uint8Array.of(bytes.length), bytes);
}

function u64(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(56 - 8 * i)) & 255n));
}
