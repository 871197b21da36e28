// Connects for a session, and asks the REST door as whoever it proves.

import { ProblemError } from '@caresync/client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';

import { endSession, type Session } from '../session/session';
import { LiveContext } from './hooks';
import { type Live, startLive } from './live';

/** How long an answer of the REST door is good for, in milliseconds, where no event says otherwise. */
const FRESH_MS = 60_000;

/** Gives what is below it the live state of a session. */
export function LiveProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [live, setLive] = useState<Live>();
  const [queries] = useState(makeQueries);
  // The connection is of one proof, whatever becomes of the person's role.
  const [begun] = useState(session);
  useEffect(() => {
    const started = startLive(begun);
    setLive(started);
    return () => started.stop();
  }, [begun]);
  if (!live) return null;
  return (
    <LiveContext value={live}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </LiveContext>
  );
}

function makeQueries(): QueryClient {
  const onError = (error: unknown) => leaveIfRefused(error);
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        networkMode: 'always',
        // A refusal stays one.
        retry: (count, error) => count < 2 && !(error instanceof ProblemError && !error.retryable),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Ends the session when the gateway says that there is none. */
export function leaveIfRefused(error: unknown): void {
  if (error instanceof ProblemError && error.status === 401) endSession('ended');
}
