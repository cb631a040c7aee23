// What the server answers when it has kept a letter: the log's signed promise, and the opening that
// it is about (docs/format.md 14). Here it is only checked; nothing of it is kept.

import { join } from "./bytes";
import { b64 } from "./canonical";
import { Epoch } from "./epoch";
import { demand } from "./errors";
import { Note } from "./note";
import { commitOf } from "./opening";
import type { Roster } from "./roster_text";

const MARK = "\nevent submitted\n";
const OPENING = /^(event submitted\nepoch (.*)\n(redact .*\nsalt .*\n))(envelope .*\nroster .*\nwithdraw-commit .*\nsalt2 .*\n)$/;

/** Openings of letters as they were sealed, without the epoch, which the server may write anew. */
export type Openings = ReadonlyMap<string, Epoch>;

/** The opening in a letter's head, without its epoch, and that epoch. */
export function openingOf(letter: Uint8Array): [string, Epoch] {
  const head = new TextDecoder().decode(letter.subarray(0, 1024));
  const found = OPENING.exec(head.slice(head.indexOf(MARK) + 1, head.indexOf("\n\n") + 1));
  demand(found !== null, "a letter without an opening");
  const [, , epoch = "", open = "", hidden = ""] = found;
  return [open + hidden, Epoch.parse(epoch)];
}

/**
 * Whether a body is the site's own answer to a letter that it kept: an acknowledgement, or spaces
 * where what came again is gone. Anything else with a good status comes from somebody between.
 */
export function isOwnAnswer(body: string): boolean {
  return body.includes(MARK) || /^ +$/.test(body);
}

/**
 * Whether an answer is of another submission under the same number: of the 256 of a week, one code
 * had one twice. Then the server kept the first, and nothing of the letters that were made.
 */
export function isOfAnother(answer: string, made: Openings): boolean {
  const opening = OPENING.exec(answer.slice(answer.indexOf(MARK) + 1));
  if (opening === null) return false;
  const [, , , rest = "", hidden = ""] = opening;
  const salt = rest.slice(rest.indexOf("\nsalt ")); // derived from the number
  return !made.has(rest + hidden) && [...made.keys()].some((own) => own.includes(salt));
}

/**
 * Whether this is the log's promise for one of the letters that were made.
 *
 * 1. its opening is that of such a letter, but for the epoch, which is at most the next one;
 * 2. the promise is for the commitment of that opening, in its epoch, in the deployment's log;
 * 3. the log that the roster names, if it names one, signed it.
 */
export function isAcknowledged(
  answer: string,
  made: Openings,
  { roster, epoch: now }: { readonly roster: Roster; readonly epoch: Epoch },
): boolean {
  const { deployment, log } = roster;
  try {
    const end = answer.indexOf(MARK);
    const opening = OPENING.exec(answer.slice(end + 1));
    demand(end >= 0 && opening !== null, "not an acknowledgement");
    const [, open = "", epoch = "", rest = "", hidden = ""] = opening;
    // (1)
    const sealed = made.get(rest + hidden);
    demand(sealed !== undefined, "the opening is of another letter");
    const { number } = Epoch.parse(epoch);
    demand(sealed.number <= number && number <= now.number + 1, "the opening is of another week");
    // (2)
    const note = Note.parse(join(answer.slice(0, end)));
    const origin = `testimony-intake/${deployment}`;
    const promised = b64(commitOf(open, hidden));
    const text = `testimony-intake/promise/v1\n${origin}\n${epoch}\n${promised}\n`;
    demand(note.text === text, "the promise is of something else");
    // (3)
    return log === undefined || note.signedBy(log);
  } catch {
    return false;
  }
}
