// What waits for one person, in one list. The inbox shows it, the menu counts it.

import type { Action, Alarm, Task } from '@caresync/client';

import type { Me } from '../session/me';
import { earlier } from './order';

/** One thing that waits. */
export type Need =
  | { kind: 'action'; id: string; rank: number; since: string; thing: Action }
  | { kind: 'proposal' | 'task'; id: string; rank: number; since: string; thing: Task }
  | { kind: 'alarm'; id: string; rank: number; since: string; thing: Alarm };

/** What the list is made of. */
export interface Waiting {
  actions: readonly Action[];
  tasks: readonly Task[];
  alarms: readonly Alarm[];
}

/** What comes first: what cannot wait, then what only people decide, then what is one's own, then what anybody may do. */
const RANKS = { urgent: 0, urgentTask: 1, alarm: 2, proposal: 3, mine: 4, anybody: 5 } as const;

/** Everything that waits for this person, first things first, and of those the one that waits longest. */
export function needsOf(me: Me, { actions, tasks, alarms }: Waiting): Need[] {
  const needs: Need[] = [
    ...(me.may('actions') ? actions.flatMap((it) => ofAction(me, it)) : []),
    ...(me.may('tasks') ? tasks.flatMap((it) => ofTask(me, it)) : []),
    ...(me.may('alarms') ? alarms.flatMap(ofAlarm) : []),
  ];
  return needs.sort((a, b) => a.rank - b.rank || earlier(a.since, b.since) || earlier(a.id, b.id));
}

/** What is for a doctor is no business of another doctor's; who acts for none hears of all. */
function isFor(me: Me, { doctor_id }: { doctor_id: string | null }): boolean {
  return doctor_id === null || me.doctors.length === 0 || me.doctors.includes(doctor_id);
}

function ofAction(me: Me, thing: Action): Need[] {
  if (thing.status === 'completed') return [];
  const isMine = thing.assigned_to !== null && thing.assigned_to === me.user?.id;
  // What a colleague has taken waits for nobody else.
  const isFree = thing.assigned_to === null && isFor(me, thing);
  const rank = thing.urgency === 'urgent' ? RANKS.urgent : isMine ? RANKS.mine : RANKS.anybody;
  if (!isMine && !(isFree && thing.urgency !== 'low')) return [];
  return [{ kind: 'action', id: thing.id, rank, since: thing.created_at, thing }];
}

function ofTask(me: Me, thing: Task): Need[] {
  const need = { id: thing.id, since: thing.start_time, thing };
  const isMine = thing.assignee === me.user?.id;
  const isOpen = thing.status === 'pending' || thing.status === 'in_progress';
  if (thing.status === 'proposed' && (isMine || isFor(me, thing))) return [{ ...need, kind: 'proposal', rank: RANKS.proposal }];
  if (!isOpen) return [];
  const isAnybodys = thing.assignee === 'staff' && thing.status === 'pending' && isFor(me, thing);
  if (!isMine && !isAnybodys) return [];
  const rank = thing.priority === 'urgent' ? RANKS.urgentTask : isMine ? RANKS.mine : RANKS.anybody;
  return [{ ...need, kind: 'task', rank }];
}

function ofAlarm(thing: Alarm): Need[] {
  if (thing.acknowledged_by !== null || thing.cleared_at !== null) return [];
  return [{ kind: 'alarm', id: thing.id, rank: RANKS.alarm, since: thing.raised_at, thing }];
}
