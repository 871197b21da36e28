import { ProblemError } from '@caresync/client';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';

import { LOOK_AGAIN_MS } from '../../admin/asked';
import type { Health } from '../../admin/health';
import { useLive } from '../../live/hooks';
import { keyOf } from '../../shared/lists';

const PATH = '/api/health';

/** How the gateway does, asked every so often. */
export function useHealth(): UseQueryResult<Health> {
  const { client } = useLive();
  return useQuery({
    queryKey: keyOf(PATH),
    queryFn: async ({ signal }) => {
      try {
        return (await client.request<Health>('GET', PATH, { signal })).body;
      } catch (error) {
        return healthOf(error);
      }
    },
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: LOOK_AGAIN_MS,
  });
}

/** With 503 the gateway says that it accepts no commands: that is an answer, and no failure to get one. */
export function healthOf(error: unknown): Health {
  if (error instanceof ProblemError && error.status === 503) return { status: 'unavailable' };
  throw error;
}
