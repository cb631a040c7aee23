// The form as the person sees it: what is filled in, and what is said about it.
// Nothing here makes elements from text: templates are cloned, words go in as text.

import type { WordList } from "./codename";
import { type Answers, type Definition, type Field, paths } from "./form";
import { type Answered, fromAnswers, type Problem } from "./testimony";
import { clone, type Words } from "./words";

/** Read the form into a testimony, or into what is wrong; without `list`, codes are passed over. */
export function readForm(
  form: HTMLFormElement,
  definition: Definition,
  lang: string,
  list: WordList | undefined,
): Answered {
  const answers = readAnswers(form, paths(definition));
  return fromAnswers(lang, answers, readAgreed(form), definition, list);
}

/** What the form holds, by path; codes that are ticked stand together. */
export function readAnswers(form: HTMLFormElement, asked: readonly [string, Field][]): Answers {
  const filled = new FormData(form);
  return new Map(
    asked.map(([path, { kind }]) => [
      path,
      kind === "multi" ? filled.getAll(path).join(" ") : String(filled.get(path) ?? ""),
    ]),
  );
}

/** The levels with a tick. */
export function readAgreed(form: HTMLFormElement): ReadonlySet<string> {
  return new Set(new FormData(form).getAll("consent").map(String));
}

/** Take the odd characters out of the form's boxes too; they are named in the problems. */
export function writeBack(form: HTMLFormElement, tidied: ReadonlyMap<string, string>): void {
  for (const [name, text] of tidied) {
    const box = form.elements.namedItem(name);
    // A field with one box to tick is an input too; its value is a code and never changes.
    const line = box instanceof HTMLInputElement && box.type === "text";
    const typed = box instanceof HTMLTextAreaElement || line;
    // An equal value is left alone: setting it would move the cursor.
    if (typed && box.value !== text) box.value = text;
  }
}

/** Show each problem at its field and in the summary at the top, which takes the focus. */
export function showProblems(
  problems: readonly Problem[],
  words: Words,
  title = words.title(1),
): void {
  const said = problems.map(
    ({ field, kind, amount }) => [field, words.error(kind).replace("{n}", String(amount))] as const,
  );
  showWrong(said, words, title);
}

/** The same, of what is said of each field already. */
export function showWrong(
  said: readonly (readonly [field: string, text: string])[],
  words: Words,
  title: string,
): void {
  clearProblems();
  const items = said.map(([field, text]) => {
    markField(field, text, words);
    return linkTo(field, text);
  });
  fillSummary(items);
  document.title = `${words.say("all.error")} ${title}`;
  document.querySelector<HTMLElement>("#summary h2")?.focus();
}

/** Say something at the top of the page. */
export function showNotice(text: string): void {
  fillSummary([text]);
}

/** Take everything away again that `showProblems` and `showNotice` put there. */
export function clearProblems(): void {
  document.getElementById("summary")?.replaceChildren();
  for (const error of document.querySelectorAll<HTMLElement>('main [id^="error-"]')) {
    error.hidden = true;
    error.replaceChildren();
    controlOf(error.id.slice("error-".length))?.removeAttribute("aria-invalid");
  }
}

function fillSummary(items: readonly (string | HTMLElement)[]): void {
  const box = clone("summary-template");
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
    prefix.textContent = words.say("all.error");
    error.replaceChildren(prefix, ` ${text}`);
  } else {
    error.append(`. ${text}`);
  }
  error.hidden = false;
  controlOf(field)?.setAttribute("aria-invalid", "true");
}

/** The box of a field, or the first of its choices. */
function controlOf(field: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`main [name="${field}"]`);
}
