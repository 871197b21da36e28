// Changes that wait for the gateway: sent once each and in order when it is back, and not at all when it is too late.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { type CareSyncClient, type Mutation, memoryStorage, NotSentError, ProblemError } from '../src/index.js';
import { clientOf, disconnectAll, Gateway, HEAD, type Heard, record, until } from './gateway.js';
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

const task = (description: string): Mutation => ({ method: 'POST', path: '/api/tasks', body: { type: 'errand', description } });

async function tasks(prefix: string): Promise<string[]> {
  const { tasks: all } = await gateway.ask<{ tasks: { description: string; id: string }[] }>('GET', '/api/tasks');
  const ours = all.filter(({ description }) => description?.startsWith(prefix));
  return ours.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ description }) => description);
}

const moves = (heard: Heard[]) => heard.filter(({ type }) => type === 'outbox').map(({ data }) => data.status);

async function connected(options = {}): Promise<CareSyncClient> {
  const client = clientOf(proxy.url, { getToken: () => HEAD, ...options });
  client.connect();
  await until('it is connected', () => client.isConnected());
  return client;
}

test('what was changed while the gateway was away is done once each, and in order', async () => {
  const client = await connected();
  proxy.become('down');
  const answers = [1, 2, 3].map((n) => client.mutate<{ task: { id: string } }>(task(`flushed ${n}`)));
  expect(client.outbox.entries()).toEqual([]);
  await until('all three wait', () => client.outbox.entries().length === 3);
  expect(client.outbox.entries().map(({ status }) => status)).toEqual(['waiting', 'waiting', 'waiting']);
  proxy.become('all');
  const done = await Promise.all(answers);
  expect(done.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(done.map(({ body }) => body.task.id)).size).toBe(3);
  expect(await tasks('flushed')).toEqual(['flushed 1', 'flushed 2', 'flushed 3']);
  expect(client.outbox.entries()).toEqual([]);
});

test('a change whose answer was lost is sent again, and done once', async () => {
  let cut = true;
  const client = await connected({
    // The request goes through; its answer does not.
    fetch: async (input: string, init: RequestInit) => {
      const response = await fetch(input, init);
      if (cut && init.method === 'POST' && input.endsWith('/api/tasks')) {
        cut = false;
        throw new TypeError('the network is gone');
      }
      return response;
    },
  });
  const answer = await client.mutate(task('answered late'));
  expect([answer.status, cut]).toEqual([201, false]);
  expect(await tasks('answered late')).toEqual(['answered late']);
});

test('what has waited for too long is not sent, and shows so', async () => {
  const client = await connected({ mutationMaxAge_ms: 500 });
  const heard = record(client);
  proxy.become('down');
  const answer = client.mutate({ ...task('expired'), label: 'Fetch the chair' });
  await expect(answer).rejects.toThrow(new NotSentError('expired'));
  expect(client.outbox.entries()).toMatchObject([{ status: 'not_sent', label: 'Fetch the chair', path: '/api/tasks' }]);
  expect(JSON.stringify(client.outbox.entries())).not.toContain('expired');
  proxy.become('all');
  await until('it is back', () => client.isConnected());
  // What is sent after it has overtaken it for good.
  await client.mutate(task('expired not'));
  expect(await tasks('expired')).toEqual(['expired not']);
  expect(moves(heard)).toEqual(['waiting', 'not_sent', 'waiting', 'sent']);
  client.outbox.discard(client.outbox.entries()[0]?.id ?? '');
  expect(client.outbox.entries()).toEqual([]);
});

test('a change waits for two minutes when nobody says otherwise', async () => {
  const { OUTBOX_MAX_AGE_MS } = await import('../src/core/outbox.js');
  expect(OUTBOX_MAX_AGE_MS).toBe(120_000);
});

test('an acknowledgement never waits', async () => {
  const client = await connected();
  const heard = record(client);
  proxy.become('down');
  const answer = client.mutate({ method: 'POST', path: '/api/alarms/some-alarm/acknowledge' });
  await expect(answer).rejects.toThrow(new NotSentError('offline'));
  expect([client.outbox.entries(), moves(heard)]).toEqual([[], ['not_sent']]);
});

test('a refusal is told with its code, and the next change is sent', async () => {
  const client = await connected();
  const heard = record(client);
  const { body, etag } = await client.request<{ room: { revision: number } }>('GET', '/api/rooms/room-1');
  expect(etag).toBe(`"${body.room.revision}"`);
  await gateway.ask('PATCH', '/api/rooms/room-1', { name: 'Somebody was here' });
  const rename: Mutation = { method: 'PATCH', path: '/api/rooms/room-1', body: { name: 'Mine' }, ifMatch: body.room.revision };
  const refused = await client.mutate(rename).then(undefined, (error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ status: 412, retryable: false });
  expect((refused as Error).message).not.toContain('Somebody');
  expect((await client.mutate(task('after'))).status).toBe(201);
  expect(moves(heard)).toEqual(['waiting', 'refused', 'waiting', 'sent']);
});

test('a queue that was kept is sent by whoever opens it next, and only for the same user', async () => {
  const storage = memoryStorage();
  const client = await connected({ storage });
  proxy.become('down');
  void client.mutate(task('kept')).catch(() => {});
  await until('it waits', () => client.outbox.entries().length === 1);
  client.disconnect();
  proxy.become('all');
  const { CareSyncClient: Client } = await import('../src/index.js');
  const other = new Client(proxy.url, 'demo-nurse', undefined, { storage });
  await other.mutate({ method: 'POST', path: '/api/alarms/none/acknowledge' }).catch(() => {});
  expect(other.outbox.entries()).toEqual([]);
  const again = clientOf(proxy.url, { storage });
  const heard = record(again);
  again.connect();
  await until('it is sent', () => moves(heard).includes('sent'));
  expect(await tasks('kept')).toEqual(['kept']);
});

test('who disconnects sends nothing until the next connect', async () => {
  const client = await connected({ mutationMaxAge_ms: 60_000 });
  proxy.become('down');
  const answer = client.mutate(task('paused'));
  await until('a try', () => proxy.asked.filter((it) => it === 'POST /api/tasks').length > 0);
  client.disconnect();
  proxy.become('all');
  // Longer than a try is away from the next.
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(await tasks('paused')).toEqual([]);
  client.connect();
  expect((await answer).status).toBe(201);
});

test('the hundred and first is refused', async () => {
  const client = await connected();
  proxy.become('down');
  const waiting = Array.from({ length: 100 }, (_, n) => client.mutate(task(`full ${n}`)).catch((error: Error) => error.message));
  await expect(client.mutate(task('one more'))).rejects.toThrow(new NotSentError('full'));
  client.outbox.entries().forEach(({ id }) => client.outbox.discard(id));
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['not sent: discarded']));
});
