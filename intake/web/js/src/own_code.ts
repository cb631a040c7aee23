// The code of what is written on one page: eight words by chance, stretched while the person is
// still writing. It stays the same until the page is left.

import type { Holder } from "./author";
import type { CodeFiles } from "./code_files";
import { Codename } from "./codename";
import { Once } from "./once";

export class OwnCode {
  #code: Codename | undefined = Codename.fresh();
  #wanted = false;
  #holder = new Once(() => this.#stretch());
  /** Whether it is stretched. */
  ready = false;

  constructor(
    readonly files: CodeFiles,
    private readonly deployment: string,
  ) {}

  /**
   * Fetch what it needs, and stretch it from the first letter that is written on, or at once where
   * some were before this script was here: whoever only reads a page does not pay for a code. What
   * fails now is tried again later.
   */
  begin(form: HTMLElement): void {
    this.files.begin();
    const stretch = (): void => void this.#holder.get().catch(() => undefined);
    if ([...form.querySelectorAll("textarea")].some((box) => box.value !== "")) stretch();
    else form.addEventListener("input", stretch, { once: true });
  }

  /** Whoever has it; throws where it cannot be stretched now. */
  holder(): Promise<Holder> {
    this.#wanted = true;
    return this.#holder.get();
  }

  /** Its words; throws where the list is not here. */
  async words(): Promise<readonly string[]> {
    return this.#known.in(await this.files.list());
  }

  /** Let go of it, and of whoever has it. */
  forget(): void {
    this.#code = undefined;
    this.#holder = new Once(() => this.#stretch()); // which fails from now on
  }

  get #known(): Codename {
    if (this.#code === undefined) throw new Error("the code is forgotten");
    return this.#code;
  }

  async #stretch(): Promise<Holder> {
    const holder = await this.files.holderOf(this.#known, this.deployment, () => this.#wanted);
    this.ready = true;
    return holder;
  }
}
