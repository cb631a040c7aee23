// One testimony, one letter: sealed ahead while the person reads it through, the same bytes as long
// as they may be kept already, and otherwise never of another week or to other reviewers than now.

import { Author } from "./author";
import type { Bytes } from "./bytes";
import { encode } from "./canonical";
import { seal } from "./seal";
import { fetchPresent, isFresh, type Present, type Site } from "./site";
import type { Testimony } from "./testimony";

/** What was made of one testimony. Its author's secrets stay, so that the server keeps one. */
interface Draft {
  readonly answers: string;
  readonly author: Author;
  made: { readonly letter: Bytes; readonly present: Present } | undefined;
  inDoubt: boolean;
  /** The last that was asked for; the next waits for it. */
  turn: Promise<unknown>;
}

export class Sealer {
  #present: Present;
  #draft: Draft | undefined;

  constructor(
    private readonly site: Site,
    present: Present,
  ) {
    this.#present = present;
  }

  /** The letter of this testimony, as it may be sent now; throws where it cannot be sealed now. */
  letter(testimony: Testimony): Promise<Bytes> {
    const draft = this.#draftOf(testimony);
    const letter = draft.turn.then(() => this.#letter(draft, testimony));
    draft.turn = letter.catch(() => undefined);
    return letter;
  }

  /** The server refused the letter: the next is sealed anew, to what the server says then. */
  renew(): void {
    this.#present = { ...this.#present, fetched: undefined };
    if (this.#draft !== undefined) this.#draft.made = undefined;
  }

  /** Nobody knows whether the server has the letter: from now on, the same bytes go first. */
  doubt(): void {
    if (this.#draft !== undefined) this.#draft.inDoubt = true;
  }

  /** Whether the testimony may be kept already. */
  get inDoubt(): boolean {
    return this.#draft?.inDoubt ?? false;
  }

  /** Let go of everything that tells of a testimony. */
  forget(): void {
    this.#draft = undefined;
  }

  #draftOf(testimony: Testimony): Draft {
    const answers = encode({ ...testimony });
    if (this.#draft?.answers !== answers) {
      const author = Author.fresh(this.#present.epoch);
      const turn = Promise.resolve();
      this.#draft = { answers, author, made: undefined, inDoubt: false, turn };
    }
    return this.#draft;
  }

  async #letter(draft: Draft, testimony: Testimony): Promise<Bytes> {
    if (draft.made !== undefined && draft.inDoubt) return draft.made.letter;
    if (!isFresh(this.#present)) {
      this.#present = await fetchPresent(this.site, this.#present.roster);
    }
    const present = this.#present;
    if (draft.made === undefined || !areSame(draft.made.present, present)) {
      const letter = await seal(
        testimony,
        present.roster,
        present.epoch,
        draft.author,
        this.site.mode,
      );
      draft.made = { letter, present };
    }
    return draft.made.letter;
  }
}

function areSame(one: Present, other: Present): boolean {
  return one.roster.digest === other.roster.digest && one.epoch.number === other.epoch.number;
}
