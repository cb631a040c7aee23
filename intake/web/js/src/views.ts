// The pages of a form after its first, made in the page that is open: all of them stay in the one
// form element, and one is shown. Words go in as text, never as markup.

import { type CodesField, type Definition, firstPlace, keyOf, pathsOf, type Place } from "./form";
import type { FormWords, Question } from "./form_words";

export class Views {
  readonly #views = new Map<string, HTMLElement>();
  readonly #definition: Definition;
  readonly #heading: string;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly texts: FormWords,
  ) {
    this.#definition = texts.form;
    this.#heading = document.querySelector("h1")?.textContent ?? "";
    const first = document.getElementById("first-page");
    if (first !== null) this.#views.set(keyOf(firstPlace(this.#definition)), first);
  }

  /** Show a page, and none of the others. */
  show(place: Place): void {
    this.make(place);
    for (const [key, view] of this.#views) view.hidden = key !== keyOf(place);
    const heading = document.querySelector("h1");
    if (heading !== null) heading.textContent = this.#headingOf(place);
  }

  /** Make a page, if there is none yet, with what the form carries for it. */
  make(place: Place): void {
    if (this.#views.has(keyOf(place))) return;
    const view = document.createElement("div");
    view.hidden = true;
    const introduction = this.texts.introductions[place.page.id];
    if (introduction !== undefined) view.append(line("p", introduction));
    for (const [path, field] of pathsOf(this.#definition, place)) {
      const question = this.texts.questions[field.name] as Question;
      view.append(
        field.kind === "text" ? writing(path, question) : this.#choosing(path, question, field),
      );
    }
    if (place.page.consent) view.append(this.#consent());
    this.#views.set(keyOf(place), view);
    const carried = this.#takeCarried(place);
    document.getElementById("actions")?.before(view);
    fillIn(this.form, carried.texts, carried.agreed);
  }

  #headingOf({ page, time }: Place): string {
    if (page === firstPlace(this.#definition).page) return this.#heading;
    return time > 0 ? this.timeOf(time) : this.texts.heading;
  }

  /** The name of a time, by its number. */
  timeOf(time: number): string {
    return this.texts.time.replace("{n}", String(time));
  }

  /** What pages without script handed on in hidden fields: each goes into its own field instead. */
  #takeCarried(place: Place): { texts: Map<string, string>; agreed: Set<string> } {
    const paths = new Set(pathsOf(this.#definition, place).map(([path]) => path));
    const texts = new Map<string, string>();
    const agreed = new Set<string>();
    for (const field of this.form.querySelectorAll<HTMLInputElement>('input[type="hidden"]')) {
      if (paths.has(field.name)) texts.set(field.name, field.value);
      else if (field.name === "consent" && place.page.consent) agreed.add(field.value);
      else continue;
      field.remove();
    }
    return { texts, agreed };
  }

  #choosing(path: string, question: Question, { kind, codes }: CodesField): HTMLElement {
    const box = document.createElement("fieldset");
    framed(box, path, question, line("legend", question.label));
    codes.forEach((code, n) => {
      const words = this.texts.codes[code] ?? code;
      const input = document.createElement("input");
      input.type = kind === "multi" ? "checkbox" : "radio";
      input.id = `${path}-${n + 1}`;
      input.name = path;
      input.value = code;
      box.append(tick(input, words, this.texts.notes[code] ?? "", "note"));
    });
    box.setAttribute("aria-describedby", described(path, question));
    return box;
  }

  #consent(): HTMLElement {
    const box = document.createElement("fieldset");
    box.id = "field-consent";
    box.className = "field";
    const base = line("p", this.texts.consent.base);
    base.id = "hint-consent";
    box.setAttribute("aria-describedby", base.id);
    box.append(line("legend", this.texts.consent.legend), base);
    for (const [level] of this.#definition.levels) {
      const { label = level, hint = "" } = this.texts.uses[level] ?? {};
      const input = document.createElement("input");
      input.type = "checkbox";
      input.name = "consent";
      input.value = level;
      box.append(tick(input, label, hint));
    }
    return box;
  }
}

/** Write answers into the fields of a form that are there for them. */
export function fillIn(
  form: HTMLFormElement,
  texts: ReadonlyMap<string, string>,
  agreed: ReadonlySet<string>,
): void {
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
    const text = texts.get(field.name);
    if (field.type === "checkbox" || field.type === "radio") {
      const chosen = field.name === "consent" ? agreed.has(field.value) : undefined;
      const ticked = chosen ?? text?.split(" ").includes(field.value);
      if (ticked === true && field instanceof HTMLInputElement) field.checked = true;
    } else if (text !== undefined && field.type !== "hidden") {
      field.value = text;
    }
  }
}

/** An answer that can be ticked, with what is said under it in small letters. */
export function tick(input: HTMLInputElement, words: string, under: string, kind = ""): HTMLElement {
  const label = line("label", "");
  label.className = "tick";
  const said = line("span", words);
  if (under !== "") {
    const small = line("small", under);
    small.className = kind;
    said.append(small);
  }
  label.append(input, said);
  return label;
}

export function writing(path: string, question: Question): HTMLElement {
  const label = document.createElement("label");
  label.textContent = question.label;
  label.htmlFor = path;
  const box = framed(document.createElement("div"), path, question, label);
  const field = document.createElement(question.rows > 1 ? "textarea" : "input");
  if (field instanceof HTMLTextAreaElement) field.rows = question.rows;
  else field.type = "text";
  field.id = path;
  field.name = path;
  field.dir = "auto";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.setAttribute("aria-describedby", described(path, question));
  box.append(field);
  return box;
}

/** What every field has: its label, its hint, and a line for what is wrong with it. */
function framed(box: HTMLElement, path: string, question: Question, label: Element): HTMLElement {
  box.id = `field-${path}`;
  box.className = "field";
  box.append(label);
  if (question.hint !== "") {
    const hint = line("p", question.hint);
    hint.id = `hint-${path}`;
    hint.className = "hint";
    box.append(hint);
  }
  const error = line("p", "");
  error.id = `error-${path}`;
  error.className = "error";
  error.hidden = true;
  box.append(error);
  return box;
}

function described(path: string, { hint }: Question): string {
  return hint === "" ? `error-${path}` : `hint-${path} error-${path}`;
}

function line(tag: "p" | "span" | "small" | "legend" | "label", text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
