// The page that lies on a disk: its roster stands in it, and a sealed letter is handed to the
// person, to save or to copy. It never asks or sends anything; its policy forbids it too.

import { armor } from "age-encryption";

import { type Bytes, join } from "./bytes";
import { DAY, Epoch } from "./epoch";
import { MalformedError } from "./errors";
import { checkEpoch, openRoster, today, type Trusted } from "./roster";
import type { Roster } from "./roster_text";
import type { Answer, Present, Site } from "./site";
import { codeShown } from "./screens";
import { clone, phrasesOf, textOf, type Words } from "./words";

const SENT = "offline-sent";
const LOCK = "offline-lock";
const FILE = "letter.txt"; // says nothing of what is in it
const WEEKS = 6; // a server takes what a tool sealed for so many epochs more (docs/format.md 8)
const GRACE = 14; // days after a roster's last in which what is sealed to it is taken

/** The site of this page, if it is an offline one: then it holds a roster. */
export function offlineSite(lang: string, trusted: Trusted): Site | undefined {
  const note = document.getElementById("offline-roster");
  if (!(note instanceof HTMLTemplateElement)) return undefined;
  return new OfflineSite(lang, trusted, join(note.content.textContent ?? ""));
}

class OfflineSite implements Site {
  readonly mode = "tool";
  #letter: Letter | undefined;

  constructor(
    readonly lang: string,
    private readonly trusted: Trusted,
    private readonly note: Bytes,
  ) {
    changeWords(lang);
    // No neutral page stands before it in the history, so whoever goes back to it after leaving
    // sees nothing: the numbers of its steps are still there (steps.ts).
    if (typeof history.state === "number" && !isReload()) location.replace("about:blank");
    // No server says that this page is not to be kept: whatever Back shows, it is empty.
    addEventListener("pagehide", () => document.body.replaceChildren());
    document.addEventListener("click", ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      // There is no neutral page here to go to.
      if (target.matches("a.x")) location.replace("about:blank");
      if (target.id === "save") this.#letter?.save();
      if (target.id === "copy") this.#letter?.copy();
    });
  }

  /** The page's own roster, in the epoch of the device's clock: nobody else can be asked. */
  async present(): Promise<Present> {
    const roster = openRoster(this.note, this.trusted, today());
    const epoch = Epoch.of(Date.now());
    checkEpoch(roster, epoch);
    this.#letter = new Letter(lastDay(roster, epoch));
    return { roster, epoch, fetched: Date.now() };
  }

  /** Put the letter into the view that follows. "sent" is the word for it; the page says sealed. */
  async send(letter: Bytes): Promise<Answer> {
    this.#letter?.write(letter);
    return { outcome: this.#letter === undefined ? "retry" : "sent", said: "" };
  }
}

function isReload(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return (entry as PerformanceNavigationTiming | undefined)?.type === "reload";
}

/** A sealed letter as text, for the view that is shown once it is sealed. */
class Letter {
  #text = "";

  constructor(
    /** YYYY-MM-DD, the last day on which it is taken. */
    private readonly last: string,
  ) {}

  /** Write it into the template of the next view, from which the page makes that view. */
  write(letter: Bytes): void {
    this.#text = asText(letter);
    const { content } = document.getElementById(SENT) as HTMLTemplateElement;
    const box = content.querySelector("#sealed");
    if (box === null) throw new MalformedError("the page lacks a place for the letter");
    box.textContent = this.#text;
    for (const day of content.querySelectorAll("[data-last-day]")) day.textContent = this.last;
  }

  /** Have the browser save it as a file. */
  save(): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([this.#text], { type: "text/plain" }));
    link.download = FILE;
    link.click();
    // Some browsers read it only after this click is over.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** Select the whole of it and have it copied; where that is refused, it stays selected. */
  copy(): void {
    const box = document.getElementById("sealed");
    if (!(box instanceof HTMLTextAreaElement)) return;
    box.focus();
    box.select();
    document.execCommand("copy"); // the one way that asks nothing in any browser
  }
}

/** A letter as people can paste it: its head as it is, then the sealed object in age's armor. */
export function asText(letter: Uint8Array): string {
  const head = new TextDecoder("windows-1252").decode(letter.subarray(0, 4096));
  const end = head.indexOf("\n\n") + 2;
  if (end < 2) throw new MalformedError("not a sealed letter");
  return head.slice(0, end) + armor.encode(letter.subarray(end));
}

/** The last day on which a server takes what is sealed to `roster` in `epoch`. */
export function lastDay(roster: Roster, epoch: Epoch): string {
  const ofRoster = Date.parse(`${roster.expires}T00:00:00Z`) + GRACE * DAY;
  return new Date(Math.min(ofRoster, epoch.plus(WEEKS).lastDay)).toISOString().slice(0, 10);
}

/** What an offline page shows in the place of the sent page, with the code; undefined on every other. */
export function sentOffline(words: Words, code: readonly string[]): DocumentFragment | undefined {
  if (document.getElementById(SENT) === null) return undefined;
  const view = clone(SENT);
  view.lastElementChild?.before(...codeShown(words, code));
  return view;
}

/** Put this page's word for locking in the place of the one for sending. */
function changeWords(lang: string): void {
  const phrases = phrasesOf(lang);
  phrases["check.send"] = textOf(clone(LOCK).firstChild);
}
