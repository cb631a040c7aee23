// The plaintext of a sealed object: manifest, zeros, in one of eight sizes (docs/format.md 3).
// The form asks for no files, so this writes none.

import type { Author } from "./author";
import { type Bytes, join, u32 } from "./bytes";
import { b64, encode, type Json } from "./canonical";
import { checkDeployment } from "./deployment";
import type { Epoch } from "./epoch";
import { demand } from "./errors";
import * as redaction from "./redaction";
import type { Testimony } from "./testimony";

const MAGIC = "INTK1\0\0\0";
const VERSION = 1;
export const SIZES: readonly number[] = [64, 256, 1024, 4096, 8192, 16384, 32768, 65536].map(
  (kib) => kib * 1024,
);
const MAX_MANIFEST = 1024 * 1024;

const ROSTER = /^sha256:[0-9a-f]{64}$/;

/** What a container says besides what somebody wrote. `seed` is 16 bytes, fresh for each. */
export interface Circumstances {
  readonly mode: "browser" | "server" | "tool";
  readonly deployment: string;
  readonly roster: string;
  readonly epoch: Epoch;
  readonly seed: Uint8Array;
  readonly author: Author;
}

export interface Container {
  /** Canonical JSON. */
  readonly manifest: string;
  /** The root of the redaction tree, 32 bytes. */
  readonly redactRoot: Uint8Array;
  /** The padded container. */
  readonly bytes: Bytes;
}

/** The container of what somebody wrote. Throws `MalformedError` where a value is malformed or too large. */
export async function container(testimony: Testimony, about: Circumstances): Promise<Container> {
  checkDeployment(about.deployment);
  demand(ROSTER.test(about.roster), "a roster is named by its sha256");
  demand(about.seed.length === redaction.SEED_SIZE, "a redaction seed is 16 bytes");
  const { kind, form, consent, fields } = testimony;
  const { mailbox, to } = await about.author.holder.reply();
  const facts: Json[] = [
    ["kind", kind],
    ["mode", about.mode],
    ["form", { ...form }],
    ...consent.map((row) => ["consent", row]),
  ];
  const redactRoot = await redaction.root(about.seed, facts.map((fact) => encode(fact)), fields);
  const manifest = encode({
    v: VERSION,
    kind,
    mode: about.mode,
    form: { ...form },
    consent,
    deployment: about.deployment,
    roster: about.roster,
    epoch: about.epoch.toString(),
    fields,
    files: [],
    redact: { root: b64(redactRoot), seed: b64(about.seed) },
    reply: { mailbox: b64(mailbox), to },
    withdraw: b64(about.author.withdrawCommit),
  });
  return { manifest, redactRoot, bytes: padded(manifest) };
}

function padded(manifest: string): Bytes {
  const text = join(manifest);
  demand(text.length <= MAX_MANIFEST, "the manifest is larger than 1 MiB");
  const filled = join(MAGIC, u32(text.length), text);
  const bytes = new Uint8Array(sizeFor(filled.length));
  bytes.set(filled);
  return bytes;
}

/** The smallest of the eight sizes that holds `length` bytes. */
export function sizeFor(length: number): number {
  const size = SIZES.find((size) => length <= size);
  demand(size !== undefined, "more than fits into 64 MiB");
  return size;
}
