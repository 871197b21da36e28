// Who looks at this page.

import { useMemo } from 'react';

import { may, type Right } from './rights';
import { type Session, type User, useSession } from './session';

/** Whoever is logged in. Without a user, it is a wall screen. */
export interface Me {
  user: User | undefined;
  role: string;
  may(right: Right): boolean;
  /** The doctors for whom this person acts: the doctor, or those whom an assistant manages. */
  doctors: readonly string[];
}

/** The person of this session; the same object as long as it is the same session. */
export function useMe(): Me {
  const session = useSession((state) => state.session);
  return useMemo(() => meOf(session), [session]);
}

/** Who a session proves. */
export function meOf(session: Pick<Session, 'user' | 'role'> | undefined): Me {
  const { user, role = '' } = session ?? {};
  return {
    user,
    role,
    may: (right) => may(role, right),
    doctors: [...(user?.doctor_id ? [user.doctor_id] : []), ...(user?.manages ?? [])],
  };
}
