// What people are told of an act: that it is done only where it is.

import { NotSentError, ProblemError, UnansweredError } from '@caresync/client';
import { notifications, notificationsStore } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act as rendered, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Act, useAct } from '../../src/admin/asked';
import { ready } from '../../src/i18n/i18n';
import { LiveContext } from '../../src/live/hooks';
import type { Live } from '../../src/live/live';

const CLOSE: Act = { method: 'DELETE', path: '/api/users/robin', label: 'Account closed: Robin', renews: [] };

/** What the gateway answers. */
let answer: () => unknown;

function Around({ children }: { children: ReactNode }) {
  const live = { client: { request: async () => ({ body: answer() }) } } as unknown as Live;
  return (
    <QueryClientProvider client={new QueryClient()}>
      <LiveContext value={live}>{children}</LiveContext>
    </QueryClientProvider>
  );
}

/** Does it; what it returned, and what people were told. */
async function done(asked: Act) {
  const { result } = renderHook(useAct, { wrapper: Around });
  const returned = await rendered(() => result.current.act(asked));
  return { returned, told: notificationsStore.getState().notifications.map(({ title, message }) => ({ title, message: String(message ?? '') })) };
}

beforeAll(() => ready);
afterEach(() => notifications.clean());

describe('an act', () => {
  it('is told as done when it is done', async () => {
    answer = () => ({ id: 'robin' });
    const { returned, told } = await done(CLOSE);
    expect(returned).toEqual({ body: { id: 'robin' } });
    expect(told).toEqual([{ title: 'Account closed: Robin', message: '' }]);
  });

  it('says nothing where what came of it is shown', async () => {
    answer = () => ({ attempt: { outcome: 'failed' } });
    const { told } = await done({ ...CLOSE, isShown: true });
    expect(told).toEqual([]);
  });

  it.each([
    ['somebody else was first', new ProblemError(412)],
    ['not sent', new NotSentError('offline')],
  ])('that failed begins with that it is not done: %s', async (why, error) => {
    answer = () => {
      throw error;
    };
    const { returned, told } = await done({ ...CLOSE, isShown: true });
    expect(returned).toBeUndefined();
    expect(told.map(({ title }) => title)).toEqual([`Not done: ${why}`]);
    expect(told[0]?.message).toMatch(/^It was to be: “Account closed: Robin”\. ./);
  });

  it('that nobody answered is not told as done, nor as not done', async () => {
    answer = () => {
      throw new UnansweredError('no answer');
    };
    const { told } = await done(CLOSE);
    expect(told.map(({ title }) => title)).toEqual(['The gateway does not answer']);
  });
});
