// Sends a testimony, and says no more of what became of it than can be known.

import type { Sealer } from "./sealer";
import type { Outcome, Site } from "./site";
import type { Testimony } from "./testimony";

/** An outcome, or why there was nothing to send: it could not be sealed, or a code is in it. */
type Said = Outcome | "not_sent" | "code_in_text";

/** What can be said of a testimony; with `proof`, the log's promise of what was sent. */
export interface Delivered {
  readonly said: Said;
  readonly proof: string | undefined;
}

const TRIES = 8; // numbers that were taken, one after the other

interface Attempt {
  readonly outcome: Said;
  readonly said: string;
}

export class Delivery {
  /** Whether anything, sealed, has left this page. */
  #left = false;

  constructor(
    private readonly site: Site,
    private readonly sealer: Sealer,
    /** The field with the anti-forgery token. */
    private readonly token: HTMLInputElement,
  ) {}

  /**
   * Send it; never throws. A letter that is refused, as one of another week or roster is, is
   * sealed anew under the same status and sent once more: if the first was kept before and only
   * its answer was lost, the server keeps that one and says so. One under whose number another
   * is kept is sent under a new number.
   */
  async send(testimony: Testimony): Promise<Delivered> {
    let answer = await this.#attempt(testimony);
    if (answer.outcome === "refused") {
      this.sealer.renew();
      answer = await this.#attempt(testimony);
    }
    for (let tries = 0; tries < TRIES && this.sealer.renumbered(answer.said); tries++) {
      answer = await this.#attempt(testimony);
    }
    const { outcome, said } = answer;
    if (outcome === "sent") return { said: outcome, proof: this.sealer.proofIn(said) };
    // What was said of a later attempt is no answer to an earlier one.
    return { said: this.sealer.inDoubt ? "unknown" : outcome, proof: undefined };
  }

  /** What is said where nothing can be sent now; `not_sent` says also that nothing left the page. */
  get nothing(): Delivered {
    return { said: this.#left ? "retry" : "not_sent", proof: undefined };
  }

  async #attempt(testimony: Testimony): Promise<Attempt> {
    let letter;
    try {
      letter = await this.sealer.letter(testimony);
    } catch {
      return { outcome: this.nothing.said, said: "" };
    }
    this.#left = true;
    const answer = await this.site.send(letter, this.token);
    if (answer.outcome === "unknown") this.sealer.doubt();
    return answer;
  }
}
