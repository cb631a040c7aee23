// The check page: everything that will be sent, once more, before it is.

import { textOf, type Words } from "./words";
import type { Testimony } from "./testimony";

/** The check view of a filled-in form, not yet on the page. */
export function checkView(form: HTMLFormElement, testimony: Testimony, words: Words): DocumentFragment {
  const view = words.clone("check-template");
  const answers = view.querySelector("#check-answers");
  for (const [name, text] of testimony.fields) {
    const question = document.createElement("dt");
    question.textContent = questionOf(name);
    const answer = document.createElement("dd");
    answer.dir = "auto";
    answer.textContent = choiceOf(form, name, text) ?? text;
    answers?.append(question, answer);
  }
  for (const [level, agreed] of testimony.consent) {
    const item = document.createElement("li");
    item.textContent = labelOf(form, level);
    view.querySelector(agreed ? "#check-yes" : "#check-no")?.append(item);
  }
  return view;
}

function questionOf(name: string): string {
  const field = document.getElementById(`field-${name}`);
  return textOf(field?.querySelector("legend") ?? field?.querySelector("label") ?? null);
}

/** The words beside a chosen answer; undefined where the field is a box. */
function choiceOf(form: HTMLFormElement, name: string, value: string): string | undefined {
  const inputs = form.querySelectorAll<HTMLInputElement>(`input[type="radio"]`);
  const chosen = [...inputs].find((input) => input.name === name && input.value === value);
  return chosen === undefined ? undefined : textOf(chosen.labels?.[0] ?? null);
}

function labelOf(form: HTMLFormElement, level: string): string {
  const boxes = form.querySelectorAll<HTMLInputElement>('input[name="consent"]');
  return [...boxes].find(({ value }) => value === level)?.dataset["label"] ?? level;
}
