// The quick exit of a page with script: covers the page at once, whatever key or finger asked for
// it, and leaves. It also covers a page that nobody has touched for a while, and deletes nothing.

const EXIT = "/x";
const WITHIN = 5_000; // milliseconds for three presses of Shift
const PRESSES = 3;
const UNTOUCHED = 600_000; // milliseconds
const TOUCHES = ["input", "keydown", "pointerdown", "scroll"] as const;

/** Watch over this page until it is left. */
export function watchExit(): void {
  for (const link of document.querySelectorAll("a.x")) link.addEventListener("click", cover);
  new ThreePresses(leave).listen();
  new Rest().listen();
  // A page that the browser kept alive would come back with one press of Back.
  addEventListener("pagehide", () => document.querySelector("main")?.replaceChildren());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    cover();
    location.reload();
  });
}

/** As if the page's own link were pressed: it knows where to, also on a page without a server. */
function leave(): void {
  const link = document.querySelector<HTMLAnchorElement>("a.x");
  if (link !== null) return link.click();
  cover();
  location.assign(EXIT);
}

/** Hide everything; Tor may take seconds to bring the next page. */
function cover(): void {
  document.querySelector(".cover")?.remove();
  const sheet = document.createElement("div");
  sheet.className = "cover";
  document.body.append(sheet);
}

/**
 * Shift, pressed and let go three times within 5 seconds with nothing else in between. With Alt, Ctrl
 * or Meta it changes the keyboard's language, and with a letter it writes a capital.
 */
class ThreePresses {
  #alone = false;
  #times: number[] = [];

  constructor(private readonly act: () => void) {}

  listen(): void {
    addEventListener("keydown", (event) => this.#down(event), true);
    addEventListener("keyup", (event) => this.#up(event), true);
    addEventListener("pointerdown", () => this.#forget(), true);
    addEventListener("blur", () => this.#forget());
  }

  #down(event: KeyboardEvent): void {
    if (event.key !== "Shift" || withOthers(event)) this.#forget();
    else this.#alone = true;
  }

  #up(event: KeyboardEvent): void {
    if (event.key !== "Shift" || withOthers(event) || !this.#alone) return this.#forget();
    this.#alone = false;
    const now = performance.now();
    this.#times = [...this.#times.filter((time) => now - time < WITHIN), now];
    if (this.#times.length < PRESSES) return;
    this.#forget();
    this.act();
  }

  #forget(): void {
    this.#alone = false;
    this.#times = [];
  }
}

function withOthers(event: KeyboardEvent): boolean {
  return event.altKey || event.ctrlKey || event.metaKey || event.getModifierState("AltGraph");
}

/** Covers the page after 10 minutes without a touch, until somebody wants to see it again. */
class Rest {
  #timer: ReturnType<typeof setTimeout> | undefined;

  listen(): void {
    for (const touch of TOUCHES) addEventListener(touch, () => this.#wait(), { passive: true });
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#cover(), UNTOUCHED);
  }

  #cover(): void {
    const template = document.getElementById("cover-template");
    if (!(template instanceof HTMLTemplateElement) || document.querySelector(".cover")) return;
    const before = document.activeElement;
    const others = [...document.body.children].filter((element) => !element.hasAttribute("inert"));
    for (const other of others) other.toggleAttribute("inert", true); // no key reaches them either
    document.body.append(document.importNode(template.content, true));
    const sheet = document.body.lastElementChild;
    const button = sheet?.querySelector("button");
    button?.addEventListener("click", () => {
      sheet?.remove();
      for (const other of others) other.toggleAttribute("inert", false);
      if (before instanceof HTMLElement) before.focus();
    });
    button?.focus();
  }
}
