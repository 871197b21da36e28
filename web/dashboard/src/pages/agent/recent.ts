// What the agent did lately, tasks and action items together.

import type { Action, Task } from '@caresync/client';

/** So many are listed: what lies further back is in the history of tasks. */
export const RECENT_MAX = 30;

/** One thing that the agent made. */
export type Work = { kind: 'task'; at: string; it: Task } | { kind: 'action'; at: string; it: Action };

/** Whether the gateway says that an agent made it. */
export function isByAgent({ created_by }: { created_by: string }): boolean {
  return created_by === 'agent' || created_by.startsWith('agent ');
}

/** The newest first. Proposals are not here: they wait above. */
export function recentWork(tasks: readonly Task[], actions: readonly Action[]): Work[] {
  const all: Work[] = [
    ...tasks.filter((it) => isByAgent(it) && it.status !== 'proposed').map((it): Work => ({ kind: 'task', at: it.start_time, it })),
    ...actions.filter(isByAgent).map((it): Work => ({ kind: 'action', at: it.created_at, it })),
  ];
  return all.sort((a, b) => b.at.localeCompare(a.at)).slice(0, RECENT_MAX);
}
