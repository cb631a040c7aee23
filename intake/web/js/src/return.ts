// The script path of coming back: a code is opened on the page, and what is sent under it is sealed
// there. The code never leaves the page, and no request depends on whether anything was found.

import { begin, tokenOf } from "./beginning";
import { fetchBoard, rowsOf } from "./board";
import { hex, sha256 } from "./bytes";
import { CodeFiles } from "./code_files";
import { NotACode } from "./codename";
import { Delivery, type Delivered } from "./delivery";
import { post } from "./fetching";
import { ADDITION } from "./form";
import { clearProblems, showNotice, showProblems, showWrong } from "./form_view";
import type { Holder } from "./author";
import { type Found, repliesOn } from "./reply";
import {
  changedView,
  consentView,
  doneView,
  messagesView,
  moreView,
  withdrawView,
  wrongWith,
} from "./return_view";
import { mode, sendingShown, sentScreen } from "./screens";
import { Sealer } from "./sealer";
import { isFresh, type Present, type Site } from "./site";
import { busy, empty, main, onClick, say, show, takeOut } from "./stage";
import { Steps } from "./steps";
import { consentAnswer, consentChange, fromAnswers, type Testimony } from "./testimony";
import { clone, Words } from "./words";

const CODE = "code"; // where the step from the code to the messages begins
const MESSAGES = "messages"; // and every step from there

/** What a code opened: whose it is, what was found, and how something is sent under it. */
interface Opened {
  readonly holder: Holder;
  readonly replies: readonly Found[];
  readonly delivery: Delivery;
  readonly sealer: Sealer;
  /** Tells those who opened a code apart, and says nothing of it. */
  readonly who: string;
}

/** Take over the page on which a code is typed. */
export async function comeBack(form: HTMLFormElement): Promise<void> {
  await begin(form, (site, present) => {
    const files = new CodeFiles(form.dataset);
    new ReturnPage(form, site, present, files, new Words(site.lang)).offer();
    files.begin();
  });
}

class ReturnPage {
  /** What the page shows for the code, kept out of sight while a code is open. */
  #codeView: DocumentFragment | undefined;
  #opened: Opened | undefined;
  /** The view in which something is being added, while another is shown, of each code that was open. */
  readonly #begun = new Map<string, DocumentFragment>();
  #present: Present;
  #busy = false;
  readonly #title = document.title;
  readonly #steps = new Steps((where) => this.#stepBack(where));

  constructor(
    private readonly form: HTMLFormElement,
    private readonly site: Site,
    present: Present,
    private readonly files: CodeFiles,
    private readonly words: Words,
  ) {
    this.#present = present;
  }

  /** Put the button on the page. */
  offer(): void {
    const said = mode(this.words.say("return.mode_browser"));
    document
      .getElementById("actions")
      ?.replaceChildren(said, ...sendingShown(), clone("continue-template"));
    onClick("open", () => void this.#open());
    this.#box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") void this.#open();
    });
    addEventListener("pagehide", () => this.#wipe());
  }

