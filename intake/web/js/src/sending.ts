// Changes on a page where a text is marked: each is sent at once, and the page comes back where it was.

import { post } from "./posting";
import type { MarkedText } from "./marked_text";

interface Left {
  cursor: [number, number] | null;
  /** The form among those of the page that had the focus; null for the text. */
  at: number | null;
  which: string;
  /** How far the text was scrolled in its own frame, in CSS pixels. */
  top: number;
}

/** Send a form and show the page anew where it stood; what is refused is shown as the page that says why. */
export async function send(
  form: HTMLFormElement,
  button: HTMLButtonElement | null,
  text: MarkedText,
): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) {
    if (typeof value === "string") fields.append(name, value);
  }
  const answer = await post(form.action, fields);
  if (answer.type !== "opaqueredirect") {
    if (button !== null && button.name !== "") {
      const chosen = document.createElement("input");
      chosen.type = "hidden";
      chosen.name = button.name;
      chosen.value = button.value;
      form.append(chosen);
    }
    form.submit();
    return;
  }
  // Numbers alone, by which the cursor and the focus are found again.
  const inText = form.id === "mark" || text.region.contains(document.activeElement);
  const at = [...document.forms].indexOf(form);
  const state: Left = {
    cursor: text.cursor,
    at: inText ? null : at,
    which: button?.value ?? "",
    top: text.region.scrollTop,
  };
  history.replaceState(state, "");
  if (location.search !== "" || location.hash !== "") location.assign(location.pathname);
  else location.reload();
}

/** Put the cursor and the focus back where they were before the page was shown anew. */
export function comeBack(text: MarkedText): void {
  const state = history.state as Left | null;
  if (state === null) return;
  const form = state.at === null ? undefined : document.forms[state.at];
  const buttons = [...(form?.querySelectorAll<HTMLButtonElement>("button:not(:disabled)") ?? [])];
  const button = buttons.find((one) => one.value === state.which) ?? buttons[0];
  (button ?? text.region).focus({ preventScroll: true });
  text.region.scrollTop = state.top;
  if (state.cursor) text.put(state.cursor);
}

/** Undo and redo by their usual keys, but where somebody is typing: there they are the box's. */
export function movesByKey(text: MarkedText): void {
  const move = (how: string): void => {
    const button = document.querySelector<HTMLButtonElement>(`#move button[value="${how}"]`);
    if (button?.form && !button.disabled) void send(button.form, button, text);
  };
  addEventListener("keydown", (event) => {
    const on = document.activeElement;
    const typing = on instanceof HTMLTextAreaElement || on instanceof HTMLInputElement;
    if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const how = { KeyZ: event.shiftKey ? "redo" : "undo", KeyY: "redo" }[event.code];
    if (how === undefined) return;
    event.preventDefault();
    move(how);
  });
}
