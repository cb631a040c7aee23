// The salted tree over a testimony's words, by which one can be shown or withheld with proof
// (docs/format.md 4).

import { join, sha256, u32 } from "./bytes";
import { Breath } from "./breath";

const D = "testimony-intake/redact/v1";
export const SEED_SIZE = 16;

// White space is these four and nothing else, so that Python and JavaScript cut alike.
const WORD = /[\t\n\r ]*[^\t\n\r ]+|[\t\n\r ]+$/g;

const LEAF = join("\0", D, "/leaf");
export const NODE = join("\x01", D, "/node");
export const SIDES = [join(D, "/ggm\0"), join(D, "/ggm\x01")] as const;

export type Token = readonly [kind: "m" | "f" | "w" | "v", value: string];

const VOID: Token = ["v", ""];

/** `text` cut into words, each with the white space before it; joined they are `text` again. */
export function words(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** The 32-byte root for these facts (canonical JSON) and fields, salted from the 16-byte `seed`. */
export async function root(
  seed: Uint8Array,
  facts: readonly string[],
  fields: readonly (readonly [path: string, text: string])[],
): Promise<Uint8Array> {
  const breath = new Breath();
  const row = withVoids(seed, tokens(facts, fields));
  let salts: Uint8Array[] = [seed];
  while (salts.length < row.length) {
    salts = await breath.map(salts.length * 2, (i) =>
      sha256(SIDES[i % 2 as 0 | 1], at(salts, i >> 1)).subarray(0, SEED_SIZE),
    );
  }
  let hashes = await breath.map(row.length, (i) => leaf(at(row, i), at(salts, i)));
  while (hashes.length > 1) {
    hashes = await breath.map(hashes.length / 2, (i) =>
      sha256(NODE, at(hashes, 2 * i), at(hashes, 2 * i + 1)),
    );
  }
  return at(hashes, 0);
}

/** The hash of a leaf. */
export function leaf([kind, value]: Token, salt: Uint8Array): Uint8Array {
  const bytes = join(value);
  return sha256(LEAF, kind, salt, u32(bytes.length), bytes);
}

function tokens(
  facts: readonly string[],
  fields: readonly (readonly [path: string, text: string])[],
): Token[] {
  return [
    ...facts.map((fact): Token => ["m", fact]),
    ...fields.flatMap(([path, text]): Token[] => [
      ["f", path],
      ...words(text).map((word): Token => ["w", word]),
    ]),
  ];
}

/** Add 0 to 2 voids after each token, which blur how long a withheld run is, and fill up. */
function withVoids(seed: Uint8Array, plain: readonly Token[]): Token[] {
  const row: Token[] = [];
  let counts = new Uint8Array();
  plain.forEach((token, i) => {
    if (i % 32 === 0) counts = new Uint8Array(sha256(D, "/voids\0", seed, u32(i / 32)));
    row.push(token);
    for (let voids = at(counts, i % 32) % 3; voids > 0; voids--) row.push(VOID);
  });
  let size = 1;
  while (size < row.length) size *= 2;
  while (row.length < size) row.push(VOID);
  return row;
}

/** The item at a place that is known to exist. */
function at<T>(row: ArrayLike<T>, place: number): T {
  return row[place] as T;
}
