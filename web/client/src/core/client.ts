// The client: one connection to one gateway, what is followed over it, and the way to change things.

import { Connection, type ConnectionState } from './connection.js';
import { Emitter, type Handler } from './emitter.js';
import { type ClientEvent, type EventOf, type EventType, type Frame, local } from './events.js';
import { type ChannelOptions, Following } from './following.js';
import { defaultLifecycle, type Lifecycle } from './lifecycle.js';
import { type Mutation, Outbox, OUTBOX_MAX_AGE_MS, type OutboxEntry } from './outbox.js';
import { type Answer, type GetToken, type RequestOptions, Rest } from './rest.js';
import { memoryStorage, type Storage } from './storage.js';
import { poll } from './transports/poll.js';
import { sse } from './transports/sse.js';
import type { Transport, WebSocketMaker } from './transports/transport.js';
import { websocket } from './transports/websocket.js';

/** What a client may be given. */
export interface ClientOptions {
  /** The bearer token of now. Called for each connection and request; without it, the gateway has to be an open demo. */
  getToken?: GetToken;
  /** The ways to the hub, the preferred one first. */
  transports?: readonly (keyof typeof TRANSPORTS | Transport)[];
  /** Where the queue of changes survives a reload. Kept in memory by default: changes may be about patients. */
  storage?: Storage;
  /** When to look at once whether the gateway is there. In a page this is known; for React Native: `appStateLifecycle`. */
  lifecycle?: Lifecycle;
  /** Where it is not global: Node before 22. */
  WebSocket?: WebSocketMaker;
  fetch?: typeof fetch;
  /** How long a change may wait before it shows as not sent, in milliseconds. */
  mutationMaxAge_ms?: number;
}

const TRANSPORTS = { websocket, sse, poll };

/** Live state of a CareSync gateway. */
export class CareSyncClient {
  readonly #emitter = new Emitter<ClientEvent>();
  readonly #following = new Following();
  readonly #connection: Connection;
  readonly #rest: Rest;
  readonly #outbox: Outbox;
  readonly #lifecycle: Lifecycle;
  #unwatch: (() => void) | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(url: string, userId?: string, doctorId?: string, options: ClientOptions = {}) {
    const base = url.replace(/^ws/, 'http').replace(/\/+$/, '');
    const platform = globalThis as { WebSocket?: WebSocketMaker };
    const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#rest = new Rest(base, options.getToken, send);
    this.#lifecycle = options.lifecycle ?? defaultLifecycle();
    this.#outbox = new Outbox(
      this.#rest,
      options.storage ?? memoryStorage(),
      `caresync:outbox:${base}:${userId ?? ''}`,
      (entry) => this.#emitter.emit(local('outbox', entry)),
      options.mutationMaxAge_ms ?? OUTBOX_MAX_AGE_MS,
    );
    const dial = {
      url: base,
      rest: this.#rest,
      WebSocket: options.WebSocket ?? platform.WebSocket,
      who: { userId, doctorId },
      query: () => this.#following.query(),
    };
    const named = options.transports ?? ['websocket', 'sse', 'poll'];
    const transports = named.map((it) => (typeof it === 'string' ? TRANSPORTS[it] : it));
    this.#connection = new Connection(dial, transports, {
      frame: (frame) => this.#take(frame),
      reached: (cursor) => this.#following.reached(cursor),
      changed: () => this.#watchers.forEach((watcher) => watcher()),
      lost: ({ code, reason }) => this.#emitter.emit(local('disconnected', { code, reason })),
      gaveUp: ({ code, reason }) => this.#emitter.emit(local('reconnect_failed', { code, reason })),
    });
  }

  /** Connects, and stays connected until `disconnect`. */
  connect(): void {
    this.#unwatch ??= this.#lifecycle.watch(() => this.#connection.wake());
    this.#connection.start();
  }

  /** Ends the connection. Changes that wait keep waiting for the next `connect`, for as long as they may. */
  disconnect(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#outbox.pause();
    this.#connection.stop();
  }

  /** Follows a channel: `facility`, `actions`, `tasks` … (docs/hub.md). May be called before `connect`, and again. */
  subscribe(room: string, options: ChannelOptions = {}): void {
    this.#following.add(room, options);
    this.#sendWithBarrier([this.#following.asking(room, false)]);
    this.#connection.refollow();
  }

  unsubscribe(room: string): void {
    if (!this.#following.remove(room)) return;
    this.#connection.send({ type: 'unsubscribe', room });
    this.#connection.refollow();
  }

  /** Calls `handler` for each event of this type, `*` for all; returns what ends that. */
  on<T extends EventType | '*'>(type: T, handler: Handler<EventOf<T>>): () => void;
  on<T extends string>(type: T, handler: Handler<EventOf<T>>): () => void;
  on(type: string, handler: Handler<never>): () => void {
    this.#emitter.on(type, handler);
    return () => this.#emitter.off(type, handler);
  }

  off<T extends EventType | '*'>(type: T, handler: Handler<EventOf<T>>): void;
  off<T extends string>(type: T, handler: Handler<EventOf<T>>): void;
  off(type: string, handler: Handler<never>): void {
    this.#emitter.off(type, handler);
  }

  isConnected(): boolean {
    return this.#connection.state === 'connected';
  }

  getState(): ConnectionState {
    return this.#connection.state;
  }

  /** Calls `watcher` whenever `getState` has changed; returns what ends that. */
  watchState(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** The transport in use, or to be tried next: `websocket`, `sse` or `poll`. */
  get transport(): string {
    return this.#connection.transport;
  }

  /** How long nothing came, in milliseconds, by a clock that nobody sets; nothing while not connected. */
  get silent_ms(): number | undefined {
    return this.#connection.silent_ms;
  }

  /** `epoch:seq` up to which everything that is followed is known. */
  get cursor(): string | undefined {
    return this.#following.cursor;
  }

  /** Tells the others of a channel something that is kept nowhere. False where it cannot be: only a WebSocket carries it. */
  signal(room: string, data: unknown): boolean {
    return this.#connection.send({ type: 'signal', room, data });
  }

  /** Asks the REST door. Throws `ProblemError` or `UnansweredError`. */
  request<T = unknown>(method: string, path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.#rest.request<T>(method, path, options);
  }

  /** Changes something, now or when the gateway is back within two minutes. Acknowledging never waits. */
  mutate<T = unknown>(mutation: Mutation): Promise<Answer<T>> {
    return this.#outbox.submit<T>(mutation);
  }

  /** Changes that wait or were not sent, for people to see. */
  get outbox(): { entries(): OutboxEntry[]; discard(id: string): void } {
    return this.#outbox;
  }

  #take(frame: Frame): void {
    if (!this.#following.take(frame)) return;
    // Answers to our own pings are no news.
    if (frame.type === 'pong') return;
    if (frame.type === 'connected') this.#resume(frame);
    if (frame.type === 'resync' && frame.room !== undefined) {
      this.#sendWithBarrier([this.#following.asking(frame.room, false)]);
    }
    this.#emitter.emit(frame as ClientEvent);
  }

  /** Asks for everything that was missed. */
  #resume({ data }: Frame): void {
    const joined = (data as { channels?: string[] }).channels ?? [];
    // Joined by themselves, but not resumed by themselves.
    for (const room of joined) this.#following.add(room, {});
    this.#sendWithBarrier(this.#following.rooms.map((room) => this.#following.asking(room, true)));
    void this.#outbox.flush();
  }

  #sendWithBarrier(frames: object[]): void {
    if (!frames.every((frame) => this.#connection.send(frame))) return;
    this.#connection.send(this.#following.barrier());
  }
}
