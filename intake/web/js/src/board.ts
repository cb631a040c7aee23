// The public board: rows for whoever holds a code, and the index that names its parts
// (docs/format.md 21). It is fetched whole, in one order, whoever asks.

import { b64 } from "./canonical";
import { checkDeployment } from "./deployment";
import { demand, MalformedError } from "./errors";
import { get } from "./fetching";
import { HINT_SIZE } from "./author";
import { sealedLength } from "./seal";

export const PLAINTEXT = 9_216; // bytes: every reply has one length
export const ROW = HINT_SIZE + sealedLength(1, PLAINTEXT); // bytes of a row: 10,891
const TITLE = "testimony-intake/board/v1";
const PART = 128; // rows
const MOST_ROWS = 1_000_000;

/** How many rows a board has, and SHA-256 of each of its parts (32 bytes). */
export class Index {
  private constructor(
    readonly rows: number,
    readonly parts: readonly Uint8Array[],
  ) {}

  /** Read the file of this deployment's board strictly; throws `MalformedError`. */
  static parse(data: Uint8Array, deployment: string): Index {
    const lines = new TextDecoder().decode(data).split("\n");
    const [title, of, count = "", ...parts] = lines;
    demand(title === TITLE && parts.pop() === "", "not a board's index");
    demand(of === `deployment ${checkDeployment(deployment)}`, "the board is of another deployment");
    demand(/^rows (?:0|[1-9][0-9]{0,6})$/.test(count), "a line of a board's index is malformed");
    const rows = Number(count.slice("rows ".length));
    const fits = rows <= MOST_ROWS && parts.length === Math.ceil(rows / PART);
    demand(fits, "a board has another number of parts");
    return new Index(rows, parts.map(digestOf));
  }

  /** The length in bytes of a part, from 0. */
  lengthOf(part: number): number {
    return Math.min(PART, this.rows - part * PART) * ROW;
  }
}

function digestOf(line: string): Uint8Array {
  const match = /^part sha256:([0-9a-f]{64})$/.exec(line);
  if (match === null) throw new MalformedError("a line of a board's index is malformed");
  return Uint8Array.from((match[1] ?? "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * Every part of the board at an address that ends with "/". The index, then all parts in order,
 * and nothing of them is looked at before the last is here: so no request, nor when it is made, can
 * depend on what is in them. The board may change meanwhile, so what fails is fetched once more,
 * from the index on; then it throws.
 */
export async function fetchBoard(address: string, deployment: string): Promise<Uint8Array[]> {
  try {
    return await fetchOnce(address, deployment);
  } catch {
    return await fetchOnce(address, deployment);
  }
}

async function fetchOnce(address: string, deployment: string): Promise<Uint8Array[]> {
  const index = Index.parse(await get(`${address}index`), deployment);
  const parts: Uint8Array[] = [];
  for (const [number, digest] of index.parts.entries()) {
    // The browser compares the hash itself, where a script would take seconds without a compiler.
    const part = await get(`${address}${number}`, `sha256-${b64(digest)}`);
    demand(part.length === index.lengthOf(number), "a part of the board has another length");
    parts.push(part);
  }
  return parts;
}

/** The rows of a board's parts, in order. */
export function* rowsOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let start = 0; start < part.length; start += ROW) yield part.subarray(start, start + ROW);
  }
}
