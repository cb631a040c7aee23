// Sends what is typed at a step to the desk, which keeps it sealed: a crash loses the last moment of it.
// Without this script there is a button that does the same.

const SETTLE = 250; // milliseconds after the first unsaved keystroke

function body(form: HTMLFormElement): URLSearchParams {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") pairs.append(name, value);
  }
  return pairs;
}

class Draft {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending = false;
  private changed = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly address: string,
  ) {}

  // Not put off by further keystrokes: whoever types without a pause is saved all the same.
  note(): void {
    this.changed = true;
    if (this.timer === undefined && !this.sending) this.timer = setTimeout(() => void this.save(), SETTLE);
  }

  // What is kept as a record needs no draft any more.
  end(): void {
    clearTimeout(this.timer);
    this.changed = false;
  }

  // `leaving` where the page goes: the browser then sends it all the same, up to 64 KiB.
  async save(leaving = false): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    // One after the other: an older one must never come last.
    if (this.sending || !this.changed) return;
    this.sending = true;
    this.changed = false;
    let saved = false;
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body: body(this.form),
        keepalive: leaving,
      });
      saved = answer.ok;
    } catch {
      // The desk has ended, or is busy: said below, and tried again with the next keystroke.
    }
    this.sending = false;
    this.tell(saved);
    if (!saved) this.changed = true;
    else if (this.changed) this.note();
  }

  private tell(saved: boolean): void {
    const told = this.form.querySelector<HTMLElement>("[data-told]");
    if (told === null) return;
    told.textContent = this.form.dataset[saved ? "saved" : "unsaved"] ?? "";
    told.className = saved ? "hint" : "alert";
    // Each saving is no news to somebody who listens; a failure is.
    if (saved) told.removeAttribute("role");
    else told.setAttribute("role", "alert");
  }
}

export function keepsDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const draft = new Draft(form, form.dataset["draft"] ?? "");
    form.addEventListener("input", () => {
      draft.note();
    });
    // Esc may be the first of two that lock.
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") void draft.save();
    });
    addEventListener("pagehide", () => void draft.save(true));
    form.addEventListener("submit", () => {
      draft.end();
    });
  }
}
