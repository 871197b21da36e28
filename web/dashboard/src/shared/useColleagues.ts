import { type components, ProblemError } from '@caresync/client';
import { useQuery } from '@tanstack/react-query';

import { useLive } from '../live/hooks';
import { useMe } from '../session/me';

/** Somebody who has, or had, an account. */
export type Colleague = components['schemas']['Colleague'];

/** How long the list of people is good for, in milliseconds: it changes with the staff. */
const FRESH_MS = 300_000;

const nobody: ReadonlyMap<string, Colleague> = new Map();

/** Everybody with an account, and those who left, by id; none until they are known, and for a wall screen. */
export function useColleagues(): ReadonlyMap<string, Colleague> {
  const { client } = useLive();
  const me = useMe();
  const { data } = useQuery({
    queryKey: ['people'],
    queryFn: async ({ signal }) => {
      const { body } = await client.request<{ people: Colleague[] }>('GET', '/api/people?limit=500', { signal });
      return new Map(body.people.map((it) => [it.id, it]));
    },
    enabled: me.may('own_access'),
    staleTime: FRESH_MS,
    // Names are wanted on every page: it is asked until it is answered.
    retry: (_count, error) => !(error instanceof ProblemError),
  });
  return data ?? nobody;
}
