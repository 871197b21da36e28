// Changes that wait for the gateway. Each is sent in its turn, with one key for all its tries, so that it is done once; one
// that has waited for two minutes is not sent any more, because the ward has moved on, and shows as "not sent".

import { newId } from './id.js';
import { type Answer, ProblemError, type RequestOptions, type Rest, UnansweredError } from './rest.js';
import type { Storage } from './storage.js';

/** How long a change may wait, in milliseconds. */
export const OUTBOX_MAX_AGE_MS = 120_000;
/** Changes that wait or show as not sent. One more is refused: somebody has to see that nothing goes out. */
export const OUTBOX_ENTRIES_MAX = 100;
/** When nothing else says that the gateway is back, a try is made so often, in milliseconds. */
export const OUTBOX_RETRY_MS = 3_000;

/** A change of the clinic's state. */
export interface Mutation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  /** The ETag or revision that it rests on. */
  ifMatch?: string | number;
  /** What people see while it waits. Kept with the queue, so no patient's name. */
  label?: string;
  /** False: now or not at all. */
  queue?: boolean;
}

/** A change in the queue, as people are shown it. */
export interface OutboxEntry {
  id: string;
  label?: string;
  method: string;
  path: string;
  /** When it was made, in milliseconds since 1970 by this machine's clock. */
  at: number;
  /** `refused`: the gateway has answered, and not done it. `not_sent`: no answer came in time. */
  status: 'waiting' | 'sent' | 'refused' | 'not_sent';
  /** The code of the refusal. */
  code?: string;
}

interface Kept extends OutboxEntry {
  body?: unknown;
  ifMatch?: string | number;
}

/** A change was not sent, and will not be. */
export class NotSentError extends Error {
  constructor(why: 'expired' | 'discarded' | 'full' | 'offline') {
    super(`not sent: ${why}`);
    this.name = 'NotSentError';
  }
}

/** An acknowledgement says "I have seen this now". Minutes later that would be a lie, so it never waits. */
const isAcknowledgement = (path: string) => /\/acknowledge\/?(\?.*)?$/.test(path);

interface Waiter {
  resolve(answer: Answer<unknown>): void;
  reject(error: Error): void;
}

