// The core in an app of React Native: its globals, its AppState, its `fetch`, which reads no stream. The gateway is real; so is
// the WebSocket, of the package `ws`, because the preset's own leads to native code.

import { AppState } from 'react-native';
import WebSocket from 'ws';

import { appStateLifecycle, CareSyncClient } from '@caresync/client';

const { GATEWAY_URL, GATEWAY_TOKEN } = process.env;
const clients = [];

function clientOf(options = {}) {
  const client = new CareSyncClient(GATEWAY_URL, 'demo-head', undefined, {
    getToken: () => GATEWAY_TOKEN,
    lifecycle: appStateLifecycle(AppState),
    WebSocket,
    ...options,
  });
  clients.push(client);
  return client;
}

async function until(what, probe) {
  const end = Date.now() + 20_000;
  while (!probe()) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const setRoom = (id, status) => clients[0].mutate({ method: 'PUT', path: `/api/rooms/${id}/status`, body: { status } });

afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));

test('this is React Native, as far as a test can have it', () => {
  expect(typeof document).toBe('undefined');
  expect(typeof AppState.addEventListener).toBe('function');
});

test('it connects, gets the state, and hears what happens', async () => {
  const client = clientOf();
  const heard = [];
  client.on('*', ({ type, data }) => heard.push(type === 'room:updated' ? data.status : type));
  client.subscribe('facility', { snapshot: true });
  client.connect();
  await until('the state', () => heard.includes('snapshot') && client.cursor !== undefined);
  await setRoom('room-1', 'occupied');
  await until('the event', () => heard.includes('occupied'));
  await setRoom('room-1', 'available');
});

test('where no stream can be read, polling takes its place at once', async () => {
  let streams = 0;
  const client = clientOf({
    transports: ['sse', 'poll'],
    fetch: async (input, init) => {
      if (input.includes('/api/events')) streams += 1;
      const response = await fetch(input, init);
      Object.defineProperty(response, 'body', { value: undefined });
      return response;
    },
  });
  const heard = [];
  client.on('snapshot', ({ room }) => heard.push(room));
  client.subscribe('facility', { snapshot: true });
  client.connect();
  await until('the state', () => heard.length > 0);
  expect([client.transport, streams, heard]).toEqual(['poll', 1, ['facility']]);
});

test('an app that comes to the foreground looks at once, and lets go of AppState in the end', () => {
  const removed = jest.fn();
  let change;
  const listen = jest.spyOn(AppState, 'addEventListener').mockImplementation((_, listener) => {
    change = listener;
    return { remove: removed };
  });
  const wake = jest.fn();
  const end = appStateLifecycle(AppState).watch(wake);
  expect(listen).toHaveBeenCalledWith('change', expect.any(Function));
  change('background');
  expect(wake).not.toHaveBeenCalled();
  change('active');
  expect(wake).toHaveBeenCalledTimes(1);
  end();
  expect(removed).toHaveBeenCalledTimes(1);
  listen.mockRestore();
});
