// @vitest-environment happy-dom

// What the seed's page shows, as it is written there (but for where things are imported from), running.

import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { getWebSocketClient } from '../../src/index.js';
import { App, ActionItemsList, RoomsList, Toasts } from './samples.js';
import { Gateway, SOON_MS } from '../gateway.js';

let gateway: Gateway;

beforeAll(async () => {
  gateway = await Gateway.start();
  // A page of the gateway's own, as the dashboard is. It has `WebSocket`, and no token: the open demo lets it look.
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`${gateway.url}/`);
  globalThis.WebSocket = WebSocket as unknown as typeof globalThis.WebSocket;
});
afterEach(() => {
  cleanup();
  getWebSocketClient()?.disconnect();
});
afterAll(() => gateway.end());

const soon = (check: () => void) => waitFor(check, { timeout: SOON_MS });

async function ready(): Promise<void> {
  await soon(() => expect(screen.getByText('connected')).toBeDefined());
  await soon(() => expect(getWebSocketClient()?.cursor).toBeDefined());
}

test('the sample of rooms', async () => {
  render(<App url={gateway.url}><RoomsList first={[{ id: 'room-1', status: 'available' }, { id: 'room-2', status: 'available' }]} /></App>);
  await ready();
  await gateway.setRoom('room-1', 'occupied');
  await soon(() => expect(screen.getByText('room-1 occupied')).toBeDefined());
  expect(screen.getByText('room-2 available')).toBeDefined();
});

test('the sample of a list, and of notifications', async () => {
  const toasts: string[] = [];
  render(
    <App url={gateway.url}>
      <ActionItemsList initialActions={[]} />
      <Toasts showToast={(message, type) => toasts.push(`${type}: ${message}`)} />
    </App>,
  );
  await ready();
  const made = await gateway.ask<{ action: { id: string } }>('POST', '/api/actions', {
    type: 'manual',
    urgency: 'urgent',
    title: 'Look',
    description: 'look',
  });
  await soon(() => expect(screen.getByText(made.action.id)).toBeDefined());
  // Whoever looks at the open demo sees no free text.
  await soon(() => expect(toasts).toEqual(['warning: New action item: manual']));
});

test('leaving the page disconnects', async () => {
  const { unmount } = render(<App url={gateway.url}>{null}</App>);
  await ready();
  act(() => unmount());
  expect(getWebSocketClient()?.getState()).toBe('disconnected');
});
