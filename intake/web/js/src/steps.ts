// The browser's own Back within the form: one press is one page of the form back, and nothing that
// is written is lost by it. The entries in its history say nothing but how many pages there were.

export class Steps {
  #depth = 0;
  #ended = false;

  /** `stepBack` shows the page before; it says whether it did. */
  constructor(private readonly stepBack: () => boolean) {
    addEventListener("popstate", ({ state }) => this.#to(typeof state === "number" ? state : 0));
  }

  /** A page further. Called while somebody presses a button: else browsers pass over the entry. */
  forward(): void {
    this.#depth++;
    history.pushState(this.#depth, "");
  }

  /** A page back, as the browser's button does it. */
  back(): void {
    if (this.#depth > 0) history.back();
    else this.stepBack();
  }

  /** The form is done: Back leaves the page. */
  end(): void {
    this.#ended = true;
    if (this.#depth > 0) history.go(-this.#depth);
  }

  #to(depth: number): void {
    if (this.#ended) return;
    while (this.#depth > depth) {
      // What cannot be left now keeps its place in the history too.
      if (!this.stepBack()) break;
      this.#depth--;
    }
    if (this.#depth !== depth) history.go(this.#depth - depth);
  }
}
