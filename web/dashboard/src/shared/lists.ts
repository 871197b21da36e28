// Answers of the REST door by their paths, and its lists as wholes.

import { keepPreviousData, useQuery, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';

import { useLive } from '../live/hooks';

/** The most of one answer. */
const PAGE_MAX = 500;

/** The name of an answer in the cache: its path without the question, so that an act can make all answers about it old. */
export function keyOf(path: string): string[] {
  const [place = '', question = ''] = path.split('?');
  return [...place.split('/').filter((it) => it !== ''), ...(question === '' ? [] : [`?${question}`])];
}

/** Everything in the list at `path`, where it stands under `name`. */
export function useAll<T, R = T[]>(
  path: string,
  name: string,
  options: Pick<UseQueryOptions<T[], Error, R>, 'select' | 'enabled' | 'staleTime' | 'retry'> = {},
): UseQueryResult<R> {
  const { client } = useLive();
  return useQuery({
    queryKey: [...keyOf(path), '*'],
    queryFn: async ({ signal }) => {
      const all: T[] = [];
      for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
        const question = `?limit=${PAGE_MAX}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
        const { body } = await client.request<Record<string, unknown>>('GET', path + question, { signal });
        all.push(...(body[name] as T[]));
        cursor = body.next_cursor as string | undefined;
      }
      return all;
    },
    placeholderData: keepPreviousData,
    ...options,
  });
}
