// A reviewer's recipient: post-quantum hybrid only, checked before anything is sealed to it
// (protocol 1.3, 1.5).

import { x25519 } from "@noble/curves/ed25519.js";
import { bech32 } from "@scure/base";

import { demand, MalformedError } from "./errors";

const RECIPIENT = /^age1pq1[02-9ac-hj-np-z]{1952}$/;
const KEY_SIZE = 1184 + 32; // bytes: ML-KEM-768, X25519
const COEFFICIENTS_SIZE = 1152; // bytes: 768 coefficients of 12 bits, then a 32-byte seed
const MODULUS = 3329;

/** `text`, if it is the one spelling of a key that can be sealed to; throws `MalformedError`. */
export function parseRecipient(text: string): string {
  demand(RECIPIENT.test(text), "recipient is not a post-quantum age recipient");
  const key = decode(text);
  demand(key.length === KEY_SIZE, "recipient is not 1216 bytes");
  // FIPS 203, 7.2. npm packages before @noble/post-quantum 0.6 do not check it themselves.
  for (let i = 0; i < COEFFICIENTS_SIZE; i += 3) {
    const [a, b, c] = key.subarray(i, i + 3) as unknown as [number, number, number];
    const reduced = (a | ((b & 15) << 8)) < MODULUS && ((b >> 4) | (c << 4)) < MODULUS;
    demand(reduced, "recipient has a value beyond its modulus");
  }
  checkOrder(key.subarray(1184));
  return text;
}

function decode(text: string): Uint8Array {
  try {
    const { prefix, words } = bech32.decode(text, false); // false: no limit of 90 characters
    const key = bech32.fromWords(words);
    demand(bech32.encode(prefix, bech32.toWords(key), false) === text, "another spelling");
    return key;
  } catch {
    throw new MalformedError("recipient's checksum does not hold");
  }
}

/** Refuse an X25519 share of low order: its secret would be all zero. */
function checkOrder(share: Uint8Array): void {
  try {
    x25519.getSharedSecret(new Uint8Array(32).fill(0x42), share);
  } catch {
    throw new MalformedError("recipient holds a low-order X25519 share");
  }
}

/** Spell the 32 bytes of a hybrid identity as age does. */
export function spellIdentity(seed: Uint8Array): string {
  return bech32.encode("age-secret-key-pq-", bech32.toWords(seed), false).toUpperCase();
}
