// A list in which one finds a choice by typing a part of it: over a plain <select>, which keeps what is
// chosen and is all there is where no script runs. After the combobox pattern of ARIA.

function folded(text: string): string {
  return text.toLowerCase().replaceAll("ё", "е");
}

/** Whether every word that was typed stands in a label, or in its code. */
export function fits(label: string, code: string, typed: string): boolean {
  const whole = folded(`${label} ${code}`);
  return folded(typed).split(/\s+/).every((word) => whole.includes(word));
}

class Picker {
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("ul");
  private readonly chips = document.createElement("p");
  private at = -1;

  constructor(private readonly select: HTMLSelectElement) {
    const { input, list, chips } = this;
    input.type = "text";
    input.id = `${select.id}-typed`;
    input.autocomplete = "off";
    input.spellcheck = false;
    list.id = `${select.id}-list`;
    list.hidden = true;
    list.className = "options";
    list.setAttribute("role", "listbox");
    chips.className = "chips";
    const label = document.querySelector<HTMLLabelElement>(`label[for="${select.id}"]`);
    if (label !== null) {
      label.htmlFor = input.id;
      list.setAttribute("aria-label", label.textContent ?? "");
    }
    const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);
    select.hidden = true;
    select.after(input, list);
    if (select.multiple) input.before(chips);
    input.addEventListener("input", () => {
      this.open(input.value);
    });
    input.addEventListener("click", () => {
      this.open("");
    });
    input.addEventListener("keydown", (event) => {
      this.key(event);
    });
    input.addEventListener("blur", () => {
      this.close();
    });
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-value]") : null;
      if (option !== null) this.choose(option.dataset["value"] ?? "");
    });
    this.show();
  }

  private options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-value]")];
  }

  private open(typed: string): void {
    const found = [...this.select.options].filter((one) => one.value !== "" && fits(one.label, one.value, typed));
    this.list.replaceChildren(
      ...found.map((one, number) => {
        const row = document.createElement("li");
        row.id = `${this.list.id}-${number}`;
        row.dataset["value"] = one.value;
        row.textContent = one.label;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(one.selected));
        return row;
      }),
    );
    this.list.hidden = found.length === 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.point(typed === "" ? -1 : 0);
  }

  private point(at: number): void {
    const options = this.options();
    this.at = options.length === 0 ? -1 : Math.min(at, options.length - 1);
    for (const [number, option] of options.entries()) option.classList.toggle("at", number === this.at);
    const here = options[this.at];
    if (here === undefined) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", here.id);
      here.scrollIntoView({ block: "nearest" });
    }
  }

  private key(event: KeyboardEvent): void {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.open("");
      this.point(Math.max(0, this.at + (event.key === "ArrowDown" ? 1 : -1)));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      const option = this.options()[this.at];
      if (option !== undefined) this.choose(option.dataset["value"] ?? "");
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Backspace" && this.input.value === "" && this.select.multiple) {
      const last = [...this.select.selectedOptions].at(-1);
      if (last !== undefined) this.choose(last.value);
    }
  }

  private choose(value: string): void {
    for (const option of this.select.options) {
      if (option.value === value) option.selected = !this.select.multiple || !option.selected;
    }
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    if (this.select.multiple) this.input.value = "";
    this.show();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    // What was emptied is no choice any more; what is half typed is none yet.
    if (!this.select.multiple && this.input.value.trim() === "" && this.select.value !== "") {
      this.select.value = "";
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.show();
  }

  private show(): void {
    const chosen = [...this.select.selectedOptions].filter((one) => one.value !== "");
    if (!this.select.multiple) {
      this.input.value = chosen[0]?.label ?? "";
      return;
    }
    this.chips.replaceChildren(
      ...chosen.map((one) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.textContent = `${one.label} \u00d7`;
        chip.addEventListener("click", () => {
          this.choose(one.value);
          this.input.focus();
        });
        return chip;
      }),
    );
    if (document.activeElement !== this.input) this.input.value = "";
  }
}

/** Make every list of a form that is marked so one that is searched by typing. */
export function makePickers(form: HTMLElement): void {
  for (const select of form.querySelectorAll<HTMLSelectElement>("select[data-pick]")) new Picker(select);
}
