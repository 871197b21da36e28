import { type components, ProblemError } from '@caresync/client';

import { useAll } from './lists';

/** A doctor of the clinic. */
export type Doctor = components['schemas']['Doctor'];

/** How long the list of doctors is good for, in milliseconds: it changes with the staff. */
const FRESH_MS = 300_000;

const nobody: ReadonlyMap<string, Doctor> = new Map();

const byId = (all: readonly Doctor[]): ReadonlyMap<string, Doctor> => new Map(all.map((it) => [it.id, it]));

/** The doctors of the clinic by id; none until they are known. */
export function useDoctors(): ReadonlyMap<string, Doctor> {
  const { data } = useAll<Doctor, ReadonlyMap<string, Doctor>>('/api/doctors', 'doctors', {
    select: byId,
    staleTime: FRESH_MS,
    // Names are wanted on every page: it is asked until it is answered.
    retry: (_count, error) => !(error instanceof ProblemError),
  });
  return data ?? nobody;
}
