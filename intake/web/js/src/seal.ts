// Seals a testimony to a roster's reviewers: post-quantum stanzas only, exactly one a reviewer
// (docs/format.md 1). It never opens anything.

import { Encrypter } from "age-encryption";

import type { Author } from "./author";
import { type Bytes, join, random, sha256 } from "./bytes";
import { container } from "./container";
import type { Epoch } from "./epoch";
import { demand } from "./errors";
import { letterHead } from "./opening";
import { parseRecipient } from "./recipient";
import { SEED_SIZE } from "./redaction";
import type { Roster } from "./roster_text";
import type { Testimony } from "./testimony";

const STANZA = "-> mlkem768x25519 ";
const CHUNK = 65_536; // bytes, of age's payload

/** Who seals: script on a page that a server gives, that server, or a tool on the author's own. */
export type Mode = "browser" | "server" | "tool";

/** The sealed letter of what somebody wrote: its head, then the sealed object as it is. */
export async function seal(
  testimony: Testimony,
  roster: Roster,
  epoch: Epoch,
  author: Author,
  mode: Mode = "browser",
): Promise<Bytes> {
  const { bytes, redactRoot } = await container(testimony, {
    mode,
    deployment: roster.deployment,
    roster: roster.digest,
    epoch,
    seed: random(SEED_SIZE),
    author,
  });
  const sealed = await encrypt(bytes, roster.reviewers.map(({ recipient }) => recipient));
  const head = letterHead(author.status, {
    epoch,
    redact: redactRoot,
    salt: author.leafSalt,
    envelope: sha256(sealed),
    roster: roster.digest,
    withdrawCommit: author.withdrawCommit,
    salt2: random(32),
  });
  return join(head, sealed);
}

/**
 * An age file to exactly these recipients. age-encryption itself seals to nobody without a word
 * and takes recipients that a quantum computer will open, so both are refused here, and what
 * comes out is looked at again.
 */
export async function encrypt(plaintext: Bytes, recipients: readonly string[]): Promise<Bytes> {
  demand(recipients.length > 0, "there is no reviewer to seal to");
  demand(new Set(recipients).size === recipients.length, "two reviewers have one recipient");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(parseRecipient(recipient));
  const sealed = join(await encrypter.encrypt(plaintext));
  const expected = sealedLength(recipients.length, plaintext.length);
  demand(sealed.length === expected, "the sealed object has another length");
  demand(countStanzas(sealed) === recipients.length, "the sealed object has other stanzas");
  return sealed;
}

/** How long an age file to so many reviewers is, in bytes. */
export function sealedLength(recipients: number, plaintext: number): number {
  return 70 + 1557 * recipients + 16 + plaintext + 16 * Math.max(1, Math.ceil(plaintext / CHUNK));
}

/** The stanzas of a header in which all are mlkem768x25519; -1 where one is not. */
export function countStanzas(sealed: Uint8Array): number {
  // Only the header is ASCII; windows-1252 gives one character a byte for whatever follows.
  const lines = new TextDecoder("windows-1252").decode(sealed.subarray(0, CHUNK)).split("\n");
  const stanzas = lines.slice(0, lines.findIndex((line) => line.startsWith("--- ")))
    .filter((line) => line.startsWith("-> "));
  return stanzas.every((line) => line.startsWith(STANZA)) ? stanzas.length : -1;
}
