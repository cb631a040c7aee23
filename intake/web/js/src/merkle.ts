// Inclusion in the Merkle tree of RFC 6962, verified as in RFC 9162 section 2.1.3.2.

import { equal, sha256 } from "./bytes";
import { demand, ProofError } from "./errors";

export const EMPTY_ROOT = sha256();
const PROOF_LIMIT = 63; // hashes; no proof of a tree below 2^63 leaves needs more
const DECIMAL = /^(0|[1-9][0-9]{0,18})$/;

/** Read a number below 2^63 in its one spelling. */
export function parseDecimal(text: string): bigint {
  const wrong = "not a decimal number below 2^63 without leading zeros";
  demand(DECIMAL.test(text), wrong);
  const value = BigInt(text);
  demand(value < 2n ** 63n, wrong);
  return value;
}

/** Throw `MalformedError` where a path has more hashes than any tree needs. */
export function checkPath(path: readonly Uint8Array[]): void {
  demand(path.length <= PROOF_LIMIT, `proof has more than ${PROOF_LIMIT} hashes`);
}

/**
 * Throw `ProofError` unless `entry` stands at `index`, which is below `size`, of the tree of `size`
 * entries with `root`.
 */
export function verifyInclusion(
  index: bigint,
  size: bigint,
  entry: Uint8Array,
  path: readonly Uint8Array[],
  root: Uint8Array,
): void {
  let one = index;
  let last = size - 1n;
  let found = sha256(Uint8Array.of(0), entry);
  for (const sibling of path) {
    if (last === 0n) throw new ProofError("inclusion proof is too long");
    if ((one & 1n) === 1n || one === last) {
      found = node(sibling, found);
      // Climb the levels on which the path is the right edge and has no sibling.
      while (one !== 0n && (one & 1n) === 0n) [one, last] = [one >> 1n, last >> 1n];
    } else {
      found = node(found, sibling);
    }
    [one, last] = [one >> 1n, last >> 1n];
  }
  if (last !== 0n) throw new ProofError("inclusion proof is too short");
  if (!equal(found, root)) throw new ProofError(`entry ${index} is not in the signed log`);
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(1), left, right);
}
