// What the script says, in the person's language, and the page's own templates.

import { demand } from "./errors";

const NEEDED = [
  ...["empty", "long", "odd", "choice", "code_in_text"],
  ...["not_sent", "refused", "retry", "unknown", "down"],
];

export class Words {
  readonly #phrases: Readonly<Record<string, string>>;

  /** The phrases of a language, from the site's phrases file; throws where there are none. */
  constructor(lang: string) {
    const phrases = phrasesOf(lang);
    this.#phrases = phrases;
    for (const kind of NEEDED) this.error(kind);
  }

  /** The phrase with this key. */
  say(key: string): string {
    const phrase = this.#phrases[key];
    demand(phrase !== undefined, `there is no phrase ${key}`);
    return phrase;
  }

  /** What is said of something that is wrong; with {n} where a number goes. */
  error(kind: string): string {
    return this.say(`error.${kind}`);
  }

  /** The page's title at one of the three steps. */
  title(step: 1 | 2 | 3): string {
    return this.say("all.title").replace("{n}", String(step));
  }
}

/** The phrases of a language as the phrases file has them. */
export function phrasesOf(lang: string): Record<string, string> {
  const { intakePhrases } = globalThis as { intakePhrases?: Record<string, Record<string, string>> };
  const phrases = intakePhrases?.[lang];
  demand(phrases !== undefined, "there are no phrases in this language");
  return phrases;
}

/** A fresh copy of a template's content. */
export function clone(id: string): DocumentFragment {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLTemplateElement)) throw new Error(`the page lacks ${id}`);
  return document.importNode(found.content, true);
}

/** An element's text on one line. */
export function textOf(element: Node | null): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
