// The WebSocket: the one way that can also ask and tell.

import { ProblemError } from '../rest.js';
import { type Closed, closedBy, type Dial, LOST, type Link, parse, type Sink, type Transport, type WebSocketLike } from './transport.js';

/** The hub closes whoever sends more than 20 frames a second (`hub.frames_per_s`). */
const SENDS_PER_S_MAX = 15;

export const websocket: Transport = {
  name: 'websocket',
  open(dial: Dial, sink: Sink): Link {
    const link = new SocketLink(dial, sink);
    void link.begin();
    return link;
  },
};

class SocketLink implements Link {
  readonly #dial: Dial;
  readonly #sink: Sink;
  #socket: WebSocketLike | undefined;
  #isOver = false;
  /** Frames of the last second; what is more waits. Only channels and one ping at a time come here, so it is bounded. */
  #sent: number[] = [];
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(dial: Dial, sink: Sink) {
    [this.#dial, this.#sink] = [dial, sink];
  }

  async begin(): Promise<void> {
    const { WebSocket, rest } = this.#dial;
    if (!WebSocket) return this.#end({ ...LOST, isImpossible: true });
    try {
      const ticket = await rest.ticket();
      if (!this.#isOver) this.#listen(new WebSocket(this.#address(ticket)));
    } catch (error) {
      this.#end(error instanceof ProblemError ? closedBy(error.status) : LOST);
    }
  }

  send(frame: object): void {
    this.#waiting.push(JSON.stringify(frame));
    this.#drain();
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
  }

  #address(ticket: string | undefined): string {
    const { url, who } = this.#dial;
    const query = Object.entries(ticket === undefined ? who : { ticket })
      .filter((pair): pair is [string, string] => Boolean(pair[1]))
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${url.replace(/^http/, 'ws')}/ws${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  #listen(socket: WebSocketLike): void {
    this.#socket = socket;
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (this.#isOver) return;
      this.#sink.heard();
      const frame = parse(data);
      if (frame) this.#sink.frame(frame);
    };
    // What went wrong is not told by an error's event; the close that follows is what counts.
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }: Closed) => this.#end({ code, reason: reason || LOST.reason });
  }

  #drain(): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    this.#sent = this.#sent.filter((at) => Math.abs(now - at) < 1_000);
    while (this.#waiting.length > 0 && this.#sent.length < SENDS_PER_S_MAX) {
      const text = this.#waiting.shift() as string;
      if (this.#socket?.readyState === 1) this.#socket.send(text);
      this.#sent.push(now);
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#drain(), 250);
  }

  #end(why: Closed): void {
    if (this.#isOver) return;
    this.close();
    this.#sink.closed(why);
  }
}
