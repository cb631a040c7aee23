// What the page tells the script about its site: whom to trust, and where a letter comes from and
// goes. Either a server says and takes it (`OnlineSite`), or nobody does (offline.ts).

import { isOwnAnswer } from "./acknowledgement";
import { demand } from "./errors";
import { Epoch } from "./epoch";
import type { Bytes } from "./bytes";
import { get, post } from "./fetching";
import { VerifierKey } from "./note";
import { offlineSite } from "./offline";
import { checkEpoch, openRoster, today, type Trusted } from "./roster";
import { RootSet } from "./roots";
import type { Roster } from "./roster_text";
import type { Mode } from "./seal";

const FRESH = 3_600_000; // milliseconds; a page can stay open for weeks

/** Whom to seal to, and the epoch to seal in. */
export interface Present {
  readonly roster: Roster;
  readonly epoch: Epoch;
  /** When this was asked, by the device's clock; undefined where the server does not hold to it. */
  readonly fetched: number | undefined;
}

/**
 * What became of a letter: kept by the server, refused by it, not kept since it could not just
 * then or since it has no more room, or nobody knows.
 */
export type Outcome = "sent" | "refused" | "retry" | "down" | "unknown";

/** What became of it, and what the server said of that: the acknowledgement of a letter it kept. */
export interface Answer {
  readonly outcome: Outcome;
  readonly said: string;
}

/** Everything that the script goes by. */
export interface Site {
  readonly lang: string;
  /** Who seals, as the container says it. */
  readonly mode: Mode;
  /**
   * The roster and the epoch, verified; throws where they cannot be had or may not be used. A
   * roster earlier than `seen`, the last one that this page had, is refused.
   */
  present(seen?: Roster): Promise<Present>;
  /** Give a sealed letter away. Never throws. `field` holds the page's anti-forgery token. */
  send(letter: Bytes, field: HTMLInputElement): Promise<Answer>;
}

/** Read what `form` and the site's roots file say; throws where they say too little. */
export function readSite(form: HTMLFormElement, roots: unknown): Site {
  const { deployment, lang, roster, epoch, send } = form.dataset;
  demand(!!lang && !!roster && !!epoch && !!send, "the form lacks an attribute");
  const trusted = readRoots(roots);
  demand(trusted.deployment === deployment, "roots file is of another deployment");
  return offlineSite(lang, trusted) ?? new OnlineSite(lang, trusted, roster, epoch, send);
}

function readRoots(value: unknown): Trusted {
  demand(typeof value === "object" && value !== null, "roots file is missing");
  const { deployment, roots, threshold } = value as Record<string, unknown>;
  demand(typeof deployment === "string" && typeof threshold === "number", "roots file is damaged");
  demand(Array.isArray(roots), "roots file is damaged");
  return { deployment, roots: new RootSet(threshold, roots.map((root) => VerifierKey.parse(String(root)))) };
}

/** Whether one may seal by this without asking again. */
export function isFresh({ roster, fetched }: Present): boolean {
  if (fetched === undefined) return false;
  // Below 0 the device's clock was set back.
  const age = Date.now() - fetched;
  return 0 <= age && age < FRESH && roster.issued <= today() && today() <= roster.expires;
}

/** A site with a server behind the page. */
class OnlineSite implements Site {
  readonly mode = "browser";

  constructor(
    readonly lang: string,
    private readonly trusted: Trusted,
    private readonly rosterAddress: string,
    private readonly epochAddress: string,
    private readonly sendAddress: string,
  ) {}

  /** The server counts the epochs, since a phone's date may be years off. */
  async present(seen?: Roster): Promise<Present> {
    const fetched = Date.now();
    const roster = this.#opened(await get(this.rosterAddress), seen);
    // Asked after the roster: one that came into use on Monday never meets the week before.
    const epoch = Epoch.parse(new TextDecoder().decode(await get(this.epochAddress)));
    checkEpoch(roster, epoch);
    return { roster, epoch, fetched };
  }

  #opened(note: Uint8Array, seen?: Roster): Roster {
    const roster = openRoster(note, this.trusted, today());
    if (seen === undefined || roster.digest === seen.digest) return roster;
    return openRoster(note, this.trusted, today(), seen);
  }

  async send(letter: Bytes, field: HTMLInputElement): Promise<Answer> {
    let said = "";
    try {
      const response = await post(letter, this.sendAddress, field);
      if (response.status === 200) said = await response.text();
      return { outcome: outcomeOf(response.status, said), said };
    } catch {
      // The network failed, or took too long: it may have arrived, and may be sent again.
      return { outcome: "unknown", said };
    }
  }
}

function outcomeOf(status: number, said: string): Outcome {
  // A gateway between can answer for the site, which then kept nothing.
  if (status === 200 && isOwnAnswer(said)) return "sent";
  // Either is the server's word that nothing was kept.
  if (status === 503) return "retry";
  if (status === 507) return "down";
  return status >= 400 && status < 500 ? "refused" : "unknown";
}
