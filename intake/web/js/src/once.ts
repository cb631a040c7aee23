// Something that takes time and is wanted more than once: had once, and where that failed, tried
// again by whoever asks next.

export class Once<T> {
  #had: Promise<T> | undefined;

  constructor(private readonly have: () => Promise<T>) {}

  get(): Promise<T> {
    this.#had ??= this.have().catch((error: unknown) => {
      this.#had = undefined;
      throw error;
    });
    return this.#had;
  }
}
