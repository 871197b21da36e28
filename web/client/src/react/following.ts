// Channels that several components follow: the first one joins, the last one leaves.

import type { ChannelOptions } from '../core/following.js';
import type { CareSyncClient } from '../core/client.js';

const followers = new WeakMap<CareSyncClient, Map<string, number>>();

/** Follows a channel until what it returns is called. */
export function follow(client: CareSyncClient, room: string, options: ChannelOptions = {}): () => void {
  const counts = followers.get(client) ?? new Map<string, number>();
  followers.set(client, counts);
  const count = counts.get(room) ?? 0;
  counts.set(room, count + 1);
  // Who wants the state gets it, though the channel is joined.
  if (count === 0 || options.snapshot || options.presence) client.subscribe(room, options);
  return () => {
    const left = (counts.get(room) ?? 1) - 1;
    counts.set(room, left);
    if (left === 0) client.unsubscribe(room);
  };
}
