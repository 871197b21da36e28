// Changes of this page that the gateway has not answered: they wait, or were not sent.

import type { CareSyncClient, OutboxEntry } from '@caresync/client';

/** The client's queue, as components watch it. */
export class Unsent {
  readonly #client: CareSyncClient;
  #entries: readonly OutboxEntry[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(client: CareSyncClient) {
    this.#client = client;
  }

  /** What waits and what was not sent, oldest first. The same array until that changes. */
  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  /** Follows the queue; returns what ends that. */
  follow(): () => void {
    return this.#client.on('outbox', () => this.#read());
  }

  /** Forgets one that was not sent. */
  discard(id: string): void {
    this.#client.outbox.discard(id);
    this.#read();
  }

  /** Calls `watcher` after each change; returns what ends that. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  #read(): void {
    this.#entries = this.#client.outbox.entries();
    this.#watchers.forEach((watcher) => watcher());
  }
}
