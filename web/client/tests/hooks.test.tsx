// @vitest-environment happy-dom

// The hooks, rendered, against the real gateway.

import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { type CareSyncClient, type ClientOptions, getWebSocketClient, initializeWebSocket, type Room } from '../src/index.js';
import {
  useEntities,
  useEntityMutation,
  useRealtimeData,
  useRealtimeList,
  useWebSocketEvent,
  useWebSocketNotifications,
  useWebSocketRoom,
  useWebSocketStatus,
} from '../src/react/index.js';
import { Gateway, HEAD, SOON_MS } from './gateway.js';

let gateway: Gateway;

beforeAll(async () => {
  gateway = await Gateway.start();
  // A page of the gateway's own, as the dashboard is.
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`${gateway.url}/`);
});
afterEach(() => {
  cleanup();
  getWebSocketClient()?.disconnect();
});
afterAll(() => gateway.end());

const options = {
  WebSocket,
  getToken: () => HEAD,
};

const initialize = (more: ClientOptions = {}): CareSyncClient => {
  let client!: CareSyncClient;
  act(() => {
    client = initializeWebSocket(gateway.url, 'demo-head', undefined, { ...options, ...more });
  });
  return client;
};

const soon = (check: () => void) => waitFor(check, { timeout: SOON_MS });

test('hooks that are mounted before the client is made find it', async () => {
  const heard: string[] = [];
  const { result } = renderHook(
    () => {
      useWebSocketRoom('facility');
      useWebSocketEvent('room:updated', (event) => heard.push(`${event.data.id} ${event.data.status}`));
      return useWebSocketStatus();
    },
    { wrapper: StrictMode },
  );
  expect(result.current).toEqual({ status: 'disconnected', isConnected: false });
  const client = initialize();
  await soon(() => expect(result.current).toEqual({ status: 'connected', isConnected: true }));
  await soon(() => expect(client.cursor).toBeDefined());
  await gateway.setRoom('room-1', 'occupied');
  await soon(() => expect(heard).toEqual(['room-1 occupied']));
  act(() => client.disconnect());
  expect(result.current).toEqual({ status: 'disconnected', isConnected: false });
});

test('a channel is left with the last component that follows it', async () => {
  const client = initialize();
  const heard: string[] = [];
  client.on('*', ({ type }) => heard.push(type));
  const [first, second] = [renderHook(() => useWebSocketRoom('tasks')), renderHook(() => useWebSocketRoom('tasks'))];
  await soon(() => expect(client.cursor).toBeDefined());
  first.unmount();
  await gateway.ask('POST', '/api/tasks', { type: 'errand', description: 'one' });
  await soon(() => expect(heard).toContain('task:created'));
  expect(heard).not.toContain('unsubscribed');
  second.unmount();
  await soon(() => expect(heard).toContain('unsubscribed'));
});

test('realtime data: an array is upserted by id, and begins with the state', async () => {
  initialize();
  const { result } = renderHook(() => useRealtimeData('room:updated', [], 'facility'));
  await soon(() => expect(result.current[0].length).toBeGreaterThan(5));
  const count = result.current[0].length;
  await gateway.setRoom('room-2', 'occupied');
  const statuses = () => result.current[0].filter(({ id }) => id === 'room-2').map(({ status }) => status);
  await soon(() => expect(statuses()).toEqual(['occupied']));
  await gateway.setRoom('room-2', 'available');
  await soon(() => expect(statuses()).toEqual(['available']));
  expect(result.current[0].length).toBe(count);
  act(() => result.current[1]([]));
  expect(result.current[0]).toEqual([]);
});

test('realtime data: anything else is what the newest event says', async () => {
  initialize();
  const { result } = renderHook(() => useRealtimeData<Room | null>('room:updated', null, 'facility'));
  await soon(() => expect(getWebSocketClient()?.cursor).toBeDefined());
  await gateway.setRoom('room-3', 'occupied');
  await soon(() => expect(result.current[0]).toMatchObject({ id: 'room-3', status: 'occupied' }));
});

