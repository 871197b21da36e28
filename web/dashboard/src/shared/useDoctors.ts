import { type components, ProblemError } from '@caresync/client';
import { useQuery } from '@tanstack/react-query';

import { useLive } from '../live/hooks';

/** A doctor of the clinic. */
export type Doctor = components['schemas']['Doctor'];

/** How long the list of doctors is good for, in milliseconds: it changes with the staff. */
const FRESH_MS = 300_000;

const nobody: ReadonlyMap<string, Doctor> = new Map();

/** The doctors of the clinic by id; none until they are known. */
export function useDoctors(): ReadonlyMap<string, Doctor> {
  const { client } = useLive();
  const { data } = useQuery({
    queryKey: ['doctors'],
    queryFn: async ({ signal }) => {
      const { body } = await client.request<{ doctors: Doctor[] }>('GET', '/api/doctors?limit=500', { signal });
      return new Map(body.doctors.map((it) => [it.id, it]));
    },
    staleTime: FRESH_MS,
    // Names are wanted on every page: it is asked until it is answered.
    retry: (_count, error) => !(error instanceof ProblemError),
  });
  return data ?? nobody;
}
