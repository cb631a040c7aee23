// The root holders' public keys: who may sign a roster, and the digits people compare.
// Everything else is trusted because these were, so nothing here fetches or replaces them.

import { hex, sha256 } from "./bytes";
import { demand, RosterError } from "./errors";
import { type Note, VerifierKey } from "./note";

const HOLDER_LIMIT = 16;

/** How many holders must sign, and their keys in the order listed. */
export class RootSet {
  /** Every holder's keys by name, in the order listed. */
  readonly holders: ReadonlyMap<string, readonly VerifierKey[]>;

  /**
   * Throws `MalformedError` unless each holder has exactly one Ed25519 and one ML-DSA-44 key, no
   * key stands twice, and 1 <= threshold <= holders <= 16.
   */
  constructor(
    readonly threshold: number,
    readonly keys: readonly VerifierKey[],
  ) {
    checkDistinctKeys(keys);
    const holders = new Map<string, VerifierKey[]>();
    for (const key of keys) holders.set(key.name, [...(holders.get(key.name) ?? []), key]);
    for (const [name, own] of holders) {
      // Both, or whoever can forge one of them could do without the other.
      const algorithms = own.map(({ algorithm }) => algorithm).sort();
      const both = algorithms.join() === "Ed25519,ML-DSA-44";
      demand(both, `root holder ${name} must have one Ed25519 and one ML-DSA-44 key`);
    }
    const fits = Number.isInteger(threshold) && 1 <= threshold && threshold <= holders.size;
    demand(fits, `root threshold does not fit ${holders.size} holders`);
    demand(holders.size <= HOLDER_LIMIT, `more than ${HOLDER_LIMIT} root holders`);
    this.holders = holders;
  }

  /** 30 digits in 6 groups of 5 (protocol 9.4), equal however the keys are ordered. */
  get fingerprint(): string {
    const vkeys = this.keys.map(({ vkey }) => `${vkey}\n`).sort(); // ASCII: by code unit
    const label = "testimony-intake/root-fingerprint/v1\0";
    const digest = sha256(label, `${this.threshold}\0`, vkeys.join(""));
    const digits = (BigInt(`0x${hex(digest)}`) % 10n ** 30n).toString().padStart(30, "0");
    return (digits.match(/.{5}/g) ?? []).join(" ");
  }

  /** Throw unless enough holders signed with all their keys: names are counted, never keys. */
  checkSigned(note: Note): void {
    let names = 0;
    for (const keys of this.holders.values()) {
      // Every key is tried before counting, so that no bad line hides behind a missing one.
      if (keys.map((key) => note.signedBy(key)).every(Boolean)) names++;
    }
    if (names < this.threshold) {
      throw new RosterError(`roster is signed by ${names} of the ${this.threshold} it needs`);
    }
  }
}

/** Throw where one key stands twice, also under two names: one person would count as two. */
export function checkDistinctKeys(keys: readonly VerifierKey[]): void {
  const bare = new Set(keys.map(({ key }) => hex(key)));
  demand(bare.size === keys.length, "one key is listed twice");
  const marks = new Set(keys.map(({ name, keyHash }) => `${name} ${hex(keyHash)}`));
  demand(marks.size === keys.length, "two keys have one name and hash");
}

/** Read a decimal number from 1 to 999,999,999 in its one spelling. */
export function parseNumber(text: string, what: string): number {
  demand(/^[1-9][0-9]{0,8}$/.test(text), `${what} is not a number from 1 to 999999999`);
  return Number(text);
}
