// The client against the real gateway: what it hears, and what it misses when the gateway dies. Nothing.

import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';

import { ADMIN, clientOf, disconnectAll, Gateway, NURSE, record, roomEvents, until } from './gateway.js';

let gateway: Gateway;

beforeAll(async () => {
  gateway = await Gateway.start();
});
afterEach(disconnectAll);
afterAll(() => gateway.end());

test('the seed\'s methods and events work as written', async () => {
  const client = clientOf(gateway.url);
  const heard: string[] = [];
  const onRoom = (event: { type: string }) => heard.push(event.type);
  client.on('connected', onRoom);
  client.on('room:updated', onRoom);
  expect([client.isConnected(), client.getState()]).toEqual([false, 'disconnected']);
  client.subscribe('facility');
  client.connect();
  expect(client.getState()).toBe('connecting');
  await until('it is connected', () => client.isConnected());
  expect(client.getState()).toBe('connected');
  await until('it knows how far the journal is', () => client.cursor);
  await gateway.setRoom('room-1', 'occupied');
  await until('the event', () => heard.length === 2);
  client.off('room:updated', onRoom);
  const all = record(client);
  await gateway.setRoom('room-1', 'available');
  await until('the second event', () => roomEvents(all).length === 1);
  expect(heard).toEqual(['connected', 'room:updated']);
  client.unsubscribe('facility');
  await until('it has left', () => all.find(({ type }) => type === 'unsubscribed'));
  client.subscribe('tasks');
  await until('it has joined', () => all.find(({ type, room }) => type === 'subscribed' && room === 'tasks'));
  await gateway.setRoom('room-1', 'occupied');
  await gateway.ask('POST', '/api/tasks', { type: 'cleaning', description: 'clean' });
  await until('the task', () => all.find(({ type }) => type === 'task:created'));
  expect(roomEvents(all)).toEqual(['room-1 available']);
  client.disconnect();
  expect(client.getState()).toBe('disconnected');
  expect(all.at(-1)).toMatchObject({ type: 'disconnected', data: { code: 1000 } });
});

test('a snapshot comes first, then what happens', async () => {
  const client = clientOf(gateway.url);
  const heard = record(client);
  client.connect();
  client.subscribe('facility', { snapshot: true });
  const snapshot = await until('the snapshot', () => heard.find(({ type }) => type === 'snapshot'));
  expect(snapshot.data.rooms.length).toBeGreaterThan(5);
});

test('presence and signals', async () => {
  const doctor = clientOf(gateway.url);
  const nurse = clientOf(gateway.url, { getToken: () => NURSE });
  const heard = record(doctor);
  doctor.subscribe('tasks', { presence: true });
  doctor.connect();
  await until('who is there', () => heard.find(({ type }) => type === 'presence'));
  nurse.subscribe('tasks');
  nurse.connect();
  const joined = await until('the nurse joins', () => heard.find(({ type }) => type === 'presence:joined'));
  expect(joined.data.user).toBe('demo-nurse');
  expect(nurse.signal('tasks', { typing: true })).toBe(true);
  const signal = await until('the signal', () => heard.find(({ type }) => type === 'signal'));
  expect(signal.data).toMatchObject({ from: { user: 'demo-nurse' }, signal: { typing: true } });
});

test('killed and started again: it comes back by itself, and hears what it missed once and in order', async () => {
  const client = clientOf(gateway.url);
  const heard = record(client);
  client.subscribe('facility');
  client.subscribe('tasks', { snapshot: true });
  client.connect();
  await until('the cursor', () => client.cursor);
  await gateway.setRoom('room-2', 'occupied');
  await until('the event', () => roomEvents(heard).length === 1);
  await gateway.kill();
  const lost = await until('it knows', () => heard.find(({ type }) => type === 'disconnected'));
  expect(lost.data.code).toBe(1006);
  expect(client.isConnected()).toBe(false);
  await gateway.restart();
  await gateway.setRoom('room-3', 'occupied');
  await gateway.setRoom('room-2', 'available');
  await until('what it missed', () => roomEvents(heard).includes('room-2 available'));
  await gateway.setRoom('room-4', 'occupied');
  await until('what happens then', () => roomEvents(heard).includes('room-4 occupied'));
  // A restart makes events of its own, of rooms whose sensors were lost.
  const ours = roomEvents(heard).filter((it) => /room-[234] (occupied|available)/.test(it));
  expect(ours).toEqual(['room-2 occupied', 'room-3 occupied', 'room-2 available', 'room-4 occupied']);
  const seqs = heard.filter(({ type }) => type === 'room:updated').map(({ seq }) => seq);
  expect(new Set(seqs).size).toBe(seqs.length);
  const recovered = heard.filter(({ type }) => type === 'subscribed').map((it) => it.recovered);
  expect(recovered).toEqual([undefined, undefined, undefined, true, true, true]);
});

