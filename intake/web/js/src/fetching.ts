// How everything is fetched from the site and sent to it: nothing kept, nobody else asked, and with much patience.

import type { Bytes } from "./bytes";
import { MalformedError, ProofError, RosterError } from "./errors";

// A site's token, as itsdangerous writes it: a dot before one whose nonce it could shorten. Where a gateway
// between says no, what it says is none.
const TOKEN = /^\.?[\w-]+\.[\w-]+\.[\w-]+$/;

export const PATIENCE = 180_000; // milliseconds; Tor can be slow
const PAUSES = [1_000, 5_000]; // milliseconds before it is tried again
const REFUSALS = [MalformedError, ProofError, RosterError];

/**
 * What a line may fail in, once more and once again. What came and is wrong is refused at once.
 */
export async function patiently<T>(act: () => Promise<T>, pauses = PAUSES): Promise<T> {
  for (const pause of pauses) {
    try {
      return await act();
    } catch (error) {
      if (REFUSALS.some((refusal) => error instanceof refusal)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return act();
}

/** The bytes at an address of this site; where `integrity` is given, those and no others. */
export async function get(address: string, integrity = ""): Promise<Uint8Array> {
  const response = await fetch(address, {
    cache: "no-store",
    credentials: "same-origin",
    integrity,
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status !== 200) throw new Error(`${address} cannot be had`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Send bytes to an address of this site. The token in the field is renewed, and used once more,
 * where the server says that it is old.
 */
export async function post(body: Bytes, address: string, field: HTMLInputElement): Promise<Response> {
  const response = await postOnce(body, address, field.value);
  if (response.status !== 403) return response;
  const fresh = (await response.text()).trim();
  // Anything else in its place could not be sent as a header, and nothing after it either.
  if (!TOKEN.test(fresh)) return response;
  field.value = fresh;
  return postOnce(body, address, field.value);
}

function postOnce(body: Bytes, address: string, token: string): Promise<Response> {
  return fetch(address, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": token },
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
}
