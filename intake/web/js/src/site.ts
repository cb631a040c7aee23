// What the page tells the script about its site, and the roster that it may seal to.

import { demand, RosterError } from "./errors";
import { Epoch } from "./epoch";
import { VerifierKey } from "./note";
import { checkDates, openRoster, type Trusted } from "./roster";
import { RootSet } from "./roots";
import type { Roster } from "./roster_text";

const DAY = 86_400_000; // milliseconds
const PATIENCE = 180_000; // milliseconds; Tor can be slow

/** Everything on the page that the script goes by. */
export interface Site {
  readonly trusted: Trusted;
  readonly lang: string;
  readonly rosterAddress: string;
  readonly sendAddress: string;
  /** The epoch to seal in, now. */
  readonly epoch: () => Epoch;
}

/** Read what `form` and the site's roots file say; throws where they say too little. */
export function readSite(form: HTMLFormElement, roots: unknown): Site {
  const { deployment, form: id, version, lang, roster, send, epoch } = form.dataset;
  demand(id === "minimal" && version === "1", "this script fills in another form");
  demand(!!lang && !!roster && !!send && !!epoch, "the form lacks an attribute");
  const trusted = readRoots(roots);
  demand(trusted.deployment === deployment, "roots file is of another deployment");
  const opened = Epoch.parse(epoch);
  const start = Date.now();
  return {
    trusted,
    lang,
    rosterAddress: roster,
    sendAddress: send,
    // The server counts the epochs, since a phone's date may be years off. A page left open goes
    // on from there by whole weeks: never later than the server, and at most one epoch earlier.
    epoch: () => opened.plus(Math.max(0, Math.floor((Date.now() - start) / (7 * DAY)))),
  };
}

function readRoots(value: unknown): Trusted {
  demand(typeof value === "object" && value !== null, "roots file is missing");
  const { deployment, roots, threshold } = value as Record<string, unknown>;
  demand(typeof deployment === "string" && typeof threshold === "number", "roots file is damaged");
  demand(Array.isArray(roots), "roots file is damaged");
  return { deployment, roots: new RootSet(threshold, roots.map((root) => VerifierKey.parse(String(root)))) };
}

/** Fetch the site's roster and verify it; throws where it cannot be had or may not be used. */
export async function fetchRoster({ rosterAddress, trusted }: Site): Promise<Roster> {
  const response = await fetch(rosterAddress, {
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status !== 200) throw new RosterError("the roster cannot be had");
  return openRoster(new Uint8Array(await response.arrayBuffer()), trusted, today());
}

/** Throw unless the roster may be sealed to today: a page can stay open for days. */
export function checkToday(roster: Roster): void {
  checkDates(roster, today());
}

/** The device's date in UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** What became of a letter: kept by the server, refused by it, or nobody knows. */
export type Outcome = "sent" | "refused" | "unknown";

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
