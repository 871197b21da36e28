// The real gateway, in a process of its own, with the demo's clinic and without cameras.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import WebSocket from 'ws';

import { CareSyncClient, type ClientOptions } from '../src/index.js';

/** No start, event or answer takes longer on a machine that also builds. */
export const SOON_MS = 20_000;

export const DOCTOR = 'token-of-the-doctor';
export const NURSE = 'token-of-the-nurse';
export const HEAD = 'token-of-the-head-doctor';
export const ADMIN = 'token-of-the-admin';

const seedFile = join(import.meta.dirname, '../../../configs/clinic.demo.toml');

const user = (id: string, role: string, token: string, more = '') =>
  `[[auth.demo_users]]\nid = "${id}"\nemail = "${id}@demo.local"\nname = "${id}"\nrole = "${role}"\n` +
  `password = "demo-caresync"\ntoken = "${token}"\n${more}\n`;

const config = `[facility]
seed_file = "${seedFile}"
[http]
open_demo = true
requests_per_s_per_address = 100000
${user('demo-doctor', 'doctor', DOCTOR, 'doctor_id = "doc-001"')}
${user('demo-nurse', 'nurse', NURSE)}
${user('demo-head', 'head_doctor', HEAD)}
${user('demo-admin', 'admin', ADMIN)}
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a server has a port');
  return address.port;
}

export class Gateway {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    [this.port, this.#folder] = [port, folder];
  }

  static async start(): Promise<Gateway> {
    const folder = await mkdtemp(join(tmpdir(), 'caresync-client-'));
    await writeFile(join(folder, 'gateway.toml'), config);
    const gateway = new Gateway(await freePort(), folder);
    await gateway.restart();
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port and the same store. */
  async restart(): Promise<void> {
    const binary = process.env.GATEWAY_BIN;
    if (!binary) throw new Error('GATEWAY_BIN has to name the binary of the gateway');
    const child = spawn(binary, ['serve', '--config', join(this.#folder, 'gateway.toml')], {
      cwd: this.#folder,
      env: {
        ...process.env,
        CARESYNC_HTTP__LISTEN: `127.0.0.1:${this.port}`,
        CARESYNC_STORE__PATH: join(this.#folder, 'store'),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    // A run that fails leaves none behind.
    process.once('exit', () => child.kill('SIGKILL'));
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the gateway did not start:\n${said.join('\n')}`)));
      createInterface({ input: child.stderr }).on('line', (line) => {
        said.push(line);
        if (line.includes('the gateway is ready')) resolve();
      });
    });
  }

  /** Kills it without a word. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Stops it in the middle of whatever it does, as a machine that hangs: sockets stay open, and silent. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Removes what it wrote. */
  async end(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }

  /** Asks as the head doctor, past any client. */
  async ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${HEAD}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Says how a room is, and so makes one event. */
  async setRoom(id: string, status: string): Promise<void> {
    await this.ask('PUT', `/api/rooms/${id}/status`, { status });
  }
}

const clients: CareSyncClient[] = [];

/** A client of the doctor's, not connected yet. */
export function clientOf(url: string, options: ClientOptions = {}): CareSyncClient {
  const client = new CareSyncClient(url, 'demo-doctor', 'doc-001', {
    WebSocket,
    getToken: () => DOCTOR,
    ...options,
  });
  clients.push(client);
  return client;
}

/** Lets go of all clients. */
export function disconnectAll(): void {
  clients.splice(0).forEach((client) => client.disconnect());
}

/** Waits until `probe` gives something, and returns it. */
export async function until<T>(what: string, probe: () => T | undefined | false, within_ms = SOON_MS): Promise<T> {
  const end = performance.now() + within_ms;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A frame or an event of the client, as tests look at it. */
export interface Heard {
  type: string;
  // Tests look into it as they like.
  data: any;
  room?: string;
  seq?: number;
  replay?: boolean;
  recovered?: boolean;
}

/** Everything that a client tells, in its order. */
export function record(client: CareSyncClient): Heard[] {
  const heard: Heard[] = [];
  client.on('*', (event) => heard.push(event as Heard));
  return heard;
}

/** The room whose status `setRoom` changed, and what to. */
export const roomEvents = (heard: Heard[]) =>
  heard.filter(({ type }) => type === 'room:updated').map(({ data }) => `${data.id} ${data.status}`);
