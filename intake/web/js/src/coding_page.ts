// The case sheet: chosen words go into a form, what is typed there is kept at every pause, and pointing at
// something that was coded lights up its words.

import { MarkedText, type Place } from "./marked_text";
import { makePickers } from "./picker";
import { post } from "./posting";
import { comeBack, movesByKey, send } from "./sending";

const PAUSE = 400; // milliseconds without a key after which what was typed is kept

function placesIn(text: string): Place[] {
  return text.split("\n").flatMap((row) => {
    const [field, start, end] = row.trim().split(":");
    return field && start && end ? [{ field, start: Number(start), end: Number(end) }] : [];
  });
}

/** The quotes of one form: places in its box, words for whoever looks. */
class Quoting {
  private readonly box: HTMLTextAreaElement;
  private readonly list: HTMLUListElement;
  readonly use: HTMLButtonElement;

  constructor(
    readonly form: HTMLFormElement,
    private readonly text: MarkedText,
  ) {
    const [box, list, use] = [form.querySelector("textarea"), form.querySelector("ul"), form.querySelector<HTMLButtonElement>("button.use")];
    if (box === null || list === null || use === null) throw new Error("a form has no quotes");
    [this.box, this.list, this.use] = [box, list, use];
    box.parentElement?.classList.add("native");
    list.hidden = use.hidden = false;
    use.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the selection stays
    });
    use.addEventListener("click", () => {
      this.take();
    });
    this.show();
  }

  /** Take what is chosen in the text; gives whether there was anything. */
  take(): boolean {
    const fresh = this.text.places();
    if (fresh.length > 0) this.set([...placesIn(this.box.value), ...fresh]);
    return fresh.length > 0;
  }

  private set(places: Place[]): void {
    const rows = places.map((one) => `${one.field}:${one.start}:${one.end}`);
    this.box.value = [...new Set(rows)].join("\n");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.show();
  }

  private show(): void {
    const places = placesIn(this.box.value);
    const rows = places.map((place, number) => {
      const row = document.createElement("li");
      const words = document.createElement("bdi");
      words.textContent = `\u00ab${this.text.said(place)}\u00bb `;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = this.list.dataset["remove"] ?? "\u00d7";
      remove.addEventListener("click", () => {
        this.set(places.filter((_, at) => at !== number));
        this.use.focus();
      });
      row.append(words, remove);
      return row;
    });
    if (rows.length === 0) {
      const none = document.createElement("li");
      none.textContent = this.list.dataset["none"] ?? "";
      rows.push(none);
    }
    this.list.replaceChildren(...rows);
  }
}

function keepsWhatIsTyped(form: HTMLFormElement): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    const fields = new URLSearchParams({ kind: form.dataset["kind"] ?? "" });
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    void post(form.action.replace(/\/[a-z]+$/, "/typed"), fields);
  };
  for (const sign of ["input", "change"]) {
    form.addEventListener(sign, () => {
      clearTimeout(waiting);
      waiting = setTimeout(tell, PAUSE);
    });
  }
  // Sent as a whole, it must not come back as something half typed.
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
  });
}

// A name is taken from the text as it is spelled there.
function spells(form: HTMLFormElement, text: MarkedText): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button.spell")) {
    const input = button.parentElement?.querySelector("input");
    button.hidden = false;
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the selection stays
    });
    button.addEventListener("click", () => {
      const words = text.places().map((place) => text.said(place));
      if (!input || words.length === 0) return;
      input.value = words.join(" ");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function lightsUp(region: HTMLElement): void {
  const marks = [...region.querySelectorAll<HTMLElement>("mark[data-codes]")];
  for (const card of document.querySelectorAll<HTMLElement>(".card")) {
    const code = card.dataset["code"] ?? "";
    const light = (on: boolean) => (event: Event): void => {
      event.stopPropagation();
      for (const mark of marks) {
        const ours = (mark.dataset["codes"] ?? "").split(" ").includes(code);
        mark.classList.toggle("lit", on && ours);
      }
    };
    for (const sign of ["mouseover", "focusin"]) card.addEventListener(sign, light(true));
    for (const sign of ["mouseout", "focusout"]) card.addEventListener(sign, light(false));
  }
}

export function codingPage(region: HTMLElement, first: HTMLFormElement): void {
  const chosen = document.getElementById("chosen");
  document.body.classList.add("scripted");
  const none = chosen?.dataset["none"] ?? "";
  if (chosen !== null) {
    chosen.hidden = false;
    chosen.textContent = none;
  }
  const text = new MarkedText(region, (words) => {
    const said = words === "" ? none : `\u00ab${words.replaceAll("\n", " ").slice(0, 120)}\u00bb`;
    if (chosen !== null && chosen.textContent !== said) chosen.textContent = said;
  });
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-kind]")];
  const quotings = forms.map((form) => new Quoting(form, text));
  for (const form of forms) {
    makePickers(form);
    spells(form, text);
    keepsWhatIsTyped(form);
  }
  for (const form of document.querySelectorAll<HTMLFormElement>(".bar form, .sheet form")) {
    form.addEventListener("submit", (event) => {
      if (form.action.endsWith("/save")) return;
      event.preventDefault();
      const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
      void send(form, button, text);
    });
  }
  region.addEventListener("keydown", (event) => {
    if (event.target !== region || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      // Into the form that was used last, or the first.
      const quoting = quotings.find((one) => one.form === last) ?? quotings[0];
      if (quoting?.take() === true) quoting.use.focus();
    } else if (!text.key(event)) return;
    event.preventDefault();
  });
  let last = first;
  for (const form of forms) {
    form.addEventListener("focusin", () => {
      last = form;
    });
  }
  lightsUp(region);
  movesByKey(text);
  comeBack(text);
}
