// What a log entry commits to, and the letter that carries it with its sealed object
// (docs/format.md 6 and 7). Neither says anything about who wrote or what.

import { type Bytes, join, sha256 } from "./bytes";
import { b64 } from "./canonical";
import type { Epoch } from "./epoch";
import { demand } from "./errors";
import { STATUS_SIZE } from "./author";

/** The lines of a `submitted` event; every hash and salt is 32 bytes. */
export interface Opening {
  readonly epoch: Epoch;
  readonly redact: Uint8Array;
  readonly salt: Uint8Array;
  readonly envelope: Uint8Array;
  readonly roster: string;
  readonly withdrawCommit: Uint8Array;
  readonly salt2: Uint8Array;
}

/** The lines that a publication may reveal. */
export function publicLines({ epoch, redact, salt }: Opening): string {
  return `event submitted\nepoch ${epoch}\nredact ${hash(redact)}\nsalt ${hash(salt)}\n`;
}

/** The lines that join it to a stored object. */
export function privateLines({ envelope, roster, withdrawCommit, salt2 }: Opening): string {
  return (
    `envelope ${hash(envelope)}\nroster ${roster}\n` +
    `withdraw-commit ${hash(withdrawCommit)}\nsalt2 ${hash(salt2)}\n`
  );
}

/** The 32 bytes that a log leaf holds. */
export function commit(opening: Opening): Uint8Array {
  return commitOf(publicLines(opening), privateLines(opening));
}

/** The 32 bytes to which a log entry commits, of an opening's two groups of lines. */
export function commitOf(open: string, hidden: string): Uint8Array {
  return sha256("testimony-intake/leaf/v1\0", open, "\0", sha256(hidden));
}

/** The head of a sealed letter, with the empty line that ends it; the sealed object follows. */
export function letterHead(status: Uint8Array, opening: Opening): Bytes {
  demand(status.length === STATUS_SIZE, "a status is 16 bytes");
  const lines = publicLines(opening) + privateLines(opening);
  return join(`testimony-intake/letter/v1\nstatus ${b64(status)}\n${lines}\n`);
}

function hash(value: Uint8Array): string {
  demand(value.length === 32, "an opening's hashes and salts are 32 bytes");
  return b64(value);
}
