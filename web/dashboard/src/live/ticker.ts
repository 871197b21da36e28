// One timer for everything on the page that grows older.

/** How often ages are looked at, in milliseconds. */
const TICK_MS = 1_000;

/** Calls its watchers once a second, as long as there are any. */
export class Ticker {
  readonly #watchers = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Calls `watcher` each second; returns what ends that. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    this.#timer ??= setInterval(() => this.#watchers.forEach((it) => it()), TICK_MS);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };
}
