// The client of this program. Hooks find it here, whichever of them runs first.

import { CareSyncClient, type ClientOptions } from './client.js';

let current: CareSyncClient | undefined;
const watchers = new Set<() => void>();

/**
 * Makes the client of this program, and connects it. One that was there before is disconnected.
 *
 * `userId` and `doctorId` say who sits there; the proof is `getToken`. Without it, the gateway has to be an open demo.
 */
export function initializeWebSocket(
  url: string,
  userId?: string,
  doctorId?: string,
  options?: ClientOptions,
): CareSyncClient {
  current?.disconnect();
  const client = new CareSyncClient(url, userId, doctorId, options);
  current = client;
  client.connect();
  watchers.forEach((watcher) => watcher());
  return client;
}

/** The client that was made last. */
export function getWebSocketClient(): CareSyncClient | undefined {
  return current;
}

/** Calls `watcher` whenever another client is made; returns what ends that. */
export function watchWebSocketClient(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
