// How the script begins on a page, whichever it is: it proves that this browser can seal and that the
// site's reviewers are who the root holders say, and only then offers a way on.

import { pause } from "./breath";
import { patiently } from "./fetching";
import { showNotice } from "./form_view";
import { selfTest } from "./selftest";
import { type Present, readSite, type Site } from "./site";
import { textOf } from "./words";

/** `offer` puts the way on there. Where anything fails, it is said that nothing was sent. */
export async function begin(
  form: HTMLFormElement,
  offer: (site: Site, present: Present) => void,
): Promise<void> {
  neverSubmit(form);
  try {
    const site = readSite(form, (globalThis as { intakeRoots?: unknown }).intakeRoots);
    await pause();
    await selfTest();
    // Somebody may be writing already, and there is no other way on for what they write.
    offer(site, await patiently(() => site.present()));
  } catch {
    // Whatever it was, there is one thing to say, at the top and where the button would be.
    const line = document.querySelector("#actions .late");
    line?.classList.remove("late");
    showNotice(textOf(line));
  }
}

/** The form has no action and its method is "dialog"; this is the second lock on the same door. */
export function neverSubmit(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  });
}

/** The field of a form with its anti-forgery token. */
export function tokenOf(form: HTMLFormElement): HTMLInputElement {
  return form.elements.namedItem("csrf_token") as HTMLInputElement;
}
