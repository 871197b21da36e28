// Whether what is shown is how things are. It is as long as the gateway is heard; after that it is how things were.

import type { CareSyncClient } from '@caresync/client';

/** How often silence is looked at, in milliseconds. */
const LOOK_MS = 1_000;

/** The close code for that newer connections of the same user have taken the place of this one. */
export const REPLACED = 4409;

/** What is asked of a client. */
export type Heard = Pick<CareSyncClient, 'isConnected' | 'silent_ms' | 'transport' | 'on' | 'watchState'>;

/** Whether the page can be trusted, and since when it cannot. */
export interface Standing {
  /** `first`: nothing has come yet. `stale`: what is shown is `age_s` old. */
  state: 'first' | 'live' | 'stale';
  /** Whole seconds since the gateway was heard last; 0 while live. */
  age_s: number;
}

/** Watches one client. */
export class Trust {
  readonly #client: Heard;
  readonly #elapsed_ms: () => number;
  #heardAt_ms: number | undefined;
  #isCurrent = false;
  #isReplaced = false;
  #standing: Standing = { state: 'first', age_s: 0 };
  readonly #watchers = new Set<() => void>();

  constructor(client: Heard, elapsed_ms: () => number = () => performance.now()) {
    [this.#client, this.#elapsed_ms] = [client, elapsed_ms];
  }

  /** How it stands now. The same object until it changes. */
  get standing(): Standing {
    return this.#standing;
  }

  /** Newer windows of the same person have taken this one's place. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  /** Looks once a second and whenever the connection changes; returns what ends that. */
  watch(): () => void {
    const timer = setInterval(() => this.look(), LOOK_MS);
    const ends = [
      this.#client.watchState(() => this.look()),
      // The greeting alone brings nothing: what was missed is here when the channel says that it is joined.
      this.#client.on('subscribed', () => this.#arrive()),
      this.#client.on('snapshot', () => this.#arrive()),
      this.#client.on('connected', () => this.#replace(false)),
      this.#client.on('reconnect_failed', ({ data }) => this.#replace(data.code === REPLACED)),
    ];
    return () => {
      clearInterval(timer);
      ends.forEach((end) => end());
    };
  }

  /** Calls `watcher` after each change; returns what ends that. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  #arrive(): void {
    this.#isCurrent = true;
    this.look();
  }

  #replace(isReplaced: boolean): void {
    this.#isReplaced = isReplaced;
    this.#watchers.forEach((watcher) => watcher());
  }

  /** Looks how long nothing was heard. */
  look(): void {
    const now_ms = this.#elapsed_ms();
    const isConnected = this.#client.isConnected();
    if (!isConnected) this.#isCurrent = false;
    // An event stream says nothing of its own when it goes on where it was.
    else if (this.#client.transport !== 'websocket') this.#isCurrent = true;
    if (isConnected && this.#isCurrent) this.#heardAt_ms = now_ms - (this.#client.silent_ms ?? 0);
    this.#enter(this.#found(now_ms));
  }

  #found(now_ms: number): Standing {
    if (this.#heardAt_ms === undefined) return { state: 'first', age_s: 0 };
    if (this.#isCurrent) return { state: 'live', age_s: 0 };
    return { state: 'stale', age_s: Math.floor((now_ms - this.#heardAt_ms) / 1_000) };
  }

  #enter(found: Standing): void {
    if (found.state === this.#standing.state && found.age_s === this.#standing.age_s) return;
    this.#standing = found;
    this.#watchers.forEach((watcher) => watcher());
  }
}
