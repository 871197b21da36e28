// A field loses no letter, whenever what it tells comes back.

import { act, renderHook } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { BrowserRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { useQuestion } from '../../src/shared/useQuestion';
import { useTyped } from '../../src/shared/useTyped';

/** More than a pause. */
const LATER_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A field whose value the test moves. */
function field(value = '') {
  const told: string[] = [];
  const { result, rerender, unmount } = renderHook((it: string) => useTyped(it, (text) => told.push(text), { meant: (text) => text.trim() }), { initialProps: value });
  return {
    told,
    rerender,
    unmount,
    text: () => result.current[0],
    type: (text: string) => act(() => result.current[1](text)),
    wait: () => act(() => vi.advanceTimersByTime(LATER_MS)),
  };
}

describe('what is typed', () => {
  it('is told once, after a pause', () => {
    const { told, type, wait, text } = field();
    type('a');
    type('ab');
    expect([text(), told]).toEqual(['ab', []]);
    wait();
    expect(told).toEqual(['ab']);
  });

  it('stays when what was told comes back without its last space, or after the next letter', () => {
    const { type, wait, text, rerender } = field();
    type('Robin ');
    wait();
    rerender('Robin');
    expect(text()).toBe('Robin ');
    type('Robin N');
    wait();
    type('Robin Nu');
    rerender('Robin N');
    expect(text()).toBe('Robin Nu');
  });

  it('gives way to what comes from elsewhere, and is not told any more', () => {
    const { told, type, wait, text, rerender } = field('before');
    type('mine');
    rerender('theirs');
    wait();
    expect([text(), told]).toEqual(['theirs', []]);
  });

  it('is not told by a field that is gone', () => {
    const { told, type, wait, unmount } = field();
    type('mine');
    unmount();
    wait();
    expect(told).toEqual([]);
  });
});

describe('the address', () => {
  it('keeps what two fields put there at one time, and what nobody changed', () => {
    window.history.replaceState(null, '', '/audit?verb=log_in&to=x');
    const { result } = renderHook(useQuestion, { wrapper: ({ children }: { children: ReactNode }) => createElement(BrowserRouter, null, children) });
    act(() => {
      const [, change] = result.current;
      change({ actor: 'agent claw' });
      change({ outcome: 'done', to: '' });
    });
    expect(window.location.search).toBe('?verb=log_in&actor=agent+claw&outcome=done');
  });
});
