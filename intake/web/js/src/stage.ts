// What the script's pages do with the one place where everything is shown.

/** Where everything is shown. */
export function main(): HTMLElement {
  return document.querySelector("main") as HTMLElement;
}

/** Show a view in the place of what is there, with this title. */
export function show(view: Node, title: string): void {
  main().replaceChildren(view);
  document.title = title;
  const heading = main().querySelector("h1");
  if (heading === null) return;
  heading.tabIndex = -1; // so that it can take the focus, and a screen reader starts there
  heading.focus();
}

/** What is shown, taken out of the page to be shown again. */
export function takeOut(): DocumentFragment {
  const range = document.createRange();
  range.selectNodeContents(main());
  return range.extractContents();
}

/**
 * Do something that takes a while: no button can be pressed, and something moves. With the way
 * back open, an answer could come to a form in which somebody is writing again.
 */
export async function busy<T>(act: () => Promise<T>): Promise<T> {
  const buttons = [...main().querySelectorAll("button")].filter(({ disabled }) => !disabled);
  for (const button of buttons) button.disabled = true;
  const moving = document.getElementById("sending");
  moving?.toggleAttribute("hidden", false);
  try {
    return await act();
  } finally {
    moving?.toggleAttribute("hidden", true);
    for (const button of buttons) button.disabled = false;
  }
}

/** Say something on the line with this id, or nothing. */
export function say(id: string, text: string): void {
  const line = document.getElementById(id);
  if (line === null) return;
  line.textContent = text;
  line.hidden = text === "";
}

export function onClick(id: string, act: () => void): void {
  document.getElementById(id)?.addEventListener("click", act);
}

/** Empty every box of a form. */
export function empty(form: HTMLFormElement): void {
  for (const element of form.elements) {
    if (element instanceof HTMLTextAreaElement) element.value = "";
    if (element instanceof HTMLInputElement && element.type === "text") element.value = "";
  }
  form.reset();
}
