// The pages on which a text is redacted or coded: words are chosen in it, and a key or a button says
// what for. Each change is sent at once, and the page comes back where it was. All of it can also be
// done without this script, by the places' numbers.

import { codingPage } from "./coding_page";
import { MarkedText } from "./marked_text";
import { comeBack, movesByKey, send } from "./sending";

function redactingPage(region: HTMLElement, form: HTMLFormElement): void {
  const chosen = document.getElementById("chosen");
  const lines = form.querySelector("textarea");
  if (chosen === null || lines === null) return;
  document.body.classList.add("scripted");
  chosen.hidden = false;
  const none = chosen.dataset["none"] ?? "";
  const text = new MarkedText(region, (words) => {
    const said = words === "" ? none : `\u00ab${words.replaceAll("\n", " ").slice(0, 120)}\u00bb`;
    if (chosen.textContent !== said) chosen.textContent = said;
  });
  chosen.textContent = none;

  const mark = (button: HTMLButtonElement): void => {
    const places = text.places();
    if (places.length === 0) return;
    lines.value = places.map((one) => `${one.field}:${one.start}:${one.end}`).join("\n");
    void send(form, button, text);
  };
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button[data-key]")];
  for (const button of buttons) {
    // The pointer must not take the selection away before it was read.
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
    });
  }
  for (const other of document.querySelectorAll<HTMLFormElement>(".bar form, .sheet form")) {
    other.addEventListener("submit", (event) => {
      if (other.method !== "post" || other.action.endsWith("/save")) return;
      event.preventDefault();
      const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
      if (other === form && button !== null) mark(button);
      else void send(other, button, text);
    });
  }

  const putBack = (): void => {
    const [place] = text.places();
    if (place === undefined) return;
    for (const one of region.querySelectorAll<HTMLElement>("mark[data-place]")) {
      const [start, end] = (one.dataset["place"] ?? "").split(":").map(Number);
      const field = one.closest<HTMLElement>("[data-field]")?.dataset["field"];
      if (start === undefined || end === undefined || field !== place.field) continue;
      if (start >= place.end || end <= place.start) continue;
      const wanted = `${field}:${start}:${end}`;
      const back = document.querySelector<HTMLInputElement>(`#taken input[value="${wanted}"]`);
      const button = back?.form?.querySelector("button") ?? null;
      if (back?.form) void send(back.form, button, text);
      return;
    }
  };
  movesByKey(text);
  region.addEventListener("keydown", (event) => {
    if (event.target !== region || event.ctrlKey || event.metaKey || event.altKey) return;
    if (text.key(event)) {
      event.preventDefault();
      return;
    }
    const letter = event.code.replace(/^Key/, "");
    const button = buttons.find((one) => one.dataset["key"] === letter);
    if (event.key === "Enter") buttons[0]?.focus();
    else if (event.key === "Backspace" || event.key === "Delete") putBack();
    else if (button !== undefined && !event.repeat) mark(button);
    else return;
    event.preventDefault();
  });
  // In the list of reasons their letters hold too, and Escape leads back to the text.
  form.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLButtonElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = buttons.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  });
  region.addEventListener("click", (event) => {
    const out = event.target instanceof Element ? event.target.closest<HTMLElement>("mark[data-place]") : null;
    const [start, end] = (out?.dataset["place"] ?? "").split(":").map(Number);
    const field = out?.closest<HTMLElement>("[data-field]")?.dataset["field"];
    if (field !== undefined && start !== undefined && end !== undefined) text.choosePlace(field, start, end);
  });
  comeBack(text);
}

const region = document.getElementById("text");
const form = document.getElementById("mark");
if (region !== null && form instanceof HTMLFormElement) redactingPage(region, form);
const coding = document.getElementById("act");
if (region !== null && coding instanceof HTMLFormElement) codingPage(region, coding);
