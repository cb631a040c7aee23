// The script path of the form: continue, check, send, sent, all on one page and in its memory.
// The form itself is never submitted; what leaves the page is sealed.

import { checkView } from "./check_view";
import { clearProblems, readForm, showNotice, showProblems, writeBack } from "./form_view";
import { pause } from "./breath";
import { Sealer } from "./sealer";
import { Delivery } from "./delivery";
import { selfTest } from "./selftest";
import { fetchPresent, readSite } from "./site";
import type { Testimony } from "./testimony";
import { Words } from "./words";

/**
 * Take over the form: prove that this browser can seal and that the site's reviewers are who the
 * root holders say, and only then offer a way on. Where anything fails, say that nothing was sent.
 */
export async function takeOver(form: HTMLFormElement): Promise<void> {
  neverSubmit(form);
  const words = new Words();
  try {
    const site = readSite(form, (globalThis as { intakeRoots?: unknown }).intakeRoots);
    await pause();
    await selfTest();
    const sealer = new Sealer(site, await fetchPresent(site));
    const token = form.elements.namedItem("csrf_token") as HTMLInputElement;
    new Page(form, site.lang, words, sealer, new Delivery(site, sealer, token)).offer();
  } catch {
    // Whatever it was, there is one thing to say, at the top and where the button would be.
    showNotice(words.say("not_sent"), words);
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = words.say("not_sent");
    document.getElementById("actions")?.replaceChildren(line);
  }
}

/** The form has no action and its method is "dialog"; this is the second lock on the same door. */
function neverSubmit(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  });
}

class Page {
  readonly #main = document.querySelector("main") as HTMLElement;
  /** What the form page shows, kept out of sight while the check view is there. */
  #formView: DocumentFragment | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly lang: string,
    private readonly words: Words,
    private readonly sealer: Sealer,
    private readonly delivery: Delivery,
  ) {}

  /** Put the Continue button on the page. */
  offer(): void {
    document.getElementById("actions")?.replaceChildren(this.words.clone("continue-template"));
    onClick("continue", () => this.#check());
    addEventListener("pagehide", () => this.#wipe());
  }

  #check(): void {
    clearProblems();
    const answered = readForm(this.form, this.lang);
    if ("problems" in answered) {
      writeBack(this.form, answered.tidied);
      showProblems(answered.problems, this.words);
      return;
    }
    const view = checkView(this.form, answered.testimony, this.words);
    this.#formView = contentsOf(this.#main).extractContents();
    this.#show(view, "title_check");
    onClick("back", () => this.#back());
    onClick("send", () => void this.#send(answered.testimony));
    // Sealed while it is read through. Send looks at what came of it.
    pause()
      .then(() => this.sealer.letter(answered.testimony))
      .catch(() => undefined);
  }

  #back(): void {
    if (this.#formView === undefined) return;
    this.#show(this.#formView, "title_form");
    this.#formView = undefined;
  }

  async #send(testimony: Testimony): Promise<void> {
    const line = document.getElementById("send-problem") as HTMLElement;
    // With the way back open, an answer could come to a form in which somebody is writing again.
    const buttons = this.#main.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    say(line, "");
    const said = await this.delivery.send(testimony);
    for (const button of buttons) button.disabled = false;
    if (said === "sent") this.#sent();
    else say(line, this.words.say(said));
  }

  #sent(): void {
    this.#wipe();
    this.#formView = undefined;
    this.#show(this.words.clone("sent-template"), "title_sent");
  }

  #show(view: DocumentFragment, title: string): void {
    this.#main.replaceChildren(view);
    document.title = this.words.say(title) || document.title;
    const heading = this.#main.querySelector("h1");
    if (heading === null) return;
    heading.tabIndex = -1; // so that it can take the focus, and a screen reader starts there
    heading.focus();
  }

  /** Empty the form and let go of the letter. */
  #wipe(): void {
    for (const element of this.form.elements) {
      if (element instanceof HTMLTextAreaElement) element.value = "";
      if (element instanceof HTMLInputElement && element.type === "text") element.value = "";
    }
    this.form.reset();
    this.sealer.forget();
  }
}

/** Say something on this line, or nothing. */
function say(line: HTMLElement, text: string): void {
  line.textContent = text;
  line.hidden = text === "";
}

function contentsOf(element: Element): Range {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range;
}

function onClick(id: string, act: () => void): void {
  document.getElementById(id)?.addEventListener("click", act);
}
