// Bytes as the formats write them: joined, hashed, numbered.

import { sha256 as sha256Of } from "@noble/hashes/sha2.js";

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** Join bytes and texts (as UTF-8); `||` in docs/format.md. */
export function join(...parts: readonly (string | Uint8Array)[]): Bytes {
  const arrays = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const joined = new Uint8Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let end = 0;
  for (const array of arrays) {
    joined.set(array, end);
    end += array.length;
  }
  return joined;
}

/** SHA-256 of the joined parts, 32 bytes. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return sha256Of(join(...parts));
}

/** Four bytes, big endian. */
export function u32(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** `size` bytes from the browser's generator; throws where there is none. */
export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}
