// What the page tells the script about its site: whom to trust, and where a letter comes from and
// goes. Either a server says and takes it (`OnlineSite`), or nobody does (offline.ts).

import { demand } from "./errors";
import { Epoch } from "./epoch";
import type { Bytes } from "./bytes";
import { VerifierKey } from "./note";
import { offlineSite } from "./offline";
import { checkEpoch, openRoster, today, type Trusted } from "./roster";
import { RootSet } from "./roots";
import type { Roster } from "./roster_text";
import type { Mode } from "./seal";

const FRESH = 3_600_000; // milliseconds; a page can stay open for weeks
const PATIENCE = 180_000; // milliseconds; Tor can be slow

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
  send(letter: Bytes, field: HTMLInputElement): Promise<Outcome>;
}

/** Read what `form` and the site's roots file say; throws where they say too little. */
export function readSite(form: HTMLFormElement, roots: unknown): Site {
  const { deployment, form: id, version, words, lang, roster, epoch, send } = form.dataset;
  // A form that this script does not hold names a file with its definition (guide.ts).
  const known = (id === "minimal" && version === "1") || words !== undefined;
  demand(known, "this script fills in another form");
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

/** What the site shows now; see `Site`. */
export function fetchPresent(site: Site, seen?: Roster): Promise<Present> {
  return site.present(seen);
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

  /** The token is renewed, and used once more, where the server says that it is old. */
  async send(letter: Bytes, field: HTMLInputElement): Promise<Outcome> {
    try {
      let response = await post(letter, this.sendAddress, field.value);
      if (response.status === 403) {
        field.value = (await response.text()).trim();
        response = await post(letter, this.sendAddress, field.value);
      }
      if (response.status === 204) return "sent";
      // Either is the server's word that nothing was kept.
      if (response.status === 503) return "retry";
      if (response.status === 507) return "down";
      return response.status >= 400 && response.status < 500 ? "refused" : "unknown";
    } catch {
      // The network failed, or took too long: it may have arrived, and may be sent again.
      return "unknown";
    }
  }
}

async function get(address: string): Promise<Uint8Array> {
  const response = await fetch(address, {
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status !== 200) throw new Error(`${address} cannot be had`);
  return new Uint8Array(await response.arrayBuffer());
}

function post(letter: BodyInit, address: string, token: string): Promise<Response> {
  return fetch(address, {
    method: "POST",
    body: letter,
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": token },
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
}
