// When to come back: full jitter, so that the clients of a gateway that restarted do not all come at once.

/** The first wait is a random part of this, in milliseconds. */
export const BACKOFF_FIRST_MS = 1_000;
/** No wait is longer, in milliseconds, however often it failed. There is no last try. */
export const BACKOFF_MAX_MS = 30_000;

/** How long to wait after so many failures in a row (0 after the first), in milliseconds. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures);
}
