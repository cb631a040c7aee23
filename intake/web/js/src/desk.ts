// What the review desk's pages do besides: they lock at two presses of Esc, say that somebody is
// reading, and show nothing once the desk is locked. Every page works without this script.

import { keepsDrafts } from "./drafts";

const TWICE = 700; // milliseconds between two presses of Esc that are meant
const WATCH = 5_000; // between two looks whether the desk is locked
const READING = 1_000; // the same while the case is being read
const HERE = 60_000; // between two words that somebody is there

interface State {
  locked: boolean;
  done?: number;
  whole?: number;
  ended?: boolean;
}

function cover(): void {
  // At once, whatever the server is doing.
  document.documentElement.replaceChildren(document.createElement("body"));
}

function lockedByEscape(): void {
  let last = -Infinity;
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    const form = document.getElementById("lock");
    if (event.timeStamp - last < TWICE && form instanceof HTMLFormElement) {
      form.submit();
      document.body.hidden = true;
    }
    last = event.timeStamp;
  });
}

function saysSomebodyIsHere(csrf: string): void {
  let told = Date.now();
  const tell = (): void => {
    if (Date.now() - told < HERE) return;
    told = Date.now();
    void fetch("/here", { method: "POST", body: new URLSearchParams({ csrf }) });
  };
  for (const sign of ["keydown", "pointermove", "wheel", "scroll"]) {
    addEventListener(sign, tell, { passive: true });
  }
}

// What is being typed must not go with the page.
function isAnswering(): boolean {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement;
}

async function watch(): Promise<void> {
  const bar = document.querySelector("progress");
  let state: State;
  try {
    const answer = await fetch("/state");
    state = (await answer.json()) as State;
  } catch {
    // The desk has ended: nobody could lock it any more.
    cover();
    return;
  }
  if (state.locked) {
    cover();
    location.replace("/");
    return;
  }
  if (bar !== null && state.done !== undefined) {
    bar.value = state.done;
    if (state.ended === true && !isAnswering()) {
      location.reload();
      return;
    }
  }
  setTimeout(() => void watch(), bar === null ? WATCH : READING);
}

// A paragraph that was just shown has the focus, and Enter or Space goes on from there.
function goesOnFromAParagraph(): void {
  addEventListener("keydown", (event) => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLParagraphElement)) return;
    if (event.key !== "Enter" && event.key !== " ") return;
    const next = document.querySelector<HTMLButtonElement>("#next button");
    if (next === null) return;
    event.preventDefault();
    next.click();
  });
  const shown = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
  shown?.focus();
}

// What takes long goes on by itself, a little with each page; without this script by its button.
function goesOnByItself(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-goes-on]");
  if (form !== null) setTimeout(() => form.submit(), 100);
}

if (document.body.dataset["open"] !== undefined) {
  lockedByEscape();
  saysSomebodyIsHere(document.body.dataset["csrf"] ?? "");
  goesOnFromAParagraph();
  keepsDrafts();
  goesOnByItself();
  void watch();
}
