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
  const release = hold(main().querySelectorAll("button"));
  const moving = document.getElementById("sending");
  moving?.toggleAttribute("hidden", false);
  try {
    return await act();
  } finally {
    moving?.toggleAttribute("hidden", true);
    release();
  }
}

/**
 * Let none of these buttons be pressed until what this gives is called; the focus is back then on the
 * one that had it. A button that cannot be pressed has none, and some browsers give nobody a key that
 * is pressed there, the quick way out neither: meanwhile it is on all that is shown.
 */
export function hold(buttons: Iterable<HTMLButtonElement>): () => void {
  const held = [...buttons].filter(({ disabled }) => !disabled);
  const pressed = held.find((button) => button === document.activeElement);
  const around = main();
  if (pressed !== undefined) around.focus({ preventScroll: true });
  for (const button of held) button.disabled = true;
  return () => {
    for (const button of held) button.disabled = false;
    // Whoever went on meanwhile, as by Tab, is not called back.
    if (document.activeElement === around) pressed?.focus({ preventScroll: true });
  };
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
