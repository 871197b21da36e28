// Who is connected, in an order in which trouble is seen.

import type { components } from '@caresync/client';

/** A connection as admins see it. */
export type Connection = components['schemas']['Listed'];

/** Whoever is behind comes first, furthest behind on top; then the newest. */
export function byLag(a: Connection, b: Connection): number {
  return b.lag_events - a.lag_events || b.lag_bytes - a.lag_bytes || b.since.localeCompare(a.since) || a.client_id.localeCompare(b.client_id);
}

/** Whether it has not got everything yet. */
export function isBehind({ lag_events, lag_bytes }: Connection): boolean {
  return lag_events > 0 || lag_bytes > 0;
}
