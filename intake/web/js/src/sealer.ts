// One testimony, one letter: sealed ahead while the person reads it through, the same bytes as long
// as they may be kept already, and otherwise never of another week or to other reviewers than now.

import { isAcknowledged, isOfAnother, openingOf } from "./acknowledgement";
import { freshCounter, type Holder } from "./author";
import type { Bytes } from "./bytes";
import { encode } from "./canonical";
import { seal } from "./seal";
import type { Epoch } from "./epoch";
import { isFresh, type Present, type Site } from "./site";
import type { Testimony } from "./testimony";

/** What was made of one testimony. Its author's counter stays, so that the server keeps one. */
interface Draft {
  readonly answers: string;
  counter: number;
  made: { readonly letter: Bytes; readonly present: Present } | undefined;
  /** Every letter that was made of it: the server keeps the first that came. */
  readonly openings: Map<string, Epoch>;
  inDoubt: boolean;
  /** The last that was asked for; the next waits for it. */
  turn: Promise<unknown>;
}

const TRIES = 100; // of 256 numbers a week

export class Sealer {
  #present: Present;
  #draft: Draft | undefined;
  readonly #counters = new Set<number>();

  constructor(
    private readonly site: Site,
    present: Present,
    /** Whoever writes; may take a while, and throws where the code cannot be stretched now. */
    private readonly holder: () => Promise<Holder>,
    /** Whether something may have been sent under this code before this page was opened. */
    private readonly used: boolean,
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

  /** The server's answer where it is the log's promise for this testimony; undefined for others. */
  proofIn(answer: string): string | undefined {
    const openings = this.#draft?.openings ?? new Map<string, Epoch>();
    return isAcknowledged(answer, openings, this.#present) ? answer : undefined;
  }

  /**
   * Whether the server says that it keeps something else under this one's number, so that this one
   * is not kept; then it has a new number, and can be sent again. Of a code that is new it cannot be.
   */
  renumbered(answer: string): boolean {
    const draft = this.#draft;
    if (!this.used || draft === undefined || !isOfAnother(answer, draft.openings)) return false;
    draft.counter = this.#freshCounter();
    draft.made = undefined;
    draft.openings.clear();
    draft.inDoubt = false;
    return true;
  }

  /** Let go of everything that tells of a testimony. */
  forget(): void {
    this.#draft = undefined;
  }

  #draftOf(testimony: Testimony): Draft {
    const answers = encode({ ...testimony });
    if (this.#draft?.answers !== answers) {
      const counter = this.#freshCounter();
      const turn = Promise.resolve();
      const openings = new Map<string, Epoch>();
      this.#draft = { answers, counter, made: undefined, openings, inDoubt: false, turn };
    }
    return this.#draft;
  }

  /** A number that nothing from this page has had: of two with one, the server keeps the first. */
  #freshCounter(): number {
    let counter = freshCounter(this.#present.epoch);
    for (let tries = 0; tries < TRIES && this.#counters.has(counter); tries++) {
      counter = freshCounter(this.#present.epoch);
    }
    this.#counters.add(counter);
    return counter;
  }

  async #letter(draft: Draft, testimony: Testimony): Promise<Bytes> {
    if (draft.made !== undefined && draft.inDoubt) return draft.made.letter;
    const author = (await this.holder()).author(draft.counter);
    if (!isFresh(this.#present)) {
      this.#present = await this.site.present(this.#present.roster);
    }
    const present = this.#present;
    if (draft.made === undefined || !areSame(draft.made.present, present)) {
      const letter = await seal(
        testimony,
        present.roster,
        present.epoch,
        author,
        this.site.mode,
      );
      draft.made = { letter, present };
      draft.openings.set(...openingOf(letter));
    }
    return draft.made.letter;
  }
}

function areSame(one: Present, other: Present): boolean {
  return one.roster.digest === other.roster.digest && one.epoch.number === other.epoch.number;
}
