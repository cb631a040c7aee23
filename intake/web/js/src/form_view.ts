// The form as the person sees it: what is filled in, and what is said about it.
// Nothing here makes elements from text: templates are cloned, words go in as text.

import { type Answered, fromAnswers, MINIMAL, type Problem } from "./testimony";
import type { Words } from "./words";

/** Read the form into a testimony, or into what is wrong. */
export function readForm(form: HTMLFormElement, lang: string): Answered {
  const filled = new FormData(form);
  const answers = MINIMAL.fields.map(({ name }) => [name, String(filled.get(name) ?? "")] as const);
  const agreed = filled.getAll("consent").map(String);
  return fromAnswers(lang, new Map(answers), new Set(agreed));
}

/** Take the odd characters out of the form's boxes too; they are named in the problems. */
export function writeBack(form: HTMLFormElement, tidied: ReadonlyMap<string, string>): void {
  for (const [name, text] of tidied) {
    const box = form.elements.namedItem(name);
    const typed = box instanceof HTMLTextAreaElement || box instanceof HTMLInputElement;
    // An equal value is left alone: setting it would move the cursor.
    if (typed && box.value !== text) box.value = text;
  }
}

/** Show each problem at its field and in the summary at the top, which takes the focus. */
export function showProblems(problems: readonly Problem[], words: Words): void {
  clearProblems();
  const items = problems.map(({ field, kind, amount }) => {
    const text = words.say(kind).replace("{n}", String(amount));
    markField(field, text, words);
    return linkTo(field, text);
  });
  fillSummary(items, words);
  document.title = `${words.say("error")} ${words.say("title_form")}`;
  document.querySelector<HTMLElement>("#summary h2")?.focus();
}

/** Say one thing at the top of the page. */
export function showNotice(text: string, words: Words): void {
  fillSummary([text], words);
}

/** Take everything away again that `showProblems` and `showNotice` put there. */
export function clearProblems(): void {
  document.getElementById("summary")?.replaceChildren();
  for (const { name } of MINIMAL.fields) {
    const error = document.getElementById(`error-${name}`);
    if (error === null) continue;
    error.hidden = true;
    error.replaceChildren();
    controlOf(name)?.removeAttribute("aria-invalid");
  }
}

function fillSummary(items: readonly (string | HTMLElement)[], words: Words): void {
  const box = words.clone("summary-template");
  for (const item of items) {
    const row = document.createElement("li");
    row.append(item);
    box.querySelector("ul")?.append(row);
  }
  document.getElementById("summary")?.replaceChildren(box);
}

function linkTo(field: string, text: string): HTMLElement {
  const control = controlOf(field);
  const link = document.createElement("a");
  link.href = `#${control?.id ?? ""}`;
  link.textContent = text;
  link.addEventListener("click", (event) => {
    // Following the link would leave an entry in the browser's history.
    event.preventDefault();
    control?.focus();
  });
  return link;
}

function markField(field: string, text: string, words: Words): void {
  const error = document.getElementById(`error-${field}`);
  if (error === null) return;
  if (error.hidden) {
    const prefix = document.createElement("span");
    prefix.className = "hide";
    prefix.textContent = words.say("error");
    error.replaceChildren(prefix, ` ${text}`);
  } else {
    error.append(`. ${text}`);
  }
  error.hidden = false;
  controlOf(field)?.setAttribute("aria-invalid", "true");
}

/** The box of a field, or the first of its choices. */
function controlOf(field: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`#form [name="${field}"]`);
}
