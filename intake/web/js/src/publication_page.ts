// The page that checks a publication in a browser, from a disk and without a network.
//
// Nothing of a file is shown before all of it holds; then every word of it is data, never markup.

import type { Bytes } from "./bytes";
import type { Endorsed } from "./policy";
import { Policy } from "./policy";
import { LIMIT, Publication } from "./publication";
import { ENGLISH, RUSSIAN, type Words } from "./publication_words";
import { safe } from "./visible";

type Outcome =
  | { readonly publication: Publication; readonly endorsed: Endorsed }
  | { readonly reason: string };

const MOST = LIMIT + 1; // bytes of a file that are read; one more than any has
const LIMITS = ["true", "cut", "who", "field", "week"] as const;

let words: Words = ENGLISH;
let outcome: Outcome | undefined;
let asked = 0;

function check(publication: Bytes, policy: Bytes): Outcome {
  try {
    const terms = Policy.parse(policy);
    const found = Publication.parse(publication);
    return { publication: found, endorsed: found.verify(terms) };
  } catch (error) {
    // An error that is not ours is as good a reason: nothing is shown of what was not proved.
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

async function read(): Promise<void> {
  const own = ++asked;
  const files = ["publication", "policy"].map((id) => input(id).files?.[0]);
  outcome = undefined;
  show();
  const [publication, policy] = files;
  if (publication === undefined || policy === undefined) return;
  let found: Outcome;
  try {
    found = check(await bytesOf(publication), await bytesOf(policy));
  } catch {
    found = { reason: "the file cannot be read" };
  }
  if (own !== asked) return; // another file was chosen meanwhile
  outcome = found;
  show();
}

async function bytesOf(file: File): Promise<Bytes> {
  return new Uint8Array(await file.slice(0, MOST).arrayBuffer());
}

function show(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-word]")) {
    element.textContent = words[element.dataset["word"] as keyof Words];
  }
  document.documentElement.lang = words === ENGLISH ? "en" : "ru";
  document.title = words.title;
  element("unchecked").hidden = words.unchecked === "";
  const place = element("outcome");
  if (outcome === undefined) place.replaceChildren();
  else if ("reason" in outcome) place.replaceChildren(...failed(outcome.reason));
  else place.replaceChildren(...held(outcome.publication, outcome.endorsed));
}

function failed(reason: string): HTMLElement[] {
  const box = made("div", made("h2", words.fails), made("p", filled(words.refused, { reason })));
  box.className = "fails";
  return [box];
}

function held(publication: Publication, { witnesses }: Endorsed): HTMLElement[] {
  const { signed, index } = publication.proof;
  const week = String(publication.opening.epoch);
  const said = words[publication.kind as "testimony" | "addition" | "consent"];
  const lines = [
    filled(said, { week }),
    filled(words.entry, { index, size: signed.size, origin: signed.origin }),
    witnesses.length === 0 ? words.nobody : filled(words.seen, seenBy(witnesses)),
    filled(words.counts, { words: publication.words, gaps: publication.gaps }),
    ...publication.answers.map(([use, yes]) => filled(yes ? words.yes : words.no, { use })),
  ];
  const box = made("div", made("h2", words.holds), list(lines));
  box.className = "holds";
  const limits = list(LIMITS.map((name) => words[name]));
  return [box, made("h2", words.limits), limits, made("h2", words.text), textOf(publication)];
}

function seenBy(witnesses: Endorsed["witnesses"]): Record<string, string> {
  const last = witnesses.reduce((most, [, time]) => (time > most ? time : most), 0n);
  const names = witnesses.map(([name]) => name).join(", ");
  return { day: dayOf(last), names };
}

/** The day of POSIX seconds, in UTC; as a number where no calendar has it. */
function dayOf(seconds: bigint): string {
  const day = new Date(Number(seconds) * 1000);
  return Number.isNaN(day.getTime()) ? String(seconds) : day.toISOString().slice(0, 10);
}

function textOf(publication: Publication): HTMLElement {
  const whole = document.createElement("blockquote");
  let said: HTMLElement | undefined;
  for (const { path, text, before } of publication.pieces()) {
    if (path !== "") {
      if (before) (said ?? whole).append(gap());
      whole.append(made("h3", path));
      said = undefined;
    }
    if (said === undefined) {
      said = made("p");
      said.className = "said";
      said.dir = "auto";
      whole.append(said);
    }
    if (path === "" && before) said.append(gap());
    said.append(made("bdi", safe(text)));
  }
  return whole;
}

function gap(): HTMLElement {
  const mark = made("span", words.gap);
  mark.className = "gap";
  return mark;
}

function list(lines: readonly string[]): HTMLElement {
  return made("ul", ...lines.map((line) => made("li", line)));
}

function made(name: string, ...content: readonly (string | HTMLElement)[]): HTMLElement {
  const element = document.createElement(name);
  element.append(...content);
  return element;
}

/** A sentence with its values in place; they are made visible, for they are a stranger's. */
function filled(sentence: string, values: Readonly<Record<string, unknown>>): string {
  return sentence.replace(/\{([a-z]+)\}/g, (_, name: string) =>
    safe(String(values[name])).replaceAll("\n", " "),
  );
}

function element(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}

function input(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement;
}

element("switch").addEventListener("click", () => {
  words = words === ENGLISH ? RUSSIAN : ENGLISH;
  const other = words === ENGLISH ? "ru" : "en";
  element("switch").lang = other;
  element("switch").textContent = other === "ru" ? "Русский" : "English";
  show();
});
for (const id of ["publication", "policy"]) input(id).addEventListener("change", () => void read());
show();
