// Some words of a testimony with the proof that they stand under its redaction root, the rest hidden
// (docs/format.md 25). This side only verifies.

import { sha256 } from "./bytes";
import { demand, ProofError } from "./errors";
import { leaf as hashOf, NODE, SEED_SIZE, SIDES, type Token } from "./redaction";

export const SIZE_LIMIT = 1 << 17; // leaves
export const HASH_SIZE = 32;

/** A token that is shown, or null where one is hidden. */
export type Leaf = Token | null;

/** Every leaf of a tree in order, and what proves those that are shown. */
export class Disclosure {
  /** Throws `MalformedError` for what no tree of a container gives. */
  constructor(
    readonly leaves: readonly Leaf[],
    readonly seeds: readonly Uint8Array[],
    readonly hashes: readonly Uint8Array[],
  ) {
    const count = leaves.length;
    demand(count >= 1 && count <= SIZE_LIMIT && (count & (count - 1)) === 0, SIZE_PHRASE);
    demand(leaves.some((leaf) => leaf !== null), "nothing is shown");
    leaves.forEach((leaf, i) => {
      const own = leaf?.[0] !== "v" || i === 0 || leaves[i - 1] !== null;
      demand(own, "a void is shown after what is hidden");
    });
  }

  /**
   * The root of the tree of which these are leaves; throws `ProofError`.
   *
   * 1. there is a seed for each subtree that is shown and a hash for each that is hidden
   * 2. none is left over: what was proved is all that the proof is of
   */
  root(): Uint8Array {
    const whole = [...subtrees(this.leaves)];
    // (1), (2)
    const shown = whole.filter((part) => part.shown).length;
    if (shown !== this.seeds.length) {
      throw new ProofError("the seeds are not those of what is shown");
    }
    if (whole.length - shown !== this.hashes.length) {
      throw new ProofError("the hashes are not those of what is hidden");
    }
    const seeds = this.seeds.values();
    const hashes = this.hashes.values();
    const stack: { readonly size: number; readonly hash: Uint8Array }[] = [];
    for (const part of whole) {
      let { start, size } = part;
      let hash = part.shown ? this.hashed(start, size, next(seeds)) : next(hashes);
      for (let left = stack.at(-1); left?.size === size && (start & size) !== 0; left = stack.at(-1)) {
        stack.pop();
        hash = sha256(NODE, left.hash, hash);
        [start, size] = [start & ~size, size * 2];
      }
      stack.push({ size, hash });
    }
    return (stack[0] as { readonly hash: Uint8Array }).hash;
  }

  /** The hash of a subtree in which all is shown, under its salt. */
  private hashed(start: number, size: number, salt: Uint8Array): Uint8Array {
    if (size === 1) return hashOf(this.leaves[start] as Token, salt);
    const [left, right] = SIDES.map((side) => sha256(side, salt).subarray(0, SEED_SIZE));
    const half = size / 2;
    return sha256(
      NODE,
      this.hashed(start, half, left as Uint8Array),
      this.hashed(start + half, half, right as Uint8Array),
    );
  }
}

export const SIZE_PHRASE = `a tree has a power of two of leaves, at most ${SIZE_LIMIT}`;

/** The largest subtrees in which all is shown or all is hidden. */
function* subtrees(leaves: readonly Leaf[]): Generator<Subtree> {
  let start = 0;
  while (start < leaves.length) {
    const shown = leaves[start] !== null;
    let end = start;
    while (end < leaves.length && (leaves[end] !== null) === shown) end++;
    while (start < end) {
      // As large as its place in the tree allows and as the run is long.
      const size = Math.min(start & -start || leaves.length, 1 << (31 - Math.clz32(end - start)));
      yield { start, size, shown };
      start += size;
    }
  }
}

interface Subtree {
  readonly start: number;
  readonly size: number;
  readonly shown: boolean;
}

/** The next of a row that is known to have one. */
function next(row: IterableIterator<Uint8Array>): Uint8Array {
  return row.next().value as Uint8Array;
}
