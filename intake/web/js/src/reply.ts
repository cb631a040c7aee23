// Opens what reviewers answered to the holder of a code (docs/format.md 21). The same rules as
// intake/reply.py: it believes the roster and nobody else, and shows nobody that it opened anything.

import { Decrypter } from "age-encryption";

import { hintOf, type Holder, REPLIES, HINT_SIZE } from "./author";
import { PLAINTEXT, ROW } from "./board";
import { b64, encode } from "./canonical";
import { hex, join, sha256 } from "./bytes";
import { checkDeployment } from "./deployment";
import { Epoch } from "./epoch";
import { demand, ProofError } from "./errors";
import { Note } from "./note";
import type { Roster } from "./roster_text";
import { countStanzas } from "./seal";
import { tidy } from "./testimony";

const REPLY =
  /^testimony-intake\/reply\/v1\ndeployment ([^\n]*)\nto ([A-Za-z0-9+/]{43}=)\nepoch ([^\n]*)\n(?:question ("[^\n]*")\n)?text ("[^\n]*")\n$/;
const TEXT_MOST = 4_000; // code points
const QUESTION_MOST = 250; // code points
const TEXT_BYTES = 8_192; // of the text as a JSON string
const QUESTION_BYTES = 512;

/** A reply to the holder of the recipient `to` (base64 of its hash); it may ask for one further consent. */
export class ReplyNote {
  private constructor(
    readonly deployment: string,
    readonly to: string,
    readonly epoch: Epoch,
    readonly text: string,
    /** Empty where it asks nothing. */
    readonly question: string,
    /** `sha256:` and hex, by which an answer names the question. */
    readonly digest: string,
  ) {}

  /** Read the text of a note strictly; throws `MalformedError`. */
  static parse(note: string): ReplyNote {
    const match = REPLY.exec(note);
    demand(match !== null, "not a reply");
    const [, deployment = "", to = "", epoch = "", asked, said = ""] = match;
    // atob takes stray bits.
    demand(btoa(atob(to)) === to, "a reply names its recipient by a hash of 32 bytes");
    const text = stringOf(said, TEXT_MOST, TEXT_BYTES);
    const question = asked === undefined ? "" : stringOf(asked, QUESTION_MOST, QUESTION_BYTES);
    demand(asked === undefined || question !== "", "a reply has one spelling");
    // White space as Python has it, which does not count a byte order mark.
    demand(/\S|\ufeff/.test(text), "a reply is a text");
    demand(!question.includes("\n"), "a question is one line");
    const digest = `sha256:${hex(sha256(note))}`;
    return new ReplyNote(checkDeployment(deployment), to, Epoch.parse(epoch), text, question, digest);
  }
}

/** A text from its JSON, in the one spelling that canonical JSON has. */
function stringOf(json: string, most: number, mostBytes: number): string {
  let text: unknown;
  try {
    text = JSON.parse(json);
  } catch {
    text = undefined;
  }
  demand(typeof text === "string" && encode(text) === json, "a reply's text has one spelling");
  demand(tidy(text) === text, "a reply has no control characters");
  demand([...text].length <= most && join(json).length <= mostBytes, "a reply is too long");
  return text;
}

/** A reply that a reviewer of the roster signed, and its number under its code. */
export interface Found {
  readonly number: number;
  readonly note: ReplyNote;
}

/**
 * The replies of a board to the holder of a code, in order; none for most. Every row is looked at.
 * What bears a hint of the holder's and is no reply by a reviewer to them is passed over without a
 * sign: who made it must not learn that it was opened.
 */
export async function repliesOn(
  board: Iterable<Uint8Array>,
  holder: Holder,
  roster: Roster,
): Promise<Found[]> {
  const { mailbox } = holder;
  const hints = new Map<string, number>();
  for (let number = 0; number < REPLIES; number++) hints.set(hex(hintOf(mailbox, number)), number);
  const mine: [number, Uint8Array][] = [];
  for (const row of board) {
    const number = hints.get(hex(row.subarray(0, HINT_SIZE)));
    if (number !== undefined) mine.push([number, row]);
  }
  const found = new Map<string, Found>();
  for (const [number, row] of mine) {
    try {
      const note = await open(row, holder, roster);
      if (!found.has(note.digest)) found.set(note.digest, { number, note });
    } catch {
      // Not a reply to them.
    }
  }
  return [...found.values()].sort(
    (one, other) => one.number - other.number || one.note.epoch.number - other.note.epoch.number,
  );
}

/** 1. one recipient; 2. to this code; 3. zeros behind it; 4. signed by a reviewer; 5. to them. */
async function open(row: Uint8Array, holder: Holder, roster: Roster): Promise<ReplyNote> {
  // (1) With two, a server could learn which of two codes is in use.
  const sealed = join(row.subarray(HINT_SIZE));
  demand(row.length === ROW && countStanzas(sealed) === 1, "a row is sealed to one code");
  // (2)
  const decrypter = new Decrypter();
  decrypter.addIdentity(holder.identity);
  const padded = await decrypter.decrypt(sealed);
  // (3)
  demand(padded.length === PLAINTEXT, "a reply has one length");
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end--;
  // (4)
  const note = Note.parse(padded.subarray(0, end));
  const reply = ReplyNote.parse(note.text);
  demand(reply.deployment === roster.deployment, "the reply is of another deployment");
  const by = roster.reviewers.filter(({ signer }) => note.signedBy(signer));
  if (by.length !== 1) throw new ProofError("no reviewer of the roster signed the reply");
  // (5)
  const { to } = await holder.reply();
  demand(reply.to === b64(sha256(to)), "the reply is to somebody else");
  return reply;
}
