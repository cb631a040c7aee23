// Another language for the form that is open: its empty page is fetched and takes this one's place.
// Nothing that was written is in the request; it never leaves the memory of the page.

import { demand } from "./errors";
import { PATIENCE } from "./fetching";

/** An empty form page that was fetched, and the form in it. */
export interface Fresh {
  readonly page: Document;
  readonly form: HTMLFormElement;
}

/** Fetch the empty form in a language; throws where it cannot be had. */
export async function fetchForm(lang: string, old: HTMLFormElement): Promise<Fresh> {
  const page = await fetchDocument("/1", new URLSearchParams({ lang }));
  const form = page.getElementById("form");
  demand(form instanceof HTMLFormElement && page.documentElement.lang === lang, "no form came");
  for (const name of ["deployment", "form", "version"]) {
    demand(form.dataset[name] === old.dataset[name], "the form of another site came");
  }
  return { page, form };
}

/**
 * Put its page in the place of the one that is open; gives the new form. The field with the
 * anti-forgery token stays the same element, with the new page's value.
 */
export function takeItsPlace({ page, form }: Fresh, token: HTMLInputElement): HTMLFormElement {
  for (const dead of page.querySelectorAll("noscript, script")) dead.remove();
  const given = form.elements.namedItem("csrf_token");
  if (given instanceof HTMLInputElement) {
    token.value = given.value;
    given.replaceWith(token);
  }
  // The ways out stay the very same elements: something listens to them.
  const ways = document.querySelectorAll("a.x");
  page.body.querySelectorAll("a.x").forEach((way, n) => {
    const kept = ways[n];
    if (kept === undefined) return;
    kept.textContent = way.textContent;
    way.replaceWith(kept);
  });
  document.documentElement.lang = page.documentElement.lang;
  document.documentElement.dir = page.documentElement.dir;
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  return form;
}

/**
 * Remember in which box somebody writes, and where in it; what this gives puts the focus there again once
 * another page is shown. Where nobody wrote, and the page shown took the focus nowhere, it is on `otherwise`.
 */
export function keepPlace(otherwise: string): () => void {
  const at = document.activeElement;
  const writes = at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement;
  const caret = at instanceof HTMLTextAreaElement ? [at.selectionStart, at.selectionEnd] : [];
  return () => {
    const box = writes ? document.getElementById(at.id) : null;
    if (box !== null) box.focus({ preventScroll: true });
    else if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>(otherwise)?.focus({ preventScroll: true });
    }
    const [begin, end] = caret;
    if (box instanceof HTMLTextAreaElement && begin !== undefined && end !== undefined) {
      box.setSelectionRange(begin, end);
    }
  };
}

/** XMLHttpRequest alone parses a page without running it where Trusted Types forbid all else. */
function fetchDocument(address: string, body: URLSearchParams): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    request.timeout = PATIENCE;
    const fail = () => reject(new Error(`${address} cannot be had`));
    request.onerror = request.ontimeout = request.onabort = fail;
    request.onload = () => {
      const fresh = request.status === 200 ? request.responseXML : null;
      if (fresh === null) fail();
      else resolve(fresh);
    };
    request.send(body);
  });
}
