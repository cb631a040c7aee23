// Long work in short pieces, so that a slow phone can still scroll, type and leave.

const PIECE = 20; // milliseconds

/** Let the browser do everything else that waits. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Pauses whenever a piece of work has taken long enough. */
export class Breath {
  #since = performance.now();

  /** The results of `one` for 0 to `count` - 1. */
  async map<T>(count: number, one: (i: number) => T): Promise<T[]> {
    const results: T[] = [];
    for (let i = 0; i < count; i++) {
      results.push(one(i));
      if (i % 64 === 63 && performance.now() - this.#since > PIECE) {
        await pause();
        this.#since = performance.now();
      }
    }
    return results;
  }
}
