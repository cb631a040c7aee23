// The page's own words and templates, in the person's language.

import { demand } from "./errors";

const NEEDED = ["empty", "long", "odd", "choice", "not_sent", "refused", "retry", "unknown"];

export class Words {
  readonly #words: ReadonlyMap<string, string>;

  constructor() {
    const spans = template("words").content.querySelectorAll<HTMLElement>("[data-word]");
    this.#words = new Map([...spans].map((span) => [span.dataset["word"] ?? "", textOf(span)]));
    for (const word of NEEDED) {
      demand(this.#words.has(word), `the page lacks the word ${word}`);
    }
  }

  /** A word of the page; empty where it has none. */
  say(word: string): string {
    return this.#words.get(word) ?? "";
  }

  /** A fresh copy of a template's content. Whoever puts it on the page moves the focus. */
  clone(id: string): DocumentFragment {
    const copy = document.importNode(template(id).content, true);
    for (const element of copy.querySelectorAll("[autofocus]")) {
      element.removeAttribute("autofocus");
    }
    return copy;
  }
}

function template(id: string): HTMLTemplateElement {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLTemplateElement)) throw new Error(`the page lacks ${id}`);
  return found;
}

/** An element's text on one line. */
export function textOf(element: Element | null): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
