// The script path of the form: continue, check, send, sent, all on one page and in its memory.
// The form itself is never submitted; what leaves the page is sealed.

import { checkView } from "./check_view";
import { keyOf, paths } from "./form";
import {
  clearProblems,
  readAgreed,
  readAnswers,
  readForm,
  showNotice,
  showProblems,
  writeBack,
} from "./form_view";
import { pause } from "./breath";
import { demand } from "./errors";
import { type Guide, openGuide, type Way } from "./guide";
import { fetchForm, takeItsPlace } from "./language";
import { Sealer } from "./sealer";
import { Delivery } from "./delivery";
import { selfTest } from "./selftest";
import { fetchPresent, readSite } from "./site";
import { Steps } from "./steps";
import type { Answered, Testimony } from "./testimony";
import { clone, textOf, Words } from "./words";

/**
 * Take over the form: prove that this browser can seal and that the site's reviewers are who the
 * root holders say, and only then offer a way on. Where anything fails, say that nothing was sent.
 */
export async function takeOver(form: HTMLFormElement): Promise<void> {
  neverSubmit(form);
  try {
    const site = readSite(form, (globalThis as { intakeRoots?: unknown }).intakeRoots);
    await pause();
    await selfTest();
    const sealer = new Sealer(site, await fetchPresent(site));
    const token = form.elements.namedItem("csrf_token") as HTMLInputElement;
    const words = new Words(site.lang);
    const page = new Page(form, site.lang, words, sealer, new Delivery(site, sealer, token), token);
    page.offer(site.mode === "browser");
  } catch {
    // Whatever it was, there is one thing to say, at the top and where the button would be.
    const line = document.querySelector("#actions .late");
    line?.classList.remove("late");
    showNotice(textOf(line));
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
  /** What the form page shows, kept out of sight while the check view is there. */
  #formView: DocumentFragment | undefined;
  /** Undefined until the form's words are here. */
  #guide: Guide | undefined;
  #waiting = false;
  #sending = false;
  /** Whether the way back from the check page was the button to change it, not the browser's. */
  #toStory = false;
  readonly #steps = new Steps(() => this.#stepBack());

  constructor(
    private form: HTMLFormElement,
    private lang: string,
    private words: Words,
    private readonly sealer: Sealer,
    private readonly delivery: Delivery,
    private readonly token: HTMLInputElement,
  ) {}

  /** Put the buttons on the page; other languages only where a server has them. */
  offer(online: boolean): void {
    this.#offer(online);
    void this.#open();
    addEventListener("pagehide", () => this.#wipe());
  }

  #offer(online: boolean): void {
    document.getElementById("actions")?.replaceChildren(clone("continue-template"));
    onClick("continue", () => void this.#on("next"));
    for (const button of buttonsOf("[data-go]")) {
      button.addEventListener("click", () => void this.#on(button.dataset["go"] as Way));
    }
    for (const button of buttonsOf("[data-switch]")) {
      if (!online) button.remove();
      button.addEventListener("click", () => void this.#switch(button.dataset["switch"] ?? ""));
    }
  }

  /** The guide, once its words are here; without them, it is said, and undefined. */
  async #open(): Promise<Guide | undefined> {
    try {
      this.#guide ??= (await openGuide(this.form))(this.form);
    } catch {
      return undefined;
    }
    return this.#guide;
  }

  async #on(way: Way): Promise<void> {
    if (this.#waiting) return; // pressed twice while the words were on their way
    clearProblems();
    this.#waiting = true;
    const guide = await this.#open();
    this.#waiting = false;
    if (guide === undefined) return showNotice(this.words.error("down"));
    if (way === "back") return this.#steps.back();
    if (way !== "next") return this.#go(guide, way);
    const answered = readForm(this.form, guide.definition, this.lang);
    if (guide.last) return this.#check(guide, answered);
    const problems = "problems" in answered ? guide.here(answered.problems) : [];
    if (problems.length === 0) return this.#go(guide, "next");
    this.#refuse(guide, answered);
  }

  #go(guide: Guide, way: Way): void {
    guide.go(way);
    this.#steps.forward();
  }

  /** The page before this one; false while there is no way back. */
  #stepBack(): boolean {
    if (this.#sending) return false;
    clearProblems();
    if (this.#formView !== undefined) this.#back();
    else this.#guide?.go("back");
    return true;
  }

  /** Say what is wrong; on the page shown, or else on the first page where something is. */
  #refuse(guide: Guide, answered: Answered): void {
    if (!("problems" in answered)) return;
    writeBack(this.form, answered.tidied);
    const here = guide.here(answered.problems);
    showProblems(here.length > 0 ? here : guide.pageOf(answered.problems), this.words);
  }

  #check(guide: Guide, answered: Answered): void {
    if ("problems" in answered) return this.#refuse(guide, answered);
    guide.complete();
    const { testimony } = answered;
    const view = checkView(this.form, testimony, this.words, (path) => guide.before(path));
    this.#formView = contentsOf(main()).extractContents();
    this.#show(view, 2);
    this.#steps.forward();
    onClick("back", () => {
      this.#toStory = true;
      this.#steps.back();
    });
    onClick("send", () => void this.#send(testimony));
    // Sealed while it is read through. Send looks at what came of it.
    pause()
      .then(() => this.sealer.letter(testimony))
      .catch(() => undefined);
  }

  /** The same form in another language, with everything that is written in it. */
  async #switch(lang: string): Promise<void> {
    clearProblems();
    for (const button of buttonsOf("button")) button.disabled = true;
    try {
      const old = await this.#open();
      if (old === undefined) throw new Error("the form's words cannot be had");
      const fresh = await fetchForm(lang, this.form);
      const make = await openGuide(fresh.form);
      // Whoever is leaving has covered the page: a new one would stand there uncovered.
      demand(document.querySelector(".cover") === null, "the page is covered");
      // Nothing waits from here on, so no letter that is typed meanwhile can be lost.
      const key = keyOf(old.place);
      const answers = readAnswers(this.form, paths(old.definition));
      const agreed = readAgreed(this.form);
      empty(this.form);
      this.form = takeItsPlace(fresh, this.token);
      this.words = new Words(lang);
      this.lang = lang;
      this.#guide = make(this.form);
      neverSubmit(this.form);
      this.#offer(true);
      this.#guide.restore(answers, agreed, key);
    } catch {
      showNotice(this.words.error("down"));
    }
    for (const button of buttonsOf("button")) button.disabled = false;
  }

  #back(): void {
    if (this.#formView === undefined) return;
    this.#show(this.#formView, 1);
    this.#formView = undefined;
    const guide = this.#guide;
    if (guide !== undefined) guide.show(this.#toStory ? "" : keyOf(guide.place));
    this.#toStory = false;
  }

  async #send(testimony: Testimony): Promise<void> {
    const line = document.getElementById("send-problem") as HTMLElement;
    // With the way back open, an answer could come to a form in which somebody is writing again.
    const buttons = main().querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    say(line, "");
    const moving = document.getElementById("sending");
    moving?.toggleAttribute("hidden", false);
    this.#sending = true;
    const said = await this.delivery.send(testimony);
    this.#sending = false;
    moving?.toggleAttribute("hidden", true);
    for (const button of buttons) button.disabled = false;
    if (said === "sent") this.#sent();
    else say(line, this.words.error(said));
  }

  #sent(): void {
    this.#wipe();
    this.#formView = undefined;
    this.#show(this.words.clone("sent-template"), 3);
    this.#steps.end();
  }

  #show(view: DocumentFragment, step: 1 | 2 | 3): void {
    main().replaceChildren(view);
    document.title = this.words.title(step);
    const heading = main().querySelector("h1");
    if (heading === null) return;
    heading.tabIndex = -1; // so that it can take the focus, and a screen reader starts there
    heading.focus();
  }

  /** Empty the form and let go of the letter. */
  #wipe(): void {
    empty(this.form);
    this.sealer.forget();
  }
}

function empty(form: HTMLFormElement): void {
  for (const element of form.elements) {
    if (element instanceof HTMLTextAreaElement) element.value = "";
    if (element instanceof HTMLInputElement && element.type === "text") element.value = "";
  }
  form.reset();
}

function main(): HTMLElement {
  return document.querySelector("main") as HTMLElement;
}

function buttonsOf(selector: string): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>(`#actions ${selector}`)];
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
