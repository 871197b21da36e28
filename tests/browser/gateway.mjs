// The real gateway with the demo of configs/demo.toml, in a process and a folder of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** No start, event or answer takes longer on a machine that also builds. */
export const SOON_MS = 20_000;

/** The demo's people, all with the same password. */
export const PASSWORD = 'demo-caresync';

const configs = join(import.meta.dirname, '../../configs');

/**
 * The demo's configuration, section by section, for a copy in another folder. Its cameras are left out unless they are
 * asked for: they only add events of their own.
 */
async function demo(withCameras, more) {
  const text = await readFile(join(configs, 'demo.toml'), 'utf8');
  const sections = text.split(/^(?=\[)/m).filter((section) => withCameras || !section.startsWith('[[cameras]]'));
  return sections.join('').replace('seed_file = "', `seed_file = "${configs}/`) + more;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a server has a port');
  return address.port;
}

/** A gateway of one test. */
export class Gateway {
  #folder;
  #ports;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  #tokens = new Map();

  constructor(folder, ports) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /** Starts one; `more` is added to the demo's configuration. */
  static async start({ cameras = false, more = '' } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'caresync-browser-'));
    await writeFile(join(folder, 'gateway.toml'), await demo(cameras, more));
    const gateway = new Gateway(folder, { http: await freePort(), mqtt: await freePort() });
    await gateway.restart();
    return gateway;
  }

  /** Where its pages are. */
  get url() {
    return `http://127.0.0.1:${this.#ports.http}`;
  }

  /** Starts it again, on the same ports and the same store. */
  async restart() {
    const binary = process.env.GATEWAY_BIN;
    if (!binary) throw new Error('GATEWAY_BIN has to name the binary of the gateway');
    const child = spawn(binary, ['serve', '--config', join(this.#folder, 'gateway.toml')], {
      cwd: this.#folder,
      env: {
        ...process.env,
        CARESYNC_HTTP__LISTEN: `127.0.0.1:${this.#ports.http}`,
        CARESYNC_MQTT__LISTEN: `127.0.0.1:${this.#ports.mqtt}`,
        CARESYNC_STORE__PATH: join(this.#folder, 'store'),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    // A run that fails leaves none behind.
    process.once('exit', () => child.kill('SIGKILL'));
    const said = [];
    await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the gateway did not start:\n${said.join('\n')}`)));
      createInterface({ input: child.stderr }).on('line', (line) => {
        said.push(line);
        if (line.includes('the gateway is ready')) resolve(undefined);
      });
    });
  }

  /** Kills it without a word. */
  async kill() {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Stops it in the middle of whatever it does, as a machine that hangs: sockets stay open, and silent. */
  freeze() {
    this.#process?.kill('SIGSTOP');
  }

  /** Lets it go on. */
  thaw() {
    this.#process?.kill('SIGCONT');
  }

  /** Removes what it wrote. */
  async end() {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }

  /**
   * Asks as one of the demo's people, past any browser.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>} what is answered
   */
  async ask(method, path, body, who = 'admin') {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${await this.#token(who)}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : await response.json();
  }

  /** Logs in once for each of them: who asks at the same time waits for the same answer. */
  #token(who) {
    if (!this.#tokens.has(who)) this.#tokens.set(who, this.#logIn(who));
    return this.#tokens.get(who);
  }

  async #logIn(who) {
    const response = await fetch(`${this.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: `${who}@demo.local`, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`log in as ${who}: ${response.status}`);
    return (await response.json()).token;
  }

  /** Says something as a device does, at QoS 1: it is on the gateway's disk when this returns. */
  async publish(topic, payload) {
    const broker = ['-h', '127.0.0.1', '-p', String(this.#ports.mqtt), '-q', '1'];
    await promisify(execFile)('mosquitto_pub', [...broker, '-t', topic, '-m', payload]);
  }

  /** Reports by webhook what a vision system sees in a room: the seed's own door. */
  async see(room, occupied) {
    const response = await fetch(`${this.url}/api/webhooks/opencv/event`, {
      method: 'POST',
      headers: { 'X-OpenCV-API-Key': 'opencv_secret_key_789', 'Content-Type': 'application/json' },
      body: JSON.stringify({
        timestamp: new Date().toISOString(),
        eventType: 'room_occupancy',
        entityType: 'room',
        entityId: room,
        data: { occupied },
        confidence: 0.95,
        cameraId: 'cam-9',
      }),
    });
    if (!response.ok) throw new Error(`webhook: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
