import { useInfiniteQuery } from '@tanstack/react-query';

import { useLive } from '../../live/hooks';
import { type Asked, type AuditAnswer, pathOf, questionOf } from './trail';

/** The trail, page by page, the newest first. Asked anew whenever somebody comes to it: it grows with everything that is done. */
export function useTrail(asked: Asked) {
  const { client } = useLive();
  return useInfiniteQuery({
    queryKey: ['api', 'audit', questionOf(asked).toString()],
    queryFn: async ({ pageParam, signal }) => (await client.request<AuditAnswer>('GET', pathOf(asked, pageParam), { signal })).body,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    staleTime: 0,
    // What is read must not move while it is read.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
