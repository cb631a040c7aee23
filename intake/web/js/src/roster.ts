// Opens a signed roster: the only way to one that may be sealed to (protocol 9.2).

import { Epoch } from "./epoch";
import { demand, RosterError } from "./errors";
import { Note } from "./note";
import type { RootSet } from "./roots";
import { parseRoster, type Roster } from "./roster_text";

/** What this page trusts beforehand, from the site's roots file. */
export interface Trusted {
  readonly deployment: string;
  readonly roots: RootSet;
}

/**
 * The roster in a signed note, if today it may be sealed to:
 *
 * 1. the note and the roster's text follow their grammar, every key can be used;
 * 2. enough of the trusted root holders signed, each with both keys;
 * 3. enough of the roster's own root holders did too;
 * 4. it is this deployment's;
 * 5. it is issued and not expired; `today` is YYYY-MM-DD in UTC.
 *
 * A browser that keeps nothing has seen no earlier roster, so nothing is compared with one: the
 * short expiry stands against an old one.
 */
export function openRoster(data: Uint8Array, trusted: Trusted, today: string): Roster {
  // (1)
  const note = Note.parse(data);
  const roster = parseRoster(note.text);
  // (2)
  trusted.roots.checkSigned(note);
  // (3)
  roster.roots.checkSigned(note);
  // (4)
  demand(roster.deployment === trusted.deployment, "roster is of another deployment");
  // (5)
  checkDates(roster, today);
  return roster;
}

/** Throw before `issued` and after `expires`; both days are still good. */
function checkDates(roster: Roster, today: string): void {
  if (today < roster.issued) throw new RosterError("roster is not to be used yet");
  if (today > roster.expires) throw new RosterError("roster has expired");
}

/** Throw unless the roster could be sealed to on a day of `epoch`, which is what reviewers ask. */
export function checkEpoch(roster: Roster, epoch: Epoch): void {
  const [first, last] = [epochOf(roster.issued), epochOf(roster.expires)] as const;
  if (epoch.number < first.number || last.number < epoch.number) {
    throw new RosterError(`roster cannot be sealed to in ${epoch}`);
  }
}

function epochOf(date: string): Epoch {
  return Epoch.of(Date.parse(`${date}T00:00:00Z`));
}
