// The gateway's time, without this machine's clock: its frames say what time it is there, and how long that is ago is
// measured by a clock that nobody sets.

/** A clock that goes on at the pace of this machine, and shows the time of the gateway. */
export class ServerClock {
  readonly #elapsed_ms: () => number;
  /** What the gateway's clock showed when `elapsed_ms` was zero. */
  #offset_ms: number | undefined;

  constructor(elapsed_ms: () => number = () => performance.now()) {
    this.#elapsed_ms = elapsed_ms;
  }

  /** A new connection: another gateway may be behind it, or its clock may have been set. */
  reset(): void {
    this.#offset_ms = undefined;
  }

  /** A frame that was written just now says when. The one that came quickest is nearest to the truth. */
  heard(timestamp: string): void {
    const said_ms = Date.parse(timestamp);
    if (Number.isNaN(said_ms)) return;
    const offset_ms = said_ms - this.#elapsed_ms();
    this.#offset_ms = Math.max(this.#offset_ms ?? -Infinity, offset_ms);
  }

  /** Milliseconds since 1970 at the gateway; nothing until it has spoken. */
  get now_ms(): number | undefined {
    return this.#offset_ms === undefined ? undefined : this.#offset_ms + this.#elapsed_ms();
  }

  /** How long ago that was, in milliseconds; what lies ahead is now. */
  age_ms(time: string): number | undefined {
    const now_ms = this.now_ms;
    return now_ms === undefined ? undefined : Math.max(0, now_ms - Date.parse(time));
  }
}
