// Lists of who may come in, whole: there are a thousand at most, and names are looked for in all of them.

import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';

import { keyOf } from '../../admin/asked';
import { useLive } from '../../live/hooks';
import type { User } from '../../session/session';
import type { Token } from './accounts';

/** The most of one answer. */
const PAGE_MAX = 500;

/** Where they are. */
export const USERS = '/api/users';
export const TOKENS = '/api/tokens';
export const KEYS = '/api/keys';

/** Everything in the list at `path`, where it stands under `name`. */
export function useAll<T>(path: string, name: string): UseQueryResult<T[]> {
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
  });
}

/** Every account, closed ones too. */
export const useAccounts = () => useAll<User>(USERS, 'users');

/** Every token that is live. */
export const useTokens = () => useAll<Token>(TOKENS, 'tokens');
