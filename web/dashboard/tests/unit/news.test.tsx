// An endpoint is asked about anew when an alarm about it comes, and when it goes.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { LiveContext } from '../../src/live/hooks';
import type { Live } from '../../src/live/live';
import { useNews } from '../../src/pages/endpoints/useNews';

const alarm = (subject: string) => ({ id: `of-${subject}`, cause: 'endpoint_failing', subject, cleared_at: null });

it('looks again for each alarm about it, the last one that goes among them', () => {
  const shown = createStore<{ things: { alarms: object } }>(() => ({ things: { alarms: {} } }));
  const queries = new QueryClient();
  const looked = vi.spyOn(queries, 'invalidateQueries');
  const Around = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>
      <LiveContext value={{ shown } as unknown as Live}>{children}</LiveContext>
    </QueryClientProvider>
  );
  renderHook(() => useNews('emr'), { wrapper: Around });
  const has = (...subjects: string[]) =>
    act(() => shown.setState({ things: { alarms: Object.fromEntries(subjects.map((it) => [it, alarm(it)])) } }));
  expect(looked).toHaveBeenCalledTimes(0);
  has('phones');
  expect(looked).toHaveBeenCalledTimes(0);
  has('phones', 'emr');
  expect(looked).toHaveBeenCalledTimes(1);
  // The store drops what is cleared.
  has('phones');
  expect(looked).toHaveBeenCalledTimes(2);
  has();
  expect(looked).toHaveBeenCalledTimes(2);
});
