// Who is silent for too long is gone, whatever the socket believes: a machine that lost its power sends no farewell.
// Measured by a clock that nobody sets.

/** A ping is sent after so much silence, in milliseconds. */
export const PING_AFTER_MS = 10_000;
/** Its answer may take so long, in milliseconds. */
export const PONG_MAX_MS = 4_000;
/** So many pings go unanswered before the connection counts as lost. */
export const PINGS_MISSED_MAX = 2;
/** How often silence is looked at, in milliseconds. */
const LOOK_MS = 1_000;

/** What listens to silence is told. */
export interface Ears {
  /** Asks for a sign of life; absent where the other side gives one by itself. */
  ping?: () => void;
  /** With `ping` absent: the longest silence, in milliseconds. */
  silenceMax_ms?: number;
  lost: () => void;
}

/** Watches one connection. */
export class Silence {
  readonly #ears: Ears;
  #heardAt = performance.now();
  #pingedAt = 0;
  #missed = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(ears: Ears) {
    this.#ears = ears;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Something came. */
  heard(): void {
    this.#heardAt = performance.now();
    this.#missed = 0;
  }

  /** How long nothing came, in milliseconds. */
  get silent_ms(): number {
    return performance.now() - this.#heardAt;
  }

  /** Looks at once: this machine may have slept, and the connection died meanwhile. */
  wake(): void {
    if (this.#ears.ping && this.#missed === 0 && this.silent_ms > LOOK_MS) this.#ping();
    else this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { ping, silenceMax_ms = Infinity, lost } = this.#ears;
    if (!ping) {
      if (this.silent_ms > silenceMax_ms) lost();
      return;
    }
    const isDue = this.#missed === 0 ? this.silent_ms >= PING_AFTER_MS : performance.now() - this.#pingedAt >= PONG_MAX_MS;
    if (!isDue) return;
    if (this.#missed >= PINGS_MISSED_MAX) lost();
    else this.#ping();
  }

  #ping(): void {
    this.#missed += 1;
    this.#pingedAt = performance.now();
    this.#ears.ping?.();
  }
}