  get #box(): HTMLInputElement {
    return this.form.elements.namedItem("code") as HTMLInputElement;
  }

  /** Open the code in the box; what is wrong with it is said here, and nobody is asked. */
  async #open(): Promise<void> {
    if (this.#busy) return; // Enter, pressed twice
    this.#clear();
    try {
      this.#opened = await this.#while(() => this.#openedWith(this.#box.value));
    } catch (error) {
      if (!(error instanceof NotACode)) return showNotice(this.words.error("board"));
      const wrong = wrongWith(error, this.words).map((text) => ["code", text] as const);
      return showWrong(wrong, this.words, this.#title);
    }
    this.#box.value = "";
    this.#codeView = takeOut();
    this.#showMessages();
    this.#steps.forward(CODE);
  }

  async #openedWith(typed: string): Promise<Opened> {
    const code = (await this.files.list()).read(typed);
    const { deployment } = this.#present.roster;
    const holder = await this.files.holderOf(code, deployment);
    if (!isFresh(this.#present)) this.#present = await this.site.present(this.#present.roster);
    // The whole board is here before any of it is looked at, and nothing is asked after that.
    const board = await fetchBoard(this.form.dataset["board"] ?? "", deployment);
    const replies = await repliesOn(rowsOf(board), holder, this.#present.roster);
    const sealer = new Sealer(this.site, this.#present, async () => holder, true);
    const delivery = new Delivery(this.site, sealer, tokenOf(this.form));
    return { holder, replies, sealer, delivery, who: hex(sha256(holder.mailbox)) };
  }

  #clear(): void {
    clearProblems();
    document.title = this.#title;
  }

  #showMessages(): void {
    const { replies } = this.#known;
    show(messagesView(this.words, replies), this.#title);
    onClick("more", () => this.#toMore());
    onClick("consent", () => this.#toConsent());
    onClick("withdraw", () => this.#toWithdraw());
    for (const choice of main().querySelectorAll<HTMLButtonElement>("[data-question]")) {
      const { question = "", answer } = choice.dataset;
      const said = consentAnswer(this.site.lang, question, answer === "yes");
      choice.addEventListener("click", () => void this.#answer(said));
    }
  }

  #toMore(): void {
    const begun = this.#begun.get(this.#known.who);
    show(begun ?? moreView(this.words), this.#title);
    this.#steps.forward(MESSAGES);
    if (begun !== undefined) return; // its buttons know already what to do
    onClick("back", () => this.#steps.back());
    onClick("send", () => void this.#sendMore());
  }

  #toConsent(): void {
    show(consentView(this.words), this.#title);
    this.#step();
    onClick("send", async () => {
      const ticked = main().querySelectorAll<HTMLInputElement>("input:checked");
      const agreed = new Set([...ticked].map(({ value }) => value));
      if (!(await this.#sent(consentChange(this.site.lang, agreed)))) return;
      show(changedView(this.words), this.#title);
      onClick("back", () => this.#steps.back());
    });
  }

  #toWithdraw(): void {
    show(withdrawView(this.words, this.form.dataset["days"] ?? ""), this.#title);
    this.#step();
    onClick("yes", () => void this.#withdraw());
  }

  /** A step from the messages; the view that is shown now has a button for the way back. */
  #step(): void {
    this.#steps.forward(MESSAGES);
    onClick("back", () => this.#steps.back());
  }

  /** Seal what is in the box and send it; whatever fails, it stays there. */
  async #sendMore(): Promise<void> {
    clearProblems();
    const box = main().querySelector("textarea") as HTMLTextAreaElement;
    const answers = new Map([["narrative", box.value]]);
    const { lang } = this.site;
    const list = await this.files.list(); // here already: a code was opened with it
    const answered = fromAnswers(lang, answers, new Set(), ADDITION, list);
    if ("problems" in answered) {
      const tidied = answered.tidied.get("narrative") ?? "";
      if (box.value !== tidied) box.value = tidied;
      return showProblems(answered.problems, this.words, this.#title);
    }
    document.title = this.#title;
    const { said, proof } = await this.#deliver(answered.testimony);
    if (said === "sent") this.#end(sentScreen(this.words, proof));
  }

  /** Seal and send the answer to a question that stands in a message. */
  async #answer(said: Testimony): Promise<void> {
    if (!(await this.#sent(said))) return;
    show(changedView(this.words), this.#title);
    this.#step();
  }

  async #sent(said: Testimony): Promise<boolean> {
    return (await this.#deliver(said)).said === "sent";
  }

  async #deliver(said: Testimony): Promise<Delivered> {
    say("send-problem", "");
    const sent = await this.#while(() => this.#known.delivery.send(said));
    if (sent.said !== "sent") say("send-problem", this.words.error(sent.said));
    return sent;
  }

  async #withdraw(): Promise<void> {
    say("send-problem", "");
    const done = await this.#while(() => this.#withdrawn().catch(() => false));
    if (done) this.#end(doneView(this.words.say("withdraw.done")));
    else say("send-problem", this.words.error("retry"));
  }

  /** Whether the server let go of all that it had under this code, or had nothing: it does not say. */
  async #withdrawn(): Promise<boolean> {
    const { epoch } = await this.site.present(this.#present.roster);
    const secrets = await this.#known.holder.withdrawals(epoch);
    const answer = await post(secrets, this.form.dataset["return"] ?? "", tokenOf(this.form));
    // A gateway that says 200 for the site may have let nothing through.
    return answer.status === 200 && (await answer.text()) === "ok\n";
  }

  /** Show the page with this key again; false while there is no way back. */
  #stepBack(where: string): boolean {
    if (this.#busy) return false;
    if (where === MESSAGES) {
      // What is written there is kept for whoever goes on with it, under the same code alone.
      if (main().querySelector("#form") !== null) this.#begun.set(this.#known.who, takeOut());
      this.#showMessages();
    } else if (this.#codeView !== undefined) {
      this.#forget();
      show(this.#codeView, this.#title);
      this.#codeView = undefined;
    }
    return true;
  }

  #end(view: DocumentFragment): void {
    this.#wipe();
    show(view, this.#title);
    this.#steps.end();
  }

  async #while<T>(act: () => Promise<T>): Promise<T> {
    this.#busy = true;
    try {
      return await busy(act);
    } finally {
      this.#busy = false;
    }
  }

  get #known(): Opened {
    if (this.#opened === undefined) throw new Error("no code is open");
    return this.#opened;
  }

  #forget(): void {
    this.#opened?.sealer.forget();
    this.#opened = undefined;
  }

  /** Let go of the code, of what it opened, and of what was written. */
  #wipe(): void {
    this.#forget();
    this.#begun.clear();
    empty(this.form);
    this.#codeView = undefined;
  }
}
