// How far the client knows things. A connection that ends in the middle of what it missed is the case that matters.

import { expect, test } from 'vitest';

import { Following } from '../src/core/following.js';
import type { Frame } from '../src/core/events.js';

const connected = (seq: number, epoch = 'k3f9'): Frame => ({ type: 'connected', data: { epoch, seq } });
const subscribed = (room: string, seq: number, more = {}): Frame => ({ type: 'subscribed', room, seq, data: { room }, ...more });
const event = (seq: number): Frame => ({ type: 'room:updated', room: 'facility', seq, data: { id: 'room-1' } });

/** Answers the barrier. */
function settle(following: Following): void {
  following.take({ type: 'pong', id: (following.barrier() as { id: string }).id, data: {} });
}

function settled(): Following {
  const following = new Following();
  following.add('facility', {});
  following.add('tasks', { snapshot: true });
  following.take(connected(10));
  following.take(subscribed('facility', 10));
  following.take(subscribed('tasks', 10));
  following.take({ type: 'snapshot', room: 'tasks', seq: 10, data: {} });
  settle(following);
  return following;
}

test('the cursor follows events once all that was asked for is here', () => {
  const following = settled();
  expect(following.cursor).toBe('k3f9:10');
  following.take(event(12));
  expect(following.cursor).toBe('k3f9:12');
  expect(following.asking('tasks', true)).toEqual({ type: 'subscribe', id: 'tasks', room: 'tasks', since: 'k3f9:12' });
});

test('a connection that ends before all replays are here does not move the cursor, and delivers nothing twice', () => {
  const following = settled();
  following.take(connected(20));
  following.take(subscribed('facility', 20, { recovered: true }));
  expect([following.take(event(15)), following.take(event(18))]).toEqual([true, true]);
  // It ends here: what the other channel missed has not come.
  expect(following.asking('tasks', true)).toMatchObject({ since: 'k3f9:10' });
  following.take(connected(22));
  expect([event(15), event(18), event(21)].map((it) => following.take(it))).toEqual([false, false, true]);
  settle(following);
  expect(following.cursor).toBe('k3f9:22');
});

test('an older answer to a ping proves nothing', () => {
  const following = settled();
  following.take(connected(20));
  const old = following.barrier() as { id: string };
  following.barrier();
  following.take({ type: 'pong', id: old.id, data: {} });
  expect(following.cursor).toBe('k3f9:10');
});

test('a snapshot that is owed is asked for until it comes', () => {
  const following = new Following();
  following.add('tasks', { snapshot: true });
  following.take(connected(10));
  following.take(subscribed('tasks', 10));
  expect(following.asking('tasks', true)).toEqual({ type: 'subscribe', id: 'tasks', room: 'tasks', snapshot: true });
});

test('a channel whose connection ends right after it was joined is resumed from there', () => {
  const following = new Following();
  following.add('tasks', { snapshot: true });
  following.take(connected(10));
  following.take(subscribed('tasks', 10));
  following.take({ type: 'snapshot', room: 'tasks', seq: 10, data: {} });
  expect(following.take(event(11))).toBe(true);
  // It ends here, before the barrier.
  expect(following.asking('tasks', true)).toEqual({ type: 'subscribe', id: 'tasks', room: 'tasks', since: 'k3f9:10' });
  expect(following.query()).toEqual({ rooms: ['tasks'], since: 'k3f9:10' });
  following.take(connected(12));
  expect([event(11), event(12)].map((it) => following.take(it))).toEqual([false, true]);
});

test('another journal leads to the state of everything, not to its numbers', () => {
  const following = settled();
  following.take(connected(3, 'z1z1'));
  expect(following.asking('facility', true)).toEqual({ type: 'subscribe', id: 'facility', room: 'facility', snapshot: true });
  settle(following);
  expect(following.cursor).toBe('z1z1:3');
});

test('a channel that the gateway takes away is gone, one that was left and joined again is not', () => {
  const following = settled();
  following.take({ type: 'unsubscribed', room: 'facility', data: { room: 'facility' } });
  expect(following.rooms).toEqual(['facility', 'tasks']);
  following.take({ type: 'unsubscribed', room: 'facility', data: { room: 'facility', reason: 'role_changed' } });
  expect(following.rooms).toEqual(['tasks']);
});

test('after a role has changed, the state is asked for', () => {
  const following = settled();
  following.take({ type: 'resync', room: 'facility', data: { room: 'facility' } });
  expect(following.asking('facility', true)).toEqual({ type: 'subscribe', id: 'facility', room: 'facility', snapshot: true });
});

test('a stream has one cursor: a snapshot that one channel is owed is asked for all', () => {
  const following = settled();
  expect(following.query()).toEqual({ rooms: ['facility', 'tasks'], since: 'k3f9:10' });
  following.add('actions', { snapshot: true });
  expect(following.query()).toEqual({ rooms: ['facility', 'tasks', 'actions'], snapshot: true });
  following.reached('k3f9:30');
  expect(following.cursor).toBe('k3f9:30');
});
