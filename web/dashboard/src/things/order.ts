// In which order work is shown: what is urgent first, and of that what waits longest.

import type { Action, Alarm, Equipment, Room, Task } from '@caresync/client';

const URGENCY_RANKS: Record<Action['urgency'], number> = { urgent: 0, normal: 1, low: 2 };

/** Names as people count: Room 2 before Room 10. */
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Action items: urgent first, and then the one that waits longest. */
export function byUrgency(a: Action, b: Action): number {
  return URGENCY_RANKS[a.urgency] - URGENCY_RANKS[b.urgency] || earlier(a.created_at, b.created_at) || earlier(a.id, b.id);
}

/** Tasks: urgent first, and then the one that waits longest. */
export function byPriority(a: Task, b: Task): number {
  return URGENCY_RANKS[a.priority] - URGENCY_RANKS[b.priority] || earlier(a.start_time, b.start_time) || earlier(a.id, b.id);
}

/** Rooms and equipment: by name, always. A place that people know by heart must not move. */
export function byName(a: { id: string; name?: string }, b: { id: string; name?: string }): number {
  return NAMES.compare(a.name ?? a.id, b.name ?? b.id) || earlier(a.id, b.id);
}

const TROUBLE_RANKS: Record<Equipment['status'], number> = { offline: 0, needs_maintenance: 1, operational: 2, in_use: 2 };

/** Equipment: what is out of order first, the rest by name. */
export function byTrouble(a: Equipment, b: Equipment): number {
  return TROUBLE_RANKS[a.status] - TROUBLE_RANKS[b.status] || byName(a, b);
}

/** Whether a room may be used now. */
export function isReady(room: Room): boolean {
  return room.status === 'available';
}

/** Points in time, and ids of version 7, compare as texts. */
export function earlier(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Alarms that stand: those that nobody has seen first, then what came last. */
export function standing(alarms: readonly Alarm[]): Alarm[] {
  return alarms
    .filter(({ cleared_at }) => cleared_at === null)
    .sort((a, b) => Number(a.acknowledged_by !== null) - Number(b.acknowledged_by !== null) || earlier(b.raised_at, a.raised_at));
}
