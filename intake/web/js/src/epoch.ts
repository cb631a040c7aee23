// Epochs: ISO weeks in UTC, the only time that anything on the server carries.

import { demand } from "./errors";

export const DAY = 86_400_000; // milliseconds
const FIRST_MONDAY = Date.UTC(1970, 0, 5);

/** One ISO week, as `2026-W47`; none before 1970-W02. */
export class Epoch {
  private constructor(
    /** Weeks since Monday 1970-01-05. */
    readonly number: number,
  ) {}

  /** Read `2026-W47`; the inverse of `toString`. */
  static parse(text: string): Epoch {
    const match = /^([0-9]{4})-W([0-9]{2})$/.exec(text);
    demand(match !== null, "an epoch is written like 2026-W47");
    const year = Number(match[1]);
    // The week that holds 4 January is the first.
    const epoch = Epoch.of(utc(year, 4) + (Number(match[2]) - 1) * 7 * DAY);
    demand(epoch.toString() === text, "no such week");
    return epoch;
  }

  /** The epoch that holds this moment, in milliseconds since 1970. */
  static of(milliseconds: number): Epoch {
    const number = Math.floor((milliseconds - FIRST_MONDAY) / (7 * DAY));
    demand(number >= 0 && Number.isSafeInteger(number), "no such week");
    return new Epoch(number);
  }

  /** The epoch `weeks` later. */
  plus(weeks: number): Epoch {
    return new Epoch(this.number + weeks);
  }

  /** Its Sunday, in milliseconds since 1970. */
  get lastDay(): number {
    return FIRST_MONDAY + (this.number * 7 + 6) * DAY;
  }

  toString(): string {
    const thursday = new Date(FIRST_MONDAY + this.number * 7 * DAY + 3 * DAY);
    const year = thursday.getUTCFullYear();
    const week = Math.floor((thursday.getTime() - utc(year, 1)) / (7 * DAY)) + 1;
    return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
  }
}

// Date.UTC takes the years 0 to 99 for 1900 to 1999; all of them are too early for an epoch anyway.
function utc(year: number, dayOfJanuary: number): number {
  return Date.UTC(year < 100 ? 100 : year, 0, dayOfJanuary);
}