test('a revoked token ends it, a new one brings it back', async () => {
  let token = 'no-such-token';
  const client = clientOf(gateway.url, { getToken: () => token });
  const heard = record(client);
  client.connect();
  const failed = await until('it gives up', () => heard.find(({ type }) => type === 'reconnect_failed'));
  expect(failed.data.code).toBe(4401);
  expect(client.getState()).toBe('disconnected');
  token = NURSE;
  client.connect();
  await until('it is connected', () => client.isConnected());
});

test('without a token the open demo lets it look', async () => {
  const client = clientOf(gateway.url, { getToken: () => undefined });
  const heard = record(client);
  client.subscribe('facility', { snapshot: true });
  client.connect();
  await until('the snapshot', () => heard.find(({ type }) => type === 'snapshot'));
  expect(heard.find(({ type }) => type === 'connected')?.data.user).toBeNull();
});

/** Asks as the admin. */
async function administer<T>(method: string, path: string, body?: unknown): Promise<T> {
  const client = clientOf(gateway.url, { getToken: () => ADMIN });
  return (await client.request<T>(method, path, body === undefined ? {} : { body })).body;
}

test('another role gets the state anew, as it may see it', async () => {
  const client = clientOf(gateway.url, { getToken: () => NURSE });
  const heard = record(client);
  client.subscribe('facility', { snapshot: true });
  client.connect();
  await until('the state', () => heard.find(({ type }) => type === 'snapshot'));
  await administer('PATCH', '/api/users/demo-nurse', { role: 'viewer' });
  await until('the news', () => heard.find(({ type }) => type === 'resync'));
  await until('the state anew', () => heard.filter(({ type }) => type === 'snapshot').length === 2);
  await administer('PATCH', '/api/users/demo-nurse', { role: 'nurse' });
});

test.each(['websocket', 'sse'] as const)('whom an admin sends away on %s does not come back by itself', async (transport) => {
  const client = clientOf(gateway.url, { transports: [transport] });
  const heard = record(client);
  client.subscribe('facility');
  client.connect();
  await until('it is connected', () => client.isConnected());
  type Connections = { connections: { client_id: string; user: string }[] };
  const { connections } = await administer<Connections>('GET', '/api/connections');
  const ours = connections.filter(({ user }) => user === 'demo-doctor');
  await Promise.all(ours.map(({ client_id }) => administer('DELETE', `/api/connections/${client_id}`)));
  const failed = await until('it gives up', () => heard.find(({ type }) => type === 'reconnect_failed'));
  expect([failed.data.code, client.getState()]).toEqual([4403, 'disconnected']);
});

test('a gateway that hangs counts as lost within 25 seconds, on every transport', async () => {
  const frozen = await Gateway.start();
  onTestFinished(() => frozen.end());
  const lost = (['websocket', 'sse', 'poll'] as const).map(async (transport) => {
    const client = clientOf(frozen.url, { transports: [transport] });
    const heard = record(client);
    client.connect();
    await until(`${transport} is connected`, () => client.isConnected());
    return async () => {
      await until(`${transport} knows`, () => heard.find(({ type }) => type === 'disconnected'), 25_000);
      return performance.now();
    };
  });
  const watches = await Promise.all(lost);
  frozen.freeze();
  const begun = performance.now();
  const [websocketLostAt = 0] = await Promise.all(watches.map((watch) => watch()));
  // Two pings were given their time: a gateway that is merely slow is not lost.
  expect(websocketLostAt - begun).toBeGreaterThan(15_000);
});
