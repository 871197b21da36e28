import { useMemo } from 'react';

import { useThings } from '../live/hooks';
import { useMe } from '../session/me';
import { type Need, needsOf } from './needs';

/** What waits for whoever is logged in. */
export function useNeeds(): Need[] {
  const me = useMe();
  const actions = useThings('actions');
  const tasks = useThings('tasks');
  const alarms = useThings('alarms');
  return useMemo(() => needsOf(me, { actions, tasks, alarms }), [me, actions, tasks, alarms]);
}