/** The queue of one user. */
export class Outbox {
  readonly #rest: Rest;
  readonly #storage: Storage;
  readonly #name: string;
  readonly #moved: (entry: OutboxEntry) => void;
  readonly #maxAge_ms: number;
  #kept: Kept[] = [];
  readonly #waiters = new Map<string, Waiter>();
  readonly #loaded: Promise<void>;
  #flushing = false;
  #isPaused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rest: Rest, storage: Storage, name: string, moved: (entry: OutboxEntry) => void, maxAge_ms: number) {
    [this.#rest, this.#storage, this.#name] = [rest, storage, name];
    [this.#moved, this.#maxAge_ms] = [moved, maxAge_ms];
    this.#loaded = this.#load();
  }

  /** What waits and what was not sent, oldest first. */
  entries(): OutboxEntry[] {
    return this.#kept.map(shown);
  }

  /** Forgets a change: one that waits is not sent. */
  discard(id: string): void {
    this.#kept = this.#kept.filter((it) => it.id !== id);
    this.#settle(id, (waiter) => waiter.reject(new NotSentError('discarded')));
    this.#save();
  }

  /** Sends now, or as soon as the gateway answers. Rejects when it is refused, expired or may not wait. */
  async submit<T>(mutation: Mutation): Promise<Answer<T>> {
    await this.#loaded;
    const { queue, ...rest } = mutation;
    const entry: Kept = { ...rest, id: newId(), at: Date.now(), status: 'waiting' };
    if (queue === false || isAcknowledgement(mutation.path)) return this.#once<T>(entry);
    if (this.#kept.length >= OUTBOX_ENTRIES_MAX) throw new NotSentError('full');
    const answer = new Promise<Answer<unknown>>((resolve, reject) => this.#waiters.set(entry.id, { resolve, reject }));
    this.#kept.push(entry);
    this.#save();
    this.#moved(shown(entry));
    void this.flush();
    return answer as Promise<Answer<T>>;
  }

  /** Sends what waits, one after the other. */
  async flush(): Promise<void> {
    this.#isPaused = false;
    await this.#loaded;
    if (this.#flushing) return;
    this.#flushing = true;
    clearTimeout(this.#timer);
    try {
      for (let next = this.#next(); next && !this.#isPaused; next = this.#next()) {
        if (!(await this.#deliver(next))) break;
      }
    } finally {
      this.#flushing = false;
      this.#arm();
    }
  }

  /** Nothing is tried any more until something is submitted or flushed. */
  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
  }

  /** The oldest that waits, after those that are too old have ended. */
  #next(): Kept | undefined {
    for (const entry of this.#kept.filter((it) => it.status === 'waiting')) {
      if (!this.#isExpired(entry)) return entry;
      this.#end(entry, 'not_sent');
      this.#settle(entry.id, (waiter) => waiter.reject(new NotSentError('expired')));
    }
    return undefined;
  }

  /** A clock that was set back makes nothing younger than it is. */
  #isExpired(entry: Kept): boolean {
    const age_ms = Date.now() - entry.at;
    return age_ms >= this.#maxAge_ms || age_ms < 0;
  }

  /** False when the gateway does not answer, and the others need not be tried. */
  async #deliver(entry: Kept): Promise<boolean> {
    try {
      const answer = await this.#ask(entry);
      this.#end(entry, 'sent');
      this.#settle(entry.id, (waiter) => waiter.resolve(answer));
      return true;
    } catch (error) {
      if (canWait(error)) return false;
      const code = error instanceof ProblemError ? error.code : 'unexpected';
      this.#end(entry, 'refused', code);
      this.#settle(entry.id, (waiter) => waiter.reject(error as Error));
      return true;
    }
  }

  async #once<T>(entry: Kept): Promise<Answer<T>> {
    try {
      return await this.#ask<T>(entry);
    } catch (error) {
      if (!(error instanceof UnansweredError)) throw error;
      this.#moved({ ...shown(entry), status: 'not_sent' });
      throw new NotSentError('offline');
    }
  }

  #ask<T>(entry: Kept): Promise<Answer<T>> {
    const { body, ifMatch } = entry;
    const options: RequestOptions = { idempotencyKey: entry.id };
    if (body !== undefined) options.body = body;
    if (ifMatch !== undefined) options.ifMatch = ifMatch;
    return this.#rest.request<T>(entry.method, entry.path, options);
  }

  /** What was not sent stays, to be seen; the rest leaves. */
  #end(entry: Kept, status: 'sent' | 'refused' | 'not_sent', code?: string): void {
    entry.status = status;
    if (code !== undefined) entry.code = code;
    if (status !== 'not_sent') this.#kept = this.#kept.filter((it) => it !== entry);
    this.#save();
    this.#moved(shown(entry));
  }

  #settle(id: string, tell: (waiter: Waiter) => void): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (waiter) tell(waiter);
  }

  /** Tries again after a while, and in time to end what expires. */
  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#isPaused) return;
    const waiting = this.#kept.find((it) => it.status === 'waiting');
    if (!waiting) return;
    const left_ms = Math.max(0, waiting.at + this.#maxAge_ms - Date.now());
    this.#timer = setTimeout(() => void this.flush(), Math.min(OUTBOX_RETRY_MS, left_ms));
  }

  async #load(): Promise<void> {
    try {
      const text = await this.#storage.getItem(this.#name);
      if (text) this.#kept = [...(JSON.parse(text) as Kept[]), ...this.#kept];
    } catch {
      // What cannot be read is nobody's to send.
    }
  }

  #save(): void {
    try {
      const saved =
        this.#kept.length > 0
          ? this.#storage.setItem(this.#name, JSON.stringify(this.#kept))
          : this.#storage.removeItem(this.#name);
      // A full or forbidden storage costs the queue its life after a reload, and nothing else.
      Promise.resolve(saved).catch(() => {});
    } catch {
      // As above.
    }
  }
}

function canWait(error: unknown): boolean {
  return error instanceof UnansweredError || (error instanceof ProblemError && error.retryable);
}

/** Without what it changes: a body is nobody's to show. */
function shown({ id, label, method, path, at, status, code }: Kept): OutboxEntry {
  return { id, method, path, at, status, ...(label !== undefined && { label }), ...(code !== undefined && { code }) };
}
