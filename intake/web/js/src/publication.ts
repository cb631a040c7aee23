// A testimony of which some words are left out, with the proof that the others stand in the log
// (docs/format.md 25). What intake/publication refuses is refused here, for the same reason.

import { equal, join } from "./bytes";
import { decode, encode, type Json, unb64, unb64Of } from "./canonical";
import { Disclosure, HASH_SIZE } from "./disclosure";
import { DAY } from "./epoch";
import { demand, MalformedError, ProofError } from "./errors";
import { LogProof } from "./log_proof";
import { parsePublicHalf, publicCommit, type PublicHalf } from "./public_half";
import type { Endorsed, Policy } from "./policy";
import { type Answer, answerOf, checkOrder, factOf, leavesOf, rowsOf } from "./publication_rows";
import { SEED_SIZE } from "./redaction";
import * as shape from "./shape";

export const LIMIT = 4 << 20; // bytes
const VERSION = 1;
const KEYS = "hashes,opening,private,proof,seeds,shown,size,v";
const AHEAD = 86_400; // seconds by which a witness's clock may be before ours
const LAST_WEEK = 418_983; // 9999-W51, the last that Python can name the end of

/** What is shown between two places that are left out; `path` is empty after one. */
export interface Piece {
  readonly path: string;
  readonly text: string;
  /** Whether something is left out before it. */
  readonly before: boolean;
}

/** A disclosure, the public half of its opening, and the proof that this stands in a log. */
export class Publication {
  private constructor(
    readonly disclosure: Disclosure,
    readonly opening: PublicHalf,
    readonly proof: LogProof,
  ) {}

  /** Read a publication strictly; throws `MalformedError`. It has one spelling. */
  static parse(data: Uint8Array): Publication {
    demand(data.length <= LIMIT, `a publication is at most ${LIMIT} bytes`);
    const text = utf8(data);
    const value = shape.mapping(decode(text.endsWith("\n") ? text.slice(0, -1) : text));
    const known = Object.keys(value).sort().join() === KEYS;
    demand(known && shape.integer(value["v"]) === VERSION, "not a publication, or one of another version");
    const leaves = leavesOf(shape.rows(value["shown"]), shape.integer(value["size"]));
    const seeds = parts(shape.text(value["seeds"]), SEED_SIZE);
    const disclosure = new Disclosure(leaves, seeds, parts(shape.text(value["hashes"]), HASH_SIZE));
    const hidden = unb64Of(shape.text(value["private"]), HASH_SIZE);
    const opening = parsePublicHalf(shape.text(value["opening"]), hidden);
    demand(opening.epoch.number <= LAST_WEEK, "no such week");
    const proof = LogProof.parse(shape.text(value["proof"]));
    // A receipt carries the whole opening there, and that names the stored object.
    demand(proof.extra.length === 0, "the proof in a publication has extra data");
    checkOrder(leaves);
    // All else is spelled in one way already: only the rows can be cut differently.
    const own = encode(rowsOf(leaves) as Json) === encode(value["shown"] as Json);
    demand(own && text.endsWith("\n"), "the publication is not in its one spelling");
    return new Publication(disclosure, opening, proof);
  }

  /** `testimony`, `addition` or `consent`. */
  get kind(): string {
    return String(this.facts().find(([name]) => name === "kind")?.[1]);
  }

  /** The rows of consent that are shown. */
  get answers(): Answer[] {
    return this.facts().flatMap(([name, said]) => (name === "consent" ? [answerOf(said)] : []));
  }

  /** How many words are shown. */
  get words(): number {
    return this.disclosure.leaves.filter((leaf) => leaf?.[0] === "w").length;
  }

  /** In how many places something is left out; before the first field it counts as one. */
  get gaps(): number {
    return this.pieces().filter(({ before }) => before).length;
  }

  /** The text that is shown, in order; the last one is empty where the end is left out. */
  pieces(): Piece[] {
    const pieces: Piece[] = [];
    let [path, text, before] = ["", "", false];
    for (const leaf of this.disclosure.leaves) {
      if (leaf?.[0] === "v" || leaf?.[0] === "m") continue;
      if (leaf?.[0] === "w") {
        text += leaf[1];
        continue;
      }
      if (path !== "" || text !== "") {
        pieces.push({ path, text, before });
        before = false;
      }
      [path, text] = [leaf === null ? "" : leaf[1], ""];
      before ||= leaf === null;
    }
    if (path !== "" || text !== "" || before) pieces.push({ path, text, before });
    return pieces;
  }

  /** Throw `ProofError` unless each word that is shown was logged; else who vouches for it. */
  verify(policy: Policy): Endorsed {
    // (1)
    if (!equal(this.disclosure.root(), this.opening.redact)) {
      throw new ProofError("the words are not those that the opening names");
    }
    // (2)
    this.proof.checkIncludes(join("B", publicCommit(this.opening)));
    // (3)
    const endorsed = policy.endorsed(this.proof.signed);
    // (4)
    const { epoch } = this.opening;
    const end = BigInt((epoch.lastDay + DAY) / 1000);
    const times = endorsed.witnesses.map(([, time]) => time);
    if (times.length > 0 && times.every((time) => time + BigInt(AHEAD) < end)) {
      throw new ProofError(`${epoch} was not over when the witnesses saw the log`);
    }
    return endorsed;
  }

  private facts(): (readonly [string, Json])[] {
    return this.disclosure.leaves.flatMap((leaf) => (leaf?.[0] === "m" ? [factOf(leaf[1])] : []));
  }
}

function parts(text: string, size: number): Uint8Array[] {
  const data = unb64(text, "a proof");
  demand(data.length % size === 0, "a proof is cut short");
  const count = data.length / size;
  return Array.from({ length: count }, (_, i) => data.subarray(i * size, (i + 1) * size));
}

function utf8(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new MalformedError("not JSON, or not of integers only");
  }
}
