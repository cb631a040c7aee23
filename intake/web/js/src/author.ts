// What only the author of a submission holds, and what of it is committed to (docs/format.md 5).

import { expand } from "@noble/hashes/hkdf.js";
import { sha256 as hash } from "@noble/hashes/sha2.js";

import { join, random, sha256, u32 } from "./bytes";
import type { Epoch } from "./epoch";
import { demand } from "./errors";

const D = "testimony-intake/codename/v1";
export const STATUS_SIZE = 16;

/** The secrets of one submission: 32 bytes of key and a counter below 2^32. */
export class Author {
  readonly #prk: Uint8Array;
  readonly #counter: number;

  constructor(prk: Uint8Array, counter: number) {
    const fits = Number.isInteger(counter) && 0 <= counter && counter < 2 ** 32;
    demand(prk.length === 32 && fits, "32 bytes and a 32-bit counter");
    this.#prk = prk;
    this.#counter = counter;
  }

  /** New secrets from the browser's randomness. */
  static fresh(epoch: Epoch): Author {
    return new Author(random(32), epoch.number * 256 + (random(1)[0] as number));
  }

  /** 16 bytes; the server keeps only their `status`. */
  get statusId(): Uint8Array {
    return this.#expand("status-id", 16);
  }

  /** The 16 bytes under which the server keeps the submission. */
  get status(): Uint8Array {
    return sha256(this.statusId).slice(0, STATUS_SIZE);
  }

  /** 32 bytes that, shown, withdraw the submission. */
  get withdraw(): Uint8Array {
    return this.#expand("withdraw", 32);
  }

  /** What stands in the opening, so that nobody else can withdraw. */
  get withdrawCommit(): Uint8Array {
    return sha256(D, "/withdraw-commit\0", this.withdraw);
  }

  /** The opening's `salt`, 32 bytes. */
  get leafSalt(): Uint8Array {
    return this.#expand("leaf-salt", 32);
  }

  #expand(label: string, length: number): Uint8Array {
    return expand(hash, this.#prk, join(D, "/", label, "\0", u32(this.#counter)), length);
  }
}
