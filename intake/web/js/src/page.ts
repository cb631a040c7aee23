// The script path of the form: continue, check, send, sent, all on one page and in its memory.
// The form itself is never submitted; what leaves the page is sealed.

import { begin, neverSubmit, tokenOf } from "./beginning";
import { pause } from "./breath";
import { checkView } from "./check_view";
import { CodeFiles } from "./code_files";
import { Delivery, type Delivered } from "./delivery";
import { demand } from "./errors";
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
import { checkKnown, type Guide, openGuide, type Way } from "./guide";
import { fetchForm, keepPlace, takeItsPlace } from "./language";
import { sentOffline } from "./offline";
import { OwnCode } from "./own_code";
import { sentScreen } from "./screens";
import { Sealer } from "./sealer";
import { busy, empty, hold, onClick, say, show, takeOut } from "./stage";
import { Steps } from "./steps";
import { type Answered, holdsCode, type Testimony } from "./testimony";
import { clone, Words } from "./words";

/** Take over the form. */
export async function takeOver(form: HTMLFormElement): Promise<void> {
  await begin(form, (site, present) => {
    checkKnown(form.dataset);
    const code = new OwnCode(new CodeFiles(form.dataset), present.roster.deployment);
    const sealer = new Sealer(site, present, () => code.holder(), false);
    const token = tokenOf(form);
    const words = new Words(site.lang);
    const delivery = new Delivery(site, sealer, token);
    const page = new Page(form, site.lang, words, sealer, delivery, code, token);
    page.offer(site.mode === "browser");
    code.begin(form);
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
  readonly #steps = new Steps((where) => this.#stepBack(where));

  constructor(
    private form: HTMLFormElement,
    private lang: string,
    private words: Words,
    private readonly sealer: Sealer,
    private readonly delivery: Delivery,
    private readonly code: OwnCode,
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
    this.#clear();
    this.#waiting = true;
    const guide = await this.#open();
    this.#waiting = false;
    if (guide === undefined) return showNotice(this.words.error("down"));
    if (way !== "next") return this.#go(guide, way);
    const answered = readForm(this.form, guide.definition, this.lang, this.code.files.here);
    if (guide.last) return this.#check(guide, answered);
    const problems = "problems" in answered ? guide.here(answered.problems) : [];
    if (problems.length === 0) return this.#go(guide, "next");
    this.#refuse(guide, answered);
  }

  #go(guide: Guide, way: Way): void {
    const where = keyOf(guide.place);
    guide.go(way);
    if (keyOf(guide.place) !== where) this.#steps.forward(where);
  }

  /** Show the page with this key again; false while there is no way back. */
  #stepBack(where: string): boolean {
    if (this.#sending) return false;
    this.#clear();
    if (this.#formView !== undefined) this.#back(where);
    else this.#guide?.show(where);
    return true;
  }

  /** Take away what was said of the page, from its title too. */
  #clear(): void {
    clearProblems();
    document.title = this.words.title(1);
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
    this.#formView = takeOut();
    show(view, this.words.title(2));
    this.#steps.forward(keyOf(guide.place));
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
    const release = hold(buttonsOf("button"));
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
      const writeOn = keepPlace(`[data-switch="${this.lang}"]`);
      empty(this.form);
      this.form = takeItsPlace(fresh, this.token);
      this.words = new Words(lang);
      this.lang = lang;
      this.#guide = make(this.form);
      neverSubmit(this.form);
      this.#offer(true);
      this.#guide.restore(answers, agreed, key);
      writeOn();
    } catch {
      showNotice(this.words.error("down"));
    }
    release();
  }

  /** From the check page to the page with this key, or to the story if that was asked for. */
  #back(where: string): void {
    if (this.#formView === undefined) return;
    show(this.#formView, this.words.title(1));
    this.#formView = undefined;
    this.#guide?.show(this.#toStory ? "" : where);
    this.#toStory = false;
  }

  async #send(testimony: Testimony): Promise<void> {
    say("send-problem", "");
    say("send-soon", this.code.ready ? "" : this.words.say("sent.code_soon"));
    this.#sending = true;
    const { said, proof } = await busy(() => this.#deliver(testimony));
    this.#sending = false;
    say("send-soon", "");
    if (said === "sent") await this.#sent(proof);
    else say("send-problem", this.words.error(said));
  }

  /** Send it, once it is known that no code is in it; nobody sends under one that cannot be shown. */
  async #deliver(testimony: Testimony): Promise<Delivered> {
    const list = await this.code.files.list().catch(() => undefined);
    if (list === undefined) return this.delivery.nothing;
    if (holdsCode(testimony, list)) return { said: "code_in_text", proof: undefined };
    return this.delivery.send(testimony);
  }

  async #sent(proof: string | undefined): Promise<void> {
    const code = await this.code.words();
    this.#wipe();
    this.#formView = undefined;
    const view = sentOffline(this.words, code) ?? sentScreen(this.words, proof, code);
    show(view, this.words.title(3));
    this.#steps.end();
  }

  /** Empty the form and let go of the letter and of the code. */
  #wipe(): void {
    empty(this.form);
    this.sealer.forget();
    this.code.forget();
  }
}

function buttonsOf(selector: string): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>(`#actions ${selector}`)];
}
