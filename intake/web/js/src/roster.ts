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
 *    and so did enough of the root holders of `previous`, the last roster seen;
 * 4. it is this deployment's;
 * 5. it follows `previous`: a higher version, and the next one names its digest;
 * 6. it is issued and not expired; `today` is YYYY-MM-DD in UTC.
 *
 * A page that has just been opened has seen no earlier roster, and a browser keeps none for it:
 * against an old one stands the short expiry.
 */
export function openRoster(
  data: Uint8Array,
  trusted: Trusted,
  today: string,
  previous?: Roster,
): Roster {
  // (1)
  const note = Note.parse(data);
  const roster = parseRoster(note.text);
  // (2)
  trusted.roots.checkSigned(note);
  // (3)
  roster.roots.checkSigned(note);
  previous?.roots.checkSigned(note);
  // (4)
  demand(roster.deployment === trusted.deployment, "roster is of another deployment");
  // (5)
  if (previous !== undefined) checkFollows(roster, previous);
  // (6)
  checkDates(roster, today);
  return roster;
}

/**
 * Throw unless `roster` follows `previous`. Whoever keeps every roster asks more: that each names
 * the one before it. A page that stayed open may have missed one in between, and must not keep
 * somebody from sending for that.
 */
function checkFollows(roster: Roster, previous: Roster): void {
  if (roster.version <= previous.version) {
    throw new RosterError("roster does not come after the last one seen");
  }
  if (roster.version === previous.version + 1 && roster.previous !== previous.digest) {
    throw new RosterError("roster does not name the last one seen as its previous one");
  }
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

/** The device's date in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
