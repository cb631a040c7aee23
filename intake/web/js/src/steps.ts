// The browser's own Back within the form: one press leads back to where one was before, and nothing
// that is written is lost by it. The entries in its history say nothing but how many there are; an offline page that
// was left knows by them that it was (offline.ts).

export class Steps {
  /** Where each step began, the first one first; as many as there are entries. */
  readonly #trail: string[] = [];
  #ended = false;

  /** `show` shows where a step began; it says whether it could. */
  constructor(private readonly show: (where: string) => boolean) {
    addEventListener("popstate", ({ state }) => this.#to(typeof state === "number" ? state : 0));
  }

  /** A step from `where`. Called while somebody presses a button: else browsers pass over the entry. */
  forward(where: string): void {
    if (this.#trail.length === 0) history.replaceState(0, "");
    this.#trail.push(where);
    history.pushState(this.#trail.length, "");
  }

  /** A step back, as the browser's button does it. */
  back(): void {
    history.back();
  }

  /** The form is done: Back leaves the page. */
  end(): void {
    this.#ended = true;
    if (this.#trail.length > 0) history.go(-this.#trail.length);
  }

  #to(depth: number): void {
    if (this.#ended) return;
    while (this.#trail.length > depth) {
      // What cannot be left now keeps its place in the history too.
      if (!this.show(this.#trail[this.#trail.length - 1] as string)) break;
      this.#trail.pop();
    }
    if (this.#trail.length !== depth) history.go(this.#trail.length - depth);
  }
}
