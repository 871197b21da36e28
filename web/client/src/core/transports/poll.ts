// Long poll, for whoever can do nothing but ask: behind a proxy that holds streams back, and in React Native, whose `fetch`
// reads no stream.

import type { Frame } from '../events.js';
import { ProblemError, UnansweredError } from '../rest.js';
import { search } from './search.js';
import { type Closed, closedBy, type Dial, LOST, type Link, type Sink, type Transport } from './transport.js';

/** How long the gateway waits for news, in seconds. */
const WAIT_S = 15;
/** How long an answer may take, in milliseconds: the wait, and the way. */
const ANSWER_MAX_MS = 20_000;
/** The first answer of a connection is asked for without a wait. */
const FIRST_MAX_MS = 8_000;

interface Polled {
  events: Frame[];
  cursor: string;
}

export const poll: Transport = {
  name: 'poll',
  open(dial: Dial, sink: Sink): Link {
    return new PollLink(dial, sink);
  },
};

class PollLink implements Link {
  readonly silenceMax_ms = ANSWER_MAX_MS;
  readonly #dial: Dial;
  readonly #sink: Sink;
  #abort = new AbortController();
  #isGreeted = false;

  constructor(dial: Dial, sink: Sink) {
    [this.#dial, this.#sink] = [dial, sink];
    void this.#ask(this.#abort);
  }

  restart(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    void this.#ask(this.#abort);
  }

  close(): void {
    this.#abort.abort();
  }

  async #ask(abort: AbortController): Promise<void> {
    let isFirst = true;
    while (!abort.signal.aborted) {
      const { rooms, since, snapshot } = this.#dial.query();
      // Without a cursor the answer is the state, at once.
      const wait_s = isFirst || snapshot || since === undefined ? 0 : WAIT_S;
      const query = search({ channels: rooms.join(','), cursor: since, snapshot, wait_s });
      isFirst = false;
      try {
        const within_ms = wait_s === 0 ? FIRST_MAX_MS : ANSWER_MAX_MS;
        const options = { signal: abort.signal, within_ms };
        const { body } = await this.#dial.rest.request<Polled>('GET', `/api/poll?${query}`, options);
        if (!abort.signal.aborted) this.#take(body);
      } catch (error) {
        if (!abort.signal.aborted) this.#end(error);
      }
    }
  }

  #take(polled: Polled): void {
    // Somebody on the way answered in the gateway's name.
    if (!Array.isArray(polled?.events)) throw new UnansweredError();
    this.#sink.heard();
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      this.#sink.frame({ type: 'connected', data: {}, timestamp: new Date().toISOString() });
    }
    for (const frame of polled.events) this.#sink.frame(frame);
    this.#sink.reached(polled.cursor);
  }

  #end(error: unknown): void {
    this.close();
    const why: Closed = error instanceof ProblemError ? closedBy(error.status) : LOST;
    this.#sink.closed(why);
  }
}
