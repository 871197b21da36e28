import { type components, ProblemError } from '@caresync/client';

import { useMe } from '../session/me';
import { useAll } from './lists';

/** Somebody who has, or had, an account. */
export type Colleague = components['schemas']['Colleague'];

/** Where they are. */
export const COLLEAGUES = '/api/people';

/** How long the list of colleagues is good for, in milliseconds: it changes with the staff. */
const FRESH_MS = 300_000;

const nobody: ReadonlyMap<string, Colleague> = new Map();

const byId = (all: readonly Colleague[]): ReadonlyMap<string, Colleague> => new Map(all.map((it) => [it.id, it]));

/** Everybody with an account, and those who left, by id; none until they are known, and for a wall screen. */
export function useColleagues(): ReadonlyMap<string, Colleague> {
  const me = useMe();
  const { data } = useAll<Colleague, ReadonlyMap<string, Colleague>>(COLLEAGUES, 'people', {
    select: byId,
    enabled: me.may('own_access'),
    staleTime: FRESH_MS,
    // Names are wanted on every page: it is asked until it is answered.
    retry: (_count, error) => !(error instanceof ProblemError),
  });
  return data ?? nobody;
}
