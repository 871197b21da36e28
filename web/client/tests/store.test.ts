// The store against the real gateway.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { memoryStorage } from '../src/index.js';
import { createCareSyncStore } from '../src/store/index.js';
import { clientOf, disconnectAll, Gateway, HEAD, until } from './gateway.js';
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

async function following() {
  const client = clientOf(proxy.url, { getToken: () => HEAD, mutationMaxAge_ms: 1_500 });
  const store = createCareSyncStore(client);
  store.follow('rooms', 'tasks');
  client.connect();
  await until('the rooms', () => Object.keys(store.getState().things.rooms).length > 5);
  return { client, store, room: (id: string) => store.getState().things.rooms[id] };
}

const rename = (name: string, ifMatch?: number) => ({
  kind: 'rooms' as const,
  id: 'room-1',
  method: 'PATCH' as const,
  path: '/api/rooms/room-1',
  body: { name },
  optimistic: { name },
  ...(ifMatch !== undefined && { ifMatch }),
});

test('it holds what the gateway says', async () => {
  const { store, room, client } = await following();
  expect(store.getState().connection).toBe('connected');
  await gateway.setRoom('room-2', 'occupied');
  await until('the event', () => room('room-2')?.status === 'occupied');
  const made = await gateway.ask<{ task: { id: string } }>('POST', '/api/tasks', { type: 'errand', description: 'go' });
  await until('the task', () => store.getState().things.tasks[made.task.id]);
  client.disconnect();
  expect(store.getState().connection).toBe('disconnected');
});

test('a change shows at once, and stays when it is done', async () => {
  const { store, room } = await following();
  const done = store.change(rename('Room One'));
  expect(room('room-1')?.name).toBe('Room One');
  expect(store.getState().confirmed.rooms['room-1']?.name).not.toBe('Room One');
  await done;
  expect(store.getState().pending).toEqual([]);
  expect(room('room-1')?.name).toBe('Room One');
});

test('a refused change is taken back, without what an event said meanwhile', async () => {
  const { store, room } = await following();
  const before = room('room-1')?.name;
  const revision = room('room-1')?.revision ?? 0;
  proxy.become('down');
  const refused = store.change(rename('Mine', revision)).catch((error: unknown) => error);
  await gateway.ask('PATCH', '/api/rooms/room-1', { name: 'Theirs' });
  proxy.become('all');
  expect(await refused).toMatchObject({ status: 412 });
  expect(before).not.toBe('Theirs');
  await until('what is true', () => room('room-1')?.name === 'Theirs');
});

test('a change that is not sent in time is taken back', async () => {
  const { store, room } = await following();
  const before = room('room-1')?.name;
  proxy.become('down');
  const change = store.change(rename('Never'));
  expect(room('room-1')?.name).toBe('Never');
  await expect(change).rejects.toThrow('not sent: expired');
  expect(room('room-1')?.name).toBe(before);
});

test('preferences are kept, and nothing else is', async () => {
  const storage = memoryStorage();
  const client = clientOf(gateway.url);
  const store = createCareSyncStore(client, storage);
  const unfollow = store.follow('rooms');
  client.connect();
  await until('the rooms', () => Object.keys(store.getState().things.rooms).length > 5);
  store.prefer({ theme: 'dark', more: { density: 'compact' } });
  unfollow();
  const kept = JSON.parse((await storage.getItem('caresync:preferences')) ?? '{}') as { state: object };
  expect(Object.keys(kept.state)).toEqual(['preferences']);
  const again = createCareSyncStore(client, storage);
  expect(again.getState().preferences).toEqual({ theme: 'dark', language: 'en', more: { density: 'compact' } });
  expect(again.getState().things.rooms).toEqual({});
});
