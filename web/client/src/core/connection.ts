// Stays connected: dials, falls back to another transport where one does not get through, comes back for ever.

import { backoffMs } from './backoff.js';
import type { Frame } from './events.js';
import { Silence } from './silence.js';
import { type Closed, type Dial, LOST, type Link, type Sink, type Transport } from './transports/transport.js';

/** What a user is shown. `connecting`: a try is under way. `disconnected`: none is; the next may come by itself. */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected';

/** How long a try may take until the gateway's first frame, in milliseconds. */
export const CONNECT_MAX_MS = 10_000;
/** After so many failures in a row, while the gateway does answer requests, the next transport is tried. */
export const FAILURES_BEFORE_FALLBACK = 3;
/** On a fallback, the first transport gets another try so often, in milliseconds, when the connection begins anew. */
const PREFERRED_AGAIN_MS = 600_000;
/** A connection that lived so long, in milliseconds, was a good one: the wait after it begins small again. */
const STABLE_MS = 10_000;

/** What the connection tells its owner. */
export interface Owner {
  frame(frame: Frame): void;
  reached(cursor: string): void;
  /** The greeting has come: the link takes frames. Called before the greeting is told as a frame. */
  changed(state: ConnectionState): void;
  /** It was connected, and is no more. */
  lost(why: Closed): void;
  /** It does not come back by itself. */
  gaveUp(why: Closed): void;
}

/** Who is told 4403 or 4409 is not wanted; with 4401, the token has to be another one first. */
const isFinal = (code: number) => code === 4403 || code === 4409;

/** A connection that is wanted from `start` to `stop`. */
export class Connection {
  readonly #dial: Dial;
  readonly #transports: readonly Transport[];
  readonly #owner: Owner;
  #state: ConnectionState = 'disconnected';
  #link: Link | undefined;
  #silence: Silence | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts tries: what an earlier one still says is nobody's business. */
  #try = 0;
  #refollowing: ReturnType<typeof setTimeout> | undefined;
  #isWanted = false;
  #at = 0;
  #fellBackAt = 0;
  /** Failures of this transport in a row. */
  #strikes = 0;
  /** Failures of any. */
  #failures = 0;
  #connectedAt = 0;
  /** The token of the last try that was refused for it. */
  #refused: string | undefined;

