// What the page tells the script about its site, and what it asks and sends there.

import { demand } from "./errors";
import { Epoch } from "./epoch";
import { VerifierKey } from "./note";
import { checkEpoch, openRoster, type Trusted } from "./roster";
import { RootSet } from "./roots";
import type { Roster } from "./roster_text";

const FRESH = 3_600_000; // milliseconds; a page can stay open for weeks
const PATIENCE = 180_000; // milliseconds; Tor can be slow

/** Everything on the page that the script goes by. */
export interface Site {
  readonly trusted: Trusted;
  readonly lang: string;
  readonly rosterAddress: string;
  readonly epochAddress: string;
  readonly sendAddress: string;
}

/** Read what `form` and the site's roots file say; throws where they say too little. */
export function readSite(form: HTMLFormElement, roots: unknown): Site {
  const { deployment, form: id, version, lang, roster, epoch, send } = form.dataset;
  demand(id === "minimal" && version === "1", "this script fills in another form");
  demand(!!lang && !!roster && !!epoch && !!send, "the form lacks an attribute");
  const trusted = readRoots(roots);
  demand(trusted.deployment === deployment, "roots file is of another deployment");
  return { trusted, lang, rosterAddress: roster, epochAddress: epoch, sendAddress: send };
}

function readRoots(value: unknown): Trusted {
  demand(typeof value === "object" && value !== null, "roots file is missing");
  const { deployment, roots, threshold } = value as Record<string, unknown>;
  demand(typeof deployment === "string" && typeof threshold === "number", "roots file is damaged");
  demand(Array.isArray(roots), "roots file is damaged");
  return { deployment, roots: new RootSet(threshold, roots.map((root) => VerifierKey.parse(String(root)))) };
}

/** Whom to seal to, and the epoch to seal in. */
export interface Present {
  readonly roster: Roster;
  readonly epoch: Epoch;
  /** When this was asked, by the device's clock; undefined where the server does not hold to it. */
  readonly fetched: number | undefined;
}

/**
 * Fetch the site's roster and its epoch, and verify both; throws where they cannot be had or may
 * not be used. The server counts the epochs, since a phone's date may be years off.
 */
export async function fetchPresent(site: Site): Promise<Present> {
  const fetched = Date.now();
  const roster = openRoster(await get(site.rosterAddress), site.trusted, today());
  // Asked after the roster: one that came into use on Monday never meets the week before.
  const epoch = Epoch.parse(new TextDecoder().decode(await get(site.epochAddress)));
  checkEpoch(roster, epoch);
  return { roster, epoch, fetched };
}

/** Whether one may seal by this without asking again. */
export function isFresh({ roster, fetched }: Present): boolean {
  if (fetched === undefined) return false;
  // Below 0 the device's clock was set back.
  const age = Date.now() - fetched;
  return 0 <= age && age < FRESH && roster.issued <= today() && today() <= roster.expires;
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

/** The device's date in UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * What became of a letter: kept by the server, refused by it, not kept since it could not just
 * then, or nobody knows.
 */
export type Outcome = "sent" | "refused" | "retry" | "unknown";

/**
 * Send a sealed letter with the anti-forgery token of `field`, which is renewed, and used once
 * more, where the server says that it is old. Never throws.
 */
export async function send(letter: BodyInit, site: Site, field: HTMLInputElement): Promise<Outcome> {
  try {
    let response = await post(letter, site.sendAddress, field.value);
    if (response.status === 403) {
      field.value = (await response.text()).trim();
      response = await post(letter, site.sendAddress, field.value);
    }
    if (response.status === 204) return "sent";
    if (response.status === 503) return "retry"; // the server's word that nothing was kept
    return response.status >= 400 && response.status < 500 ? "refused" : "unknown";
  } catch {
    // The network failed, or took too long: it may have arrived, and may be sent again.
    return "unknown";
  }
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
