// Something on the way to the gateway: a proxy as clinics have them, that lets less and less through.

import { createServer, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';

/**
 * What gets through. `no-upgrade`: no WebSocket. `no-streams`: nor a stream, which it holds back until its end, as one that
 * buffers does. `down`: every connection is cut.
 */
export type Mode = 'all' | 'no-upgrade' | 'no-streams' | 'down';

export class Proxy {
  mode: Mode = 'all';
  /** Requests that came, as `METHOD /path`. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number) {
    this.#server = createServer((incoming, outgoing) => {
      const path = incoming.url ?? '/';
      this.asked.push(`${incoming.method} ${path.split('?')[0]}`);
      if (this.mode === 'down') return void incoming.socket.destroy();
      const { method } = incoming;
      // As a proxy is set up where the gateway guards its name.
      const headers = { ...incoming.headers, host: `127.0.0.1:${port}` };
      const onward = request({ port, host: '127.0.0.1', path, ...(method && { method }), headers }, (answer) => {
        const isStream = answer.headers['content-type'] === 'text/event-stream';
        if (isStream && this.mode === 'no-streams') return void answer.resume();
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    this.#server.on('upgrade', (incoming, socket, head) => {
      this.asked.push(`UPGRADE ${incoming.url?.split('?')[0]}`);
      if (this.mode !== 'all') {
        socket.end(this.mode === 'down' ? undefined : 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      const onward = connect(port, '127.0.0.1', () => {
        const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
        for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
          const name = incoming.rawHeaders[at] as string;
          lines.push(`${name}: ${name.toLowerCase() === 'host' ? `127.0.0.1:${port}` : incoming.rawHeaders[at + 1]}`);
        }
        onward.write(`${lines.join('\r\n')}\r\n\r\n`);
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      this.#keep(onward);
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
      socket.on('close', () => onward.destroy());
      onward.on('close', () => socket.destroy());
    });
    this.#server.on('connection', (socket) => this.#keep(socket));
  }

  static async start(port: number): Promise<Proxy> {
    const proxy = new Proxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a server has a port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Lets only this much through from now on, and cuts what is there. */
  become(mode: Mode): void {
    this.mode = mode;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  async end(): Promise<void> {
    this.become('down');
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
