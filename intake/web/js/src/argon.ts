// How a code's secret is stretched (docs/format.md 5). Nothing but JavaScript: where the browser is
// set to be safer there is no WebAssembly (protocol 4.2).

import { argon2id } from "@noble/hashes/argon2.js";

const MEMORY = 19_456; // KiB
const PASSES = 2;

/** A code's 13 bytes, and the 16 of its deployment. */
export interface Asked {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
}

/** The 32 bytes from which everything of the code derives. Takes 19 MiB, and from half a second to many. */
export function stretched({ secret, salt }: Asked): Uint8Array {
  return argon2id(secret, salt, { m: MEMORY, t: PASSES, p: 1, dkLen: 32 });
}