  constructor(dial: Dial, transports: readonly Transport[], owner: Owner) {
    [this.#dial, this.#transports, this.#owner] = [dial, transports, owner];
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The transport of the connection, or of the next try. */
  get transport(): string {
    return this.#transports[this.#at]?.name ?? 'none';
  }

  /** How long nothing came, in milliseconds; nothing while not connected. */
  get silent_ms(): number | undefined {
    return this.#state === 'connected' ? this.#silence?.silent_ms : undefined;
  }

  start(): void {
    if (this.#isWanted) return;
    [this.#isWanted, this.#refused, this.#failures] = [true, undefined, 0];
    this.#open();
  }

  stop(): void {
    this.#isWanted = false;
    this.#end({ code: 1000, reason: 'disconnected by the client' });
  }

  /** Does at once what would be done later: the machine was asleep, or online again. */
  wake(): void {
    if (this.#silence) this.#silence.wake();
    else if (this.#isWanted && this.#state === 'disconnected') this.#open();
  }

  /** Other channels are followed: a transport that cannot be told asks anew, once for all that change together. */
  refollow(): void {
    this.#refollowing ??= setTimeout(() => {
      this.#refollowing = undefined;
      this.#link?.restart?.();
    });
  }

  /** True when the frame is on its way. */
  send(frame: object): boolean {
    if (this.#state !== 'connected' || !this.#link?.send) return false;
    this.#link.send(frame);
    return true;
  }

  #open(): void {
    clearTimeout(this.#timer);
    // What opens now asks for all of it.
    clearTimeout(this.#refollowing);
    this.#refollowing = undefined;
    this.#prefer();
    const attempt = (this.#try += 1);
    const isCurrent = () => attempt === this.#try;
    const sink: Sink = {
      heard: () => isCurrent() && this.#silence?.heard(),
      frame: (frame) => isCurrent() && this.#take(frame),
      reached: (cursor) => isCurrent() && this.#owner.reached(cursor),
      closed: (why) => isCurrent() && void this.#lose(why),
    };
    this.#enter('connecting');
    this.#timer = setTimeout(() => sink.closed(LOST), CONNECT_MAX_MS);
    const transport = this.#transports[this.#at] as Transport;
    this.#link = transport.open(this.#dial, sink);
  }

  /** After a while on a fallback, the way that was blocked may be open: one failure leads back. */
  #prefer(): void {
    if (this.#at === 0 || performance.now() - this.#fellBackAt < PREFERRED_AGAIN_MS) return;
    [this.#at, this.#strikes] = [0, FAILURES_BEFORE_FALLBACK - 1];
  }

  #take(frame: Frame): void {
    if (frame.type === 'connected' && this.#state === 'connecting') {
      clearTimeout(this.#timer);
      const { send, silenceMax_ms } = this.#link ?? {};
      this.#silence = new Silence({
        ...(send && { ping: () => this.send({ type: 'ping' }) }),
        ...(silenceMax_ms !== undefined && { silenceMax_ms }),
        lost: () => void this.#lose(LOST),
      });
      [this.#strikes, this.#connectedAt] = [0, performance.now()];
      this.#enter('connected');
    }
    this.#owner.frame(frame);
  }

  async #lose(why: Closed): Promise<void> {
    const was = this.#state;
    const lived_ms = was === 'connected' ? performance.now() - this.#connectedAt : 0;
    if (lived_ms > STABLE_MS) this.#failures = 0;
    this.#end(why);
    const attempt = this.#try;
    const isHopeless = isFinal(why.code) || (why.code === 4401 && (await this.#isRefusedAgain()));
    // Meanwhile it was stopped, or woken up.
    if (attempt !== this.#try || !this.#isWanted) return;
    if (isHopeless) {
      this.#isWanted = false;
      this.#owner.gaveUp(why);
      return;
    }
    this.#failures += 1;
    const wait_ms = backoffMs(this.#failures - 1);
    if (was === 'connecting' && why.code !== 4401) await this.#judge(why, attempt);
    if (attempt === this.#try && this.#isWanted) this.#timer = setTimeout(() => this.#open(), wait_ms);
  }

  /** Whether the transport is to blame: it is when the gateway answers requests meanwhile. */
  async #judge(why: Closed, attempt: number): Promise<void> {
    if (!why.isImpossible && !(await this.#dial.rest.answers())) return;
    if (attempt !== this.#try) return;
    this.#strikes = why.isImpossible ? FAILURES_BEFORE_FALLBACK : this.#strikes + 1;
    if (this.#strikes < FAILURES_BEFORE_FALLBACK) return;
    [this.#strikes, this.#fellBackAt] = [0, performance.now()];
    this.#at = (this.#at + 1) % this.#transports.length;
    // A way that was not tried yet need not wait for those that were.
    if (this.#at > 0) this.#failures = 0;
  }

  /** A token may have been renewed since it was refused; the same one again is refused for good. */
  async #isRefusedAgain(): Promise<boolean> {
    const token = await this.#dial.rest.token().catch(() => undefined);
    const isAgain = token === undefined || token === this.#refused;
    this.#refused = token;
    return isAgain;
  }

  /** Lets go of the connection of now. */
  #end(why: Closed): void {
    clearTimeout(this.#timer);
    this.#try += 1;
    this.#silence?.stop();
    this.#silence = undefined;
    this.#link?.close();
    this.#link = undefined;
    const wasConnected = this.#state === 'connected';
    this.#enter('disconnected');
    if (wasConnected) this.#owner.lost(why);
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#owner.changed(state);
  }
}
