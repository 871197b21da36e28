// Fifty changes a second are drawn as often as the screen is.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { framed } from '../../src/live/framed';

let draw: (() => void)[] = [];

beforeEach(() => {
  draw = [];
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => draw.push(callback));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('publishes once a picture, with the newest state', () => {
  const store = createStore(() => ({ n: 0 }));
  const shown = framed(store);
  const seen: number[] = [];
  shown.subscribe(({ n }) => seen.push(n));
  for (let n = 1; n <= 50; n += 1) store.setState({ n });
  expect([seen, shown.getState().n, draw.length]).toEqual([[], 0, 1]);
  draw.forEach((it) => it());
  expect([seen, shown.getState().n]).toEqual([[50], 50]);
});

it('keeps up where no pictures are drawn', () => {
  const store = createStore(() => ({ n: 0 }));
  const shown = framed(store);
  store.setState({ n: 1 });
  vi.advanceTimersByTime(500);
  expect(shown.getState().n).toBe(1);
  // The picture that comes late publishes nothing twice.
  const seen: number[] = [];
  shown.subscribe(({ n }) => seen.push(n));
  draw.forEach((it) => it());
  expect(seen).toEqual([]);
});
