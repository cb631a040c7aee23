// C2SP tlog-proof: evidence, checked without a network, that an entry is in a witnessed log.

import { join } from "./bytes";
import { unb64, unb64Of } from "./canonical";
import { SignedCheckpoint } from "./checkpoint";
import { demand } from "./errors";
import { checkPath, parseDecimal, verifyInclusion } from "./merkle";

const TITLE = "c2sp.org/tlog-proof@v1";
const LIMIT = 2_000_000; // bytes

/** An entry's index, its inclusion path, and the checkpoint that it leads to. */
export class LogProof {
  private constructor(
    readonly index: bigint,
    readonly path: readonly Uint8Array[],
    readonly signed: SignedCheckpoint,
    readonly extra: Uint8Array,
  ) {}

  /** Read a proof; throws `MalformedError`. */
  static parse(text: string): LogProof {
    demand(join(text).length <= LIMIT, "proof is too long");
    const end = text.indexOf("\n\n");
    demand(end >= 0, "proof has no checkpoint");
    const head = text.slice(0, end);
    demand(/^[\0-\x7f]*$/.test(head), "proof is not ASCII text");
    const lines = head.split("\n");
    let extra: Uint8Array = new Uint8Array();
    if (lines[1]?.startsWith("extra ") === true) {
      const [line = ""] = lines.splice(1, 1);
      extra = unb64(line.slice("extra ".length), "extra data");
      demand(extra.length > 0, "proof is not in its one canonical form");
    }
    const [title, index = "", ...hashes] = lines;
    const own = title === TITLE && index.startsWith("index ");
    demand(own, "not a proof of inclusion in a log");
    const number = parseDecimal(index.slice("index ".length));
    const path = hashes.map((line) => unb64Of(line, 32));
    const signed = SignedCheckpoint.parse(join(text.slice(end + 2)));
    checkPath(path);
    demand(number < signed.size, "proof is of an entry outside its log");
    return new LogProof(number, path, signed, extra);
  }

  /** Throw `ProofError` unless `entry` stands at its index in the checkpoint's tree. */
  checkIncludes(entry: Uint8Array): void {
    verifyInclusion(this.index, this.signed.size, entry, this.path, this.signed.root);
  }
}
