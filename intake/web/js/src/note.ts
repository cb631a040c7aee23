// C2SP signed notes (c2sp.org/signed-note): a text, and lines that sign it.
// A note that parses says nothing yet: only `signedBy` with a key trusted beforehand does.

import { ed25519 } from "@noble/curves/ed25519.js";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

import { equal, hex, join, sha256 } from "./bytes";
import { unb64 } from "./canonical";
import { demand, MalformedError, ProofError } from "./errors";

export const NOTE_LIMIT = 1_000_000; // bytes, text and signatures
export const SIGNATURE_LIMIT = 100; // lines
const DASH = "\u2014 ";
const CONTROL = /[\0-\x09\x0b-\x1f]/;
const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

export type Algorithm = "Ed25519" | "ML-DSA-44" | "cosignature-Ed25519" | "cosignature-ML-DSA-44";

/** What stands before the public key in a vkey and its hash, and that key's length in bytes. */
const TYPES: readonly (readonly [Algorithm, tag: Uint8Array, length: number])[] = [
  ["Ed25519", Uint8Array.of(0x01), 32],
  ["cosignature-Ed25519", Uint8Array.of(0x04), 32],
  ["cosignature-ML-DSA-44", Uint8Array.of(0x06), 1312],
  ["ML-DSA-44", join(Uint8Array.of(0xff), "testimony-intake/note-ml-dsa-44/v1\n"), 1312],
];

/** A public key with a name: `name+hash+base64(type || key)`, the vkey of the spec. */
export class VerifierKey {
  private constructor(
    readonly vkey: string,
    readonly name: string,
    readonly algorithm: Algorithm,
    readonly key: Uint8Array,
    /** 4 bytes that find a key's lines in a note. An identifier only: it binds nothing. */
    readonly keyHash: Uint8Array,
  ) {}

  /** Read a vkey; throws `MalformedError`, also where its hash is not that of its key. */
  static parse(vkey: string): VerifierKey {
    const match = VKEY.exec(vkey);
    demand(match !== null, "not a verifier key (name+hash+key)");
    const [, name = "", hash, encoded = ""] = match;
    checkName(name);
    const tagged = unb64(encoded, "verifier key");
    const type = TYPES.find(([, tag]) => equal(tagged.subarray(0, tag.length), tag));
    demand(type !== undefined, `verifier key of ${name} has an unknown signature type`);
    const [algorithm, tag, length] = type;
    const key = tagged.subarray(tag.length);
    demand(key.length === length, `public key of ${name} has another length`);
    const keyHash = sha256(name, "\n", tagged).slice(0, 4);
    demand(hex(keyHash) === hash, `verifier key of ${name} has another key's hash`);
    return new VerifierKey(vkey, name, algorithm, key, keyHash);
  }

  /** Throw `ProofError` unless `signature` is this key's over `text`. */
  check(text: Uint8Array, signature: Uint8Array): void {
    let holds = false;
    try {
      // zip215 would take spellings of points that RFC 8032, and so Python, refuses.
      if (this.algorithm === "Ed25519") {
        holds = ed25519.verify(signature, text, this.key, { zip215: false });
      } else if (this.algorithm === "ML-DSA-44") {
        holds = ml_dsa44.verify(signature, text, this.key);
      }
    } catch {
      // A wrong length, or bytes that are no point.
    }
    if (!holds) throw new ProofError(`signature of ${this.name} does not hold`);
  }
}

export interface Signature {
  readonly name: string;
  readonly keyHash: Uint8Array;
  readonly signature: Uint8Array;
}

/** A text that ends with LF and its signature lines, well formed but not yet verified. */
export class Note {
  private constructor(
    readonly text: string,
    readonly signatures: readonly Signature[],
  ) {}

  /** Read a note with at least one signature line; throws `MalformedError`. */
  static parse(data: Uint8Array): Note {
    demand(data.length <= NOTE_LIMIT, `note is longer than ${NOTE_LIMIT} bytes`);
    const whole = decode(data);
    // Strict UTF-8 decoded and encoded again is the same, so the text may be handled as a string.
    demand(!CONTROL.test(whole), "note holds a control character");
    // The text may hold empty lines; the last one ends it.
    const end = whole.lastIndexOf("\n\n");
    const tail = whole.slice(end + 2);
    demand(end >= 0 && tail.endsWith("\n"), "note has no signatures");
    const lines = tail.slice(0, -1).split("\n");
    demand(lines.length <= SIGNATURE_LIMIT, `note has more than ${SIGNATURE_LIMIT} signatures`);
    return new Note(whole.slice(0, end + 1), lines.map(parseSignature));
  }

  /**
   * Whether `key` signed the text: false if it has no line here. A line that bears this key's name
   * and hash and does not verify is a `ProofError`, as the spec asks. Lines of other keys are
   * ignored.
   */
  signedBy(key: VerifierKey): boolean {
    const lines = this.signatures.filter(
      ({ name, keyHash }) => name === key.name && equal(keyHash, key.keyHash),
    );
    for (const { signature } of lines) key.check(join(this.text), signature);
    return lines.length > 0;
  }
}

function parseSignature(line: string): Signature {
  const space = line.indexOf(" ", DASH.length);
  demand(line.startsWith(DASH) && space >= 0, "not a signature line");
  const name = line.slice(DASH.length, space);
  checkName(name);
  const raw = unb64(line.slice(space + 1), "signature");
  demand(raw.length > 4, `signature of ${name} is too short`);
  return { name, keyHash: raw.subarray(0, 4), signature: raw.subarray(4) };
}

function decode(data: Uint8Array): string {
  try {
    // Without ignoreBOM a leading BOM would vanish: two spellings of one note.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new MalformedError("note is not valid UTF-8");
  }
}

/** Throw unless this can name a key: not empty, no space, no "+". */
export function checkName(name: string): void {
  // \x85 is white space in Python and not in \s.
  demand(name !== "" && !/[+\s\x85]/.test(name), "key name is empty or holds a space or '+'");
}
