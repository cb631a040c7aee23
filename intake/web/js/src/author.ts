// What only the author of a submission holds, and what of it is committed to (docs/format.md 5).
// All of it derives from a code, or from 32 random bytes where somebody wants none.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as hash } from "@noble/hashes/sha2.js";
import { identityToRecipient } from "age-encryption";

import { Breath } from "./breath";
import { type Bytes, join, random, sha256, u32 } from "./bytes";
import type { Epoch } from "./epoch";
import { demand } from "./errors";
import { spellIdentity } from "./recipient";

export const D = "testimony-intake/codename/v1";
export const STATUS_SIZE = 16;
export const REPLIES = 64; // numbers of replies under one code, from 0
export const HINT_SIZE = 16;
const KEY_SIZE = 32;
const WEEKS = 104; // for so long what was sent under a code can be withdrawn with it
const IN_A_WEEK = 256; // counters

/** Where reviewers leave a reply: the mailbox secret and the age recipient. */
export interface Reply {
  readonly mailbox: Uint8Array;
  readonly to: string;
}

/** Whoever has a code: the 32 bytes that it stretches to, and what these open. */
export class Holder {
  readonly #prk: Uint8Array;
  #reply: Promise<Reply> | undefined;

  constructor(prk: Uint8Array) {
    demand(prk.length === KEY_SIZE, "32 bytes");
    this.#prk = prk;
  }

  /** Of no code: nobody can come back with it. */
  static fresh(): Holder {
    return new Holder(random(KEY_SIZE));
  }

  /** The age identity to which replies are sealed. */
  get identity(): string {
    return spellIdentity(expand(this.#prk, "reply-seed", "", 32));
  }

  /** For the reviewers alone: the server never sees it. The same under one code. */
  reply(): Promise<Reply> {
    this.#reply ??= this.#makeReply();
    return this.#reply;
  }

  async #makeReply(): Promise<Reply> {
    return { mailbox: this.mailbox, to: await identityToRecipient(this.identity) };
  }

  /** 32 bytes by which replies are found. */
  get mailbox(): Uint8Array {
    return expand(this.#prk, "mailbox", "", 32);
  }

  /**
   * The `withdraw` of every counter of the last 104 weeks, newest week first (docs/format.md 23):
   * nothing is kept of what was sent, so all that can be are tried. Takes its time, in short pieces.
   */
  async withdrawals(now: Epoch): Promise<Bytes> {
    const all = new Uint8Array(WEEKS * IN_A_WEEK * KEY_SIZE);
    const keyed = hmac.create(hash, this.#prk); // which is half of the work of each
    await new Breath().map(WEEKS * IN_A_WEEK, (i) => {
      const week = now.number - Math.floor(i / IN_A_WEEK);
      const context = u32(week * IN_A_WEEK + (i % IN_A_WEEK));
      all.set(keyed.clone().update(block("withdraw", context)).digest(), i * KEY_SIZE);
    });
    return all;
  }

  /** The secrets of one submission under this code. */
  author(counter: number): Author {
    return new Author(this.#prk, counter, this);
  }
}

/** The secrets of one submission: 32 bytes of key and a counter below 2^32. */
export class Author {
  readonly #prk: Uint8Array;
  readonly #counter: number;
  /** Whose submission it is. */
  readonly holder: Holder;

  constructor(prk: Uint8Array, counter: number, holder = new Holder(prk)) {
    const fits = Number.isInteger(counter) && 0 <= counter && counter < 2 ** 32;
    demand(prk.length === KEY_SIZE && fits, "32 bytes and a 32-bit counter");
    this.#prk = prk;
    this.#counter = counter;
    this.holder = holder;
  }

  /** New secrets without a code, from the browser's randomness. */
  static fresh(epoch: Epoch): Author {
    return Holder.fresh().author(freshCounter(epoch));
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

  /** What stands in the opening and in the container, so that nobody else can withdraw. */
  get withdrawCommit(): Uint8Array {
    return sha256(D, "/withdraw-commit\0", this.withdraw);
  }

  /** The opening's `salt`, 32 bytes. */
  get leafSalt(): Uint8Array {
    return this.#expand("leaf-salt", 32);
  }

  #expand(label: string, length: number): Uint8Array {
    return expand(this.#prk, label, u32(this.#counter), length);
  }
}

/** The number of a submission of this week: a random one of 256, so that nothing is counted. */
export function freshCounter(epoch: Epoch): number {
  return epoch.number * IN_A_WEEK + (random(1)[0] as number);
}

/** The 16 bytes before a reply on the board, by which only the code's holder finds it. */
export function hintOf(mailbox: Uint8Array, number: number): Uint8Array {
  return expand(mailbox, "reply-hint", u32(number), 16);
}

/** HKDF-Expand (RFC 5869 2.3) of at most one block: its first and only round. */
function expand(
  key: Uint8Array,
  label: string,
  context: string | Uint8Array,
  length: number,
): Uint8Array {
  return hmac(hash, key, block(label, context)).slice(0, length);
}

/** What that round is made of. */
function block(label: string, context: string | Uint8Array): Uint8Array {
  return join(D, "/", label, "\0", context, "\x01");
}
