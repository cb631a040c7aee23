// Sends a testimony, and says no more of what became of it than can be known.

import type { Sealer } from "./sealer";
import type { Outcome, Site } from "./site";
import type { Testimony } from "./testimony";

/** An outcome, or that there was nothing to send, since it could not be sealed. */
type Said = Outcome | "not_sent";

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
   * its answer was lost, the server keeps that one and says so.
   */
  async send(testimony: Testimony): Promise<Said> {
    let said = await this.#attempt(testimony);
    if (said === "refused") {
      this.sealer.renew();
      said = await this.#attempt(testimony);
    }
    // What was said of a later attempt is no answer to an earlier one.
    return said !== "sent" && this.sealer.inDoubt ? "unknown" : said;
  }

  async #attempt(testimony: Testimony): Promise<Said> {
    let letter;
    try {
      letter = await this.sealer.letter(testimony);
    } catch {
      // `not_sent` says also that nothing left the page.
      return this.#left ? "retry" : "not_sent";
    }
    this.#left = true;
    const outcome = await this.site.send(letter, this.token);
    if (outcome === "unknown") this.sealer.doubt();
    return outcome;
  }
}