test('a realtime list: created twice is there once, deleted is gone', async () => {
  const client = initialize();
  const { result } = renderHook(() => useRealtimeList('action:created', 'action:updated', 'action:deleted', [], 'actions'));
  await soon(() => expect(client.cursor).toBeDefined());
  const made = await gateway.ask<{ action: { id: string } }>('POST', '/api/actions', {
    type: 'manual',
    urgency: 'normal',
    title: 'Look',
    description: 'look',
  });
  const { id } = made.action;
  const titles = () => result.current.filter((it) => it.id === id).map(({ title }) => title);
  await soon(() => expect(titles()).toEqual(['Look']));
  // The snapshot says it again, and so does a second one.
  act(() => client.subscribe('actions', { snapshot: true }));
  await gateway.ask('PATCH', `/api/actions/${id}`, { title: 'Look again' });
  await soon(() => expect(titles()).toEqual(['Look again']));
  await fetch(`${gateway.url}/api/actions/${id}`, { method: 'DELETE', headers: { Authorization: `Bearer ${HEAD}` } });
  await soon(() => expect(titles()).toEqual([]));
});

test('notifications are sentences about what is new', async () => {
  const client = initialize();
  const told: [string, string][] = [];
  renderHook(() => {
    useWebSocketRoom('actions');
    useWebSocketNotifications((message, type) => told.push([message, type]));
  });
  await soon(() => expect(client.cursor).toBeDefined());
  await gateway.ask('POST', '/api/actions', { type: 'manual', urgency: 'urgent', title: 'Help', description: 'help' });
  await soon(() => expect(told).toEqual([['New action item: Help', 'warning']]));
  act(() => client.disconnect());
  expect(told.at(-1)).toEqual(['The connection to the gateway is lost', 'warning']);
});

test('a query is kept fresh by events; a change shows at once, and a 412 takes it back', async () => {
  let holdsLists = false;
  const hold = (input: string, init: RequestInit) =>
    holdsLists && input.includes('/api/rooms?') ? new Promise<never>(() => {}) : fetch(input, init);
  const client = initialize({ fetch: hold as typeof fetch });
  const cache = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={cache}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => ({ rooms: useEntities('rooms'), change: useEntityMutation('rooms') }), { wrapper });
  const room = () => result.current.rooms.data?.find(({ id }) => id === 'room-4');
  await soon(() => expect(room()?.status).toBe('available'));
  await soon(() => expect(client.cursor).toBeDefined());
  await gateway.setRoom('room-4', 'occupied');
  await soon(() => expect(room()?.status).toBe('occupied'));

  const revision = room()?.revision ?? -1;
  const named = (name: string, ifMatch: number) => ({
    id: 'room-4',
    method: 'PATCH' as const,
    path: '/api/rooms/room-4',
    body: { name },
    optimistic: { name },
    ifMatch,
  });
  const name = room()?.name;
  const shown: (string | undefined)[] = [];
  cache.getQueryCache().subscribe(() => shown.push(room()?.name));
  // What the gateway lists would set it right by itself.
  holdsLists = true;
  act(() => result.current.change.mutate(named('Too late', revision + 100)));
  await soon(() => expect(result.current.change.error).toMatchObject({ status: 412 }));
  await soon(() => expect(room()?.name).toBe(name));
  expect(shown).toContain('Too late');
  expect(result.current.rooms.isFetching).toBe(true);
  holdsLists = false;
  await act(() => cache.cancelQueries());

  act(() => result.current.change.mutate(named('Exam Room Four', revision)));
  await soon(() => expect(result.current.change.isSuccess).toBe(true));
  await soon(() => expect(room()).toMatchObject({ name: 'Exam Room Four', revision: revision + 1 }));
});
