// How long something is, in one rounded number: "5 min", "2 h", "3 d".

/** The unit of an age, as the message files name it. */
export type AgeUnit = 's' | 'min' | 'h' | 'd';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A duration as a whole number of its largest unit, rounded down: nothing looks older than it is. */
export function rounded(duration_ms: number): { n: number; unit: AgeUnit } {
  if (duration_ms < MINUTE_MS) return { n: Math.max(0, Math.floor(duration_ms / 1_000)), unit: 's' };
  if (duration_ms < HOUR_MS) return { n: Math.floor(duration_ms / MINUTE_MS), unit: 'min' };
  // Four hours and four and a half are not the same to whoever waits.
  if (duration_ms < DAY_MS) return { n: Math.floor((duration_ms / HOUR_MS) * 10) / 10, unit: 'h' };
  return { n: Math.floor(duration_ms / DAY_MS), unit: 'd' };
}
