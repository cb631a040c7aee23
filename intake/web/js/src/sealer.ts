// One testimony, one letter: sealed ahead while the person reads it through, the same bytes for
// every attempt to send it, so that sending twice keeps one (README decision 5).

import { Author } from "./author";
import type { Bytes } from "./bytes";
import { encode } from "./canonical";
import { seal } from "./seal";
import { checkToday, fetchRoster, type Site } from "./site";
import type { Roster } from "./roster_text";
import type { Testimony } from "./testimony";

export class Sealer {
  #roster: Roster | undefined;
  #author: Author | undefined;
  #sealed: { readonly answers: string; readonly letter: Promise<Bytes> } | undefined;

  constructor(
    private readonly site: Site,
    roster: Roster,
  ) {
    this.#roster = roster;
  }

  /** The letter of this testimony: the one made before where nothing was changed since. */
  letter(testimony: Testimony): Promise<Bytes> {
    const answers = encode({ ...testimony });
    if (this.#sealed?.answers !== answers) {
      this.#author = Author.fresh(this.site.epoch());
      this.#sealed = { answers, letter: this.#seal(testimony, this.#author) };
    }
    return this.#sealed.letter;
  }

  /** Seal anew, to the roster as it is now, but as the same submission. */
  again(testimony: Testimony): Promise<Bytes> {
    this.#roster = undefined;
    const author = this.#author ?? Author.fresh(this.site.epoch());
    const letter = this.#seal(testimony, author);
    this.#sealed = { answers: encode({ ...testimony }), letter };
    return letter;
  }

  /** Let go of everything that tells of a testimony. */
  forget(): void {
    this.#author = undefined;
    this.#sealed = undefined;
  }

  async #seal(testimony: Testimony, author: Author): Promise<Bytes> {
    this.#roster ??= await fetchRoster(this.site);
    checkToday(this.#roster);
    return await seal(testimony, this.#roster, this.site.epoch(), author);
  }
}
