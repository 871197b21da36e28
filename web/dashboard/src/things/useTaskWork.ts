import type { Task } from '@caresync/client';
import { useTranslation } from 'react-i18next';

import { useChange } from '../live/useChange';
import { useMe } from '../session/me';
import { useLabels } from './useLabels';

/** What people do with a task. Each shows at once, and rests on the task as it was shown. */
export function useTaskWork() {
  const { t } = useTranslation();
  const change = useChange();
  const { user } = useMe();
  const { taskType } = useLabels();
  const pathOf = (task: Task) => `/api/tasks/${encodeURIComponent(task.id)}`;
  const edit = (task: Task, patch: Partial<Pick<Task, 'assignee' | 'status'>>, done: string) =>
    change({
      kind: 'tasks',
      id: task.id,
      method: 'PATCH',
      path: pathOf(task),
      body: patch,
      ifMatch: task.revision,
      label: `${taskType(task)}: ${done}`,
      optimistic: patch,
    });
  const decide = (task: Task, verdict: 'approve' | 'reject', reason: string) =>
    change({
      kind: 'tasks',
      id: task.id,
      method: 'POST',
      path: `${pathOf(task)}/${verdict}`,
      body: reason === '' ? {} : { reason },
      ifMatch: task.revision,
      label: `${taskType(task)}: ${t(`task.${verdict}`)}`,
      optimistic: { status: verdict === 'approve' ? 'pending' : 'cancelled' },
    });
  return {
    /** It is one's own from now on, also where it was the agent's. */
    take: (task: Task) => edit(task, { ...(user && { assignee: user.id }), status: 'in_progress' }, t('task.take')),
    complete: (task: Task) => edit(task, { status: 'completed' }, t('task.complete')),
    /** Back to whoever of the staff is free. */
    release: (task: Task) => edit(task, { assignee: 'staff', status: 'pending' }, t('task.release')),
    approve: (task: Task, reason = '') => decide(task, 'approve', reason),
    reject: (task: Task, reason: string) => decide(task, 'reject', reason),
    note: (task: Task, text: string) =>
      change({
        kind: 'tasks',
        id: task.id,
        method: 'POST',
        path: `${pathOf(task)}/notes`,
        body: { text },
        label: `${taskType(task)}: ${t('task.note')}`,
        optimistic: {},
      }),
  };
}
