// Proxies that let no WebSocket through, and then no stream either: the client finds the way that is left, and misses nothing.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { clientOf, disconnectAll, Gateway, record, roomEvents, until } from './gateway.js';
import { Proxy } from './proxy.js';

let gateway: Gateway;
let proxy: Proxy;

beforeAll(async () => {
  gateway = await Gateway.start();
});
beforeEach(async () => {
  proxy = await Proxy.start(gateway.port);
});
afterEach(async () => {
  disconnectAll();
  await proxy.end();
});
afterAll(() => gateway.end());

const tries = (what: string) => proxy.asked.filter((it) => it === what).length;

test('without upgrades, three tries of a WebSocket lead to the stream; without streams, to polling', async () => {
  const client = clientOf(proxy.url);
  const heard = record(client);
  client.subscribe('facility', { snapshot: true });
  client.connect();
  await until('the WebSocket', () => client.isConnected() && client.cursor !== undefined);
  expect(client.transport).toBe('websocket');
  const ours = () => roomEvents(heard).filter((it) => it.startsWith('room-5'));

  proxy.asked.length = 0;
  proxy.become('no-upgrade');
  await until('it has lost it', () => !client.isConnected());
  await gateway.setRoom('room-5', 'occupied');
  await until('the stream', () => client.isConnected() && client.transport === 'sse');
  expect(tries('UPGRADE /ws')).toBe(3);
  await until('what it missed', () => ours().length === 1);
  await gateway.setRoom('room-5', 'available');
  await until('what happens on the stream', () => ours().length === 2);

  proxy.asked.length = 0;
  proxy.become('no-streams');
  await until('it has lost it', () => !client.isConnected());
  await gateway.setRoom('room-5', 'occupied');
  await until('polling', () => client.isConnected() && client.transport === 'poll', 60_000);
  expect(tries('GET /api/events')).toBe(3);
  await until('what it missed', () => ours().length === 3);
  await gateway.setRoom('room-5', 'available');
  await until('what happens then', () => ours().length === 4);
  expect(ours()).toEqual(['occupied', 'available', 'occupied', 'available'].map((it) => `room-5 ${it}`));
  expect(heard.filter(({ type }) => type === 'snapshot').length).toBe(1);
}, 120_000);

test.each(['sse', 'poll'] as const)('%s brings the state, follows other channels when told, and says no signals', async (name) => {
  const client = clientOf(proxy.url, { transports: [name] });
  const heard = record(client);
  client.connect();
  // The request is on its way, without it.
  client.subscribe('facility', { snapshot: true });
  await until('the snapshot', () => heard.find(({ type, room }) => type === 'snapshot' && room === 'facility'));
  client.subscribe('actions', { snapshot: true });
  await until('the other', () => heard.find(({ type, room }) => type === 'snapshot' && room === 'actions'));
  await gateway.ask('POST', '/api/actions', { type: 'manual', urgency: 'normal', title: 'look', description: 'look' });
  await until('its event', () => heard.find(({ type }) => type === 'action:created'));
  expect(client.signal('actions', {})).toBe(false);
  client.unsubscribe('actions');
  await gateway.ask('POST', '/api/actions', { type: 'manual', urgency: 'low', title: 'look', description: 'again' });
  await gateway.setRoom('room-6', 'occupied');
  await until('the room', () => roomEvents(heard).includes('room-6 occupied'));
  expect(heard.filter(({ type }) => type === 'action:created').length).toBe(1);
  // Asking for other channels is no new connection.
  expect(heard.filter(({ type }) => /connected/.test(type)).map(({ type }) => type)).toEqual(['connected']);
  await gateway.setRoom('room-6', 'available');
});

test.each(['sse', 'poll'] as const)('a refused token ends %s', async (name) => {
  const client = clientOf(gateway.url, { transports: [name], getToken: () => 'no-such-token' });
  const heard = record(client);
  client.connect();
  const failed = await until('it gives up', () => heard.find(({ type }) => type === 'reconnect_failed'));
  expect(failed.data.code).toBe(4401);
});

test('a channel that is refused is told of, and spoils no stream', async () => {
  const client = clientOf(proxy.url);
  const heard = record(client);
  client.subscribe('attic');
  client.subscribe('facility');
  client.connect();
  const refused = await until('the refusal', () => heard.find(({ type }) => type === 'error'));
  expect(refused.data).toMatchObject({ code: 'unknown_channel', field: 'room' });
  proxy.become('no-upgrade');
  await until('the stream', () => client.isConnected() && client.transport === 'sse', 60_000);
});

test('a gateway that is away blames no transport', async () => {
  const client = clientOf(proxy.url);
  client.subscribe('facility');
  client.connect();
  await until('the WebSocket', () => client.isConnected());
  proxy.asked.length = 0;
  proxy.become('down');
  await until('five tries', () => tries('POST /api/auth/ticket') >= 5, 40_000);
  proxy.become('all');
  await until('it is back', () => client.isConnected(), 40_000);
  expect([client.transport, tries('GET /api/events')]).toEqual(['websocket', 0]);
}, 120_000);

test('what the lifecycle tells is acted upon at once', async () => {
  let wake = () => {};
  const lifecycle = {
    watch(onWake: () => void) {
      wake = onWake;
      return () => {};
    },
  };
  const client = clientOf(proxy.url, { lifecycle });
  proxy.mode = 'down';
  client.connect();
  // By then the wait is seconds long.
  await until('four tries', () => tries('POST /api/auth/ticket') >= 4 && client.getState() === 'disconnected', 40_000);
  proxy.mode = 'all';
  wake();
  expect(client.getState()).toBe('connecting');
  await until('it is back', () => client.isConnected());
});
