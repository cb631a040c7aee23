// What the script says, in the person's language, and the page's own templates.

import { demand } from "./errors";

const NEEDED = ["empty", "long", "odd", "choice", "not_sent", "refused", "retry", "unknown", "down"];

export class Words {
  readonly #phrases: Readonly<Record<string, string>>;

  /** The phrases of a language, from the site's phrases file; throws where there are none. */
  constructor(lang: string) {
    const { intakePhrases } = globalThis as { intakePhrases?: Record<string, Record<string, string>> };
    const phrases = intakePhrases?.[lang];
    demand(phrases !== undefined, "there are no phrases in this language");
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

  /** A fresh copy of a template's content with its phrases. Whoever shows it moves the focus. */
  clone(id: string): DocumentFragment {
    const copy = clone(id);
    for (const element of copy.querySelectorAll<HTMLElement>("[data-say]")) {
      element.textContent = this.say(element.dataset["say"] ?? "");
    }
    for (const place of copy.querySelectorAll<HTMLElement>("[data-copy]")) {
      const shown = document.getElementById(place.dataset["copy"] ?? "")?.children ?? [];
      const lines = [...shown].filter((element) => element.localName !== "summary");
      place.replaceWith(...lines.map((element) => element.cloneNode(true)));
    }
    return copy;
  }
}

/** A fresh copy of a template's content. */
export function clone(id: string): DocumentFragment {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLTemplateElement)) throw new Error(`the page lacks ${id}`);
  return document.importNode(found.content, true);
}

/** An element's text on one line. */
export function textOf(element: Element | null): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
