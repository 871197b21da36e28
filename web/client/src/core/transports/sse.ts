// Server-sent events, where something on the way lets no WebSocket through. Read with `fetch`, because `EventSource` takes
// no token and does not say why it was refused.

import type { Frame } from '../events.js';
import { closedBy, type Closed, type Dial, LOST, type Link, parse, type Sink, type Transport } from './transport.js';
import { search } from './search.js';

/** The gateway says something every 15 s; after this silence it is gone. In milliseconds. */
const SILENCE_MAX_MS = 20_000;
/** The longest event, in characters: a snapshot of a large clinic is far below. */
const EVENT_CHARACTERS_MAX = 16 * 1024 * 1024;

export const sse: Transport = {
  name: 'sse',
  open(dial: Dial, sink: Sink): Link {
    return new StreamLink(dial, sink);
  },
};

class StreamLink implements Link {
  readonly silenceMax_ms = SILENCE_MAX_MS;
  readonly #dial: Dial;
  readonly #sink: Sink;
  #abort = new AbortController();
  #goodbye: Closed | undefined;
  #isGreeted = false;

  constructor(dial: Dial, sink: Sink) {
    [this.#dial, this.#sink] = [dial, sink];
    void this.#read(this.#abort);
  }

  restart(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    void this.#read(this.#abort);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(abort: AbortController): Promise<void> {
    const why = await this.#stream(abort).catch(() => LOST);
    if (!abort.signal.aborted) this.#sink.closed(this.#goodbye ?? why);
  }

  async #stream(abort: AbortController): Promise<Closed> {
    const { rooms, since, snapshot } = this.#dial.query();
    const query = search({ channels: rooms.join(','), since, snapshot });
    const response = await this.#dial.rest.send(`/api/events?${query}`, { signal: abort.signal });
    if (!response.ok) return closedBy(response.status);
    const reader = response.body?.getReader?.();
    if (!reader) {
      abort.abort();
      this.#sink.closed({ ...LOST, isImpossible: true });
      return LOST;
    }
    const decoder = new TextDecoder();
    const isFresh = since === undefined && !snapshot;
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || abort.signal.aborted) return LOST;
      this.#sink.heard();
      const parts = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = parts.pop() ?? '';
      if (text.length > EVENT_CHARACTERS_MAX) return LOST;
      for (const part of parts) {
        if (abort.signal.aborted) return LOST;
        this.#take(part, isFresh);
      }
    }
  }

  /** One event: its cursor in `id`, its frame in `data`. */
  #take(part: string, isFresh: boolean): void {
    const field = (name: string) => part.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const frame = parse(field('data'));
    if (!frame) return;
    // Asking anew for other channels is no new connection.
    const isGreeting = frame.type === 'connected';
    if (!isGreeting || !this.#isGreeted) this.#sink.frame(frame);
    this.#isGreeted ||= isGreeting;
    const cursor = field('id') ?? (isFresh ? cursorOf(frame) : undefined);
    if (cursor !== undefined) this.#sink.reached(cursor);
    if (frame.type === 'goodbye') this.#goodbye = frame.data as Closed;
  }
}

/** Who asks for nothing of the past knows everything up to the greeting. */
function cursorOf(frame: Frame): string | undefined {
  const { epoch, seq } = frame.data as { epoch?: string; seq?: number };
  return frame.type === 'connected' ? `${epoch}:${seq}` : undefined;
}
