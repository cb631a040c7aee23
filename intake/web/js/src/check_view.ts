// The check page: everything that will be sent, once more, before it is.

import { heldBack } from "./caps";
import { checkScreen } from "./screens";
import { textOf, type Words } from "./words";
import type { Testimony } from "./testimony";

/**
 * The check view of a filled-in form, not yet on the page; `before` gives what stands before the
 * question of a path.
 */
export function checkView(
  form: HTMLFormElement,
  testimony: Testimony,
  words: Words,
  before: (path: string) => string,
): DocumentFragment {
  const view = checkScreen(words);
  const answers = view.querySelector("#check-answers");
  for (const [name, text] of testimony.fields) {
    const question = document.createElement("dt");
    question.textContent = before(name) + questionOf(name);
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
  const agreed = testimony.consent.filter((row) => row[1]).map(([level]) => level);
  for (const cap of heldBack(new Map(testimony.fields), new Set(agreed))) {
    view.querySelector(`[data-cap="${cap}"]`)?.removeAttribute("hidden");
  }
  return view;
}

function questionOf(name: string): string {
  const field = document.getElementById(`field-${name}`);
  return textOf(field?.querySelector("legend") ?? field?.querySelector("label") ?? null);
}

/** The words beside the chosen answers; undefined where the field is a box. */
function choiceOf(form: HTMLFormElement, name: string, value: string): string | undefined {
  const inputs = form.querySelectorAll<HTMLInputElement>(`input[type="radio"],input[type="checkbox"]`);
  const offered = [...inputs].filter((input) => input.name === name);
  if (offered.length === 0) return undefined;
  const chosen = offered.filter((input) => value.split(" ").includes(input.value));
  return chosen.map(wordsOf).join("; ");
}

function labelOf(form: HTMLFormElement, level: string): string {
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[name="consent"]')];
  const box = boxes.find(({ value }) => value === level);
  return box === undefined ? level : wordsOf(box);
}

/** The words beside an answer, without what stands under them in small letters. */
function wordsOf(input: HTMLInputElement): string {
  return input.labels?.[0]?.querySelector("span")?.firstChild?.textContent ?? input.value;
}
