import type { Task } from '@caresync/client';
import { Button } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useIsPending } from '../live/hooks';
import { useMe } from '../session/me';
import { StatusBadge } from '../shared/Badge';
import { ReasonDialog } from '../shared/ReasonDialog';
import { TASK_LOOKS, URGENCY_TONES } from '../shared/tones';
import { useWho } from '../shared/useWho';
import { Card } from './Card';
import { useLabels } from './useLabels';
import { useTaskWork } from './useTaskWork';

/** A task, and what can be done with it. */
export const TaskCard = memo(function TaskCard({ task, isFull = false }: { task: Task; isFull?: boolean }) {
  const { t } = useTranslation();
  const who = useWho();
  const { taskType } = useLabels();
  const { tone, icon } = TASK_LOOKS[task.status];
  return (
    <Card
      title={taskType(task)}
      {...(!isFull && { to: `/tasks/${encodeURIComponent(task.id)}` })}
      isFull={isFull}
      tone={task.priority === 'urgent' ? 'danger' : tone}
      badges={
        <>
          <StatusBadge tone={tone} icon={icon}>
            {t(`task.status.${task.status}`)}
          </StatusBadge>
          {task.priority !== 'normal' && (
            <StatusBadge tone={URGENCY_TONES[task.priority]}>{t(`urgency.${task.priority}`)}</StatusBadge>
          )}
          {task.created_by.startsWith('agent') && (
            <StatusBadge tone="service" icon={IconRobot}>
              {t('task.by_agent')}
            </StatusBadge>
          )}
        </>
      }
      since={task.start_time}
      text={task.description}
      // Whoever approves or rejects should not have to open it first. Its own page has a part for that.
      why={task.status === 'proposed' && !isFull ? task.reasoning : undefined}
      about={task}
      who={t('work.with', { who: who(task.assignee) })}
      isPending={useIsPending('tasks', task.id)}
      actions={<TaskActions task={task} />}
    />
  );
});

/** The buttons of a task: only what makes sense for what it is and whose it is. */
export function TaskActions({ task }: { task: Task }) {
  const { t } = useTranslation();
  const me = useMe();
  const work = useTaskWork();
  const [isRejecting, setRejecting] = useState(false);
  if (!me.may('tasks')) return null;
  const isMine = task.assignee === me.user?.id;
  if (task.status === 'proposed') {
    return (
      <>
        <Button onClick={() => void work.approve(task)}>{t('task.approve')}</Button>
        <Button variant="default" onClick={() => setRejecting(true)}>
          {t('task.reject')}
        </Button>
        <ReasonDialog
          title={t('task.reject_title')}
          label={t('shared.reason')}
          confirm={t('task.reject')}
          isOpen={isRejecting}
          onClose={() => setRejecting(false)}
          onSubmit={(reason) => {
            setRejecting(false);
            void work.reject(task, reason);
          }}
        />
      </>
    );
  }
  if (task.status !== 'pending' && task.status !== 'in_progress') return null;
  const isWorking = isMine && task.status === 'in_progress';
  return (
    <>
      {!isWorking && (
        <Button onClick={() => void work.take(task)}>{t(task.assignee === 'agent' ? 'task.take_over' : 'task.take')}</Button>
      )}
      <Button variant={isWorking ? 'filled' : 'default'} onClick={() => void work.complete(task)}>
        {t('task.complete')}
      </Button>
      {isWorking && (
        <Button variant="subtle" onClick={() => void work.release(task)}>
          {t('task.release')}
        </Button>
      )}
    </>
  );
}
