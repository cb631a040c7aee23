// Canonical JSON (RFC 8785) with integers only, and strict base64: a value has one spelling.

import { base64 } from "@scure/base";

import { demand, MalformedError } from "./errors";

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

const MAX_DEPTH = 8; // levels of arrays and objects; ours has four
const ASCII = /^[\0-\x7f]*$/;

/**
 * Canonical text of `value`. Throws `MalformedError` for a lone surrogate, a key that is not
 * ASCII, a number that is not an integer of at most 2^53 - 1, more than 8 levels.
 */
export function encode(value: Json, depth = 1): string {
  demand(depth <= MAX_DEPTH + 1, "JSON is more than 8 levels deep");
  if (typeof value === "string") {
    demand(isScalar(value), "text holds a lone surrogate");
    // JSON.stringify escapes what RFC 8785 3.2.2.2 asks for and, in scalar text, nothing else.
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    demand(Number.isSafeInteger(value), "a number is not an integer of at most 2^53 - 1");
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map((item) => encode(item, depth + 1)).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => member(key, item, depth)).join(",")}}`;
}

function member(key: string, item: Json, depth: number): string {
  demand(ASCII.test(key), "a key is not ASCII text");
  return `${JSON.stringify(key)}:${encode(item, depth + 1)}`;
}

// Array.isArray does not narrow readonly arrays.
function isArray(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether `text` is Unicode scalar values only: no surrogate without its partner. */
export function isScalar(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function b64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** Bytes from base64 in its one spelling: no white space, no stray bits, padded. */
export function unb64(text: string, what: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(text);
  } catch {
    throw new MalformedError(`${what} is not base64`);
  }
  // The browser's own decoder, where there is one, may be lenient.
  demand(b64(bytes) === text, `${what} is not canonical base64`);
  return bytes;
}

/** Bytes of exactly `size` from base64 in its one spelling. */
export function unb64Of(text: string, size: number): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = unb64(text, "it");
  } catch {
    // Said below, in one phrase for whatever is wrong with it.
  }
  demand(bytes?.length === size, `not the base64 of ${size} bytes`);
  return bytes as Uint8Array;
}

/** Read canonical JSON; throws `MalformedError` unless `encode` gives the very same text. */
export function decode(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new MalformedError("not JSON, or not of integers only");
  }
  demand(levels(value) <= MAX_DEPTH, "JSON is more than 8 levels deep");
  // Duplicate keys, white space, escapes, order and 1.0 all show as a difference here.
  demand(encode(value) === text, "JSON is not in its canonical spelling, or not of integers only");
  return value;
}

/** How many levels of arrays and objects there are, as far as it matters. */
function levels(value: Json, most = MAX_DEPTH + 1): number {
  if (typeof value !== "object" || value === null || most === 0) return 0;
  let deepest = 0;
  for (const item of Object.values(value)) deepest = Math.max(deepest, levels(item, most - 1));
  return 1 + deepest;
}
