import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useThings } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Empty } from '../../shared/Empty';
import { Page } from '../../shared/Page';
import { VirtualGrid } from '../../shared/VirtualGrid';
import { byPriority } from '../../things/order';
import { TaskCard } from '../../things/TaskCard';

const WHICH = ['open', 'mine', 'agents', 'completed'] as const;

/** Tasks: urgent first, and of those the one that waits longest. */
export default function Tasks() {
  const { t } = useTranslation();
  const { user } = useMe();
  const all = useThings('tasks');
  const [which, setWhich] = useState<(typeof WHICH)[number]>('open');
  const shown = useMemo(() => {
    const isOpen = (it: (typeof all)[number]) => ['proposed', 'pending', 'in_progress'].includes(it.status);
    const isShown = {
      open: isOpen,
      mine: (it: (typeof all)[number]) => isOpen(it) && it.assignee === user?.id,
      agents: (it: (typeof all)[number]) => isOpen(it) && it.assignee === 'agent',
      completed: (it: (typeof all)[number]) => !isOpen(it),
    }[which];
    return all.filter(isShown).sort(byPriority);
  }, [all, which, user]);
  return (
    <Page
      title={t('tasks.title')}
      aside={
        <SegmentedControl
          aria-label={t('work.which')}
          value={which}
          onChange={(value) => setWhich(value as typeof which)}
          data={WHICH.map((value) => ({ value, label: t(`work.${value}`) }))}
        />
      }
    >
      {shown.length === 0 ? (
        <Empty>{t('tasks.nothing')}</Empty>
      ) : (
        <VirtualGrid label={t('tasks.title')} items={shown} tileMin_px={360} rowGuess_px={200} keyOf={({ id }) => id}>
          {(task) => <TaskCard task={task} />}
        </VirtualGrid>
      )}
    </Page>
  );
}
