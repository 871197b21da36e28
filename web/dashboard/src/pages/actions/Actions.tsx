import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useThings } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Empty } from '../../shared/Empty';
import { Page } from '../../shared/Page';
import { VirtualGrid } from '../../shared/VirtualGrid';
import { ActionCard } from '../../things/ActionCard';
import { byUrgency } from '../../things/order';

const WHICH = ['open', 'mine', 'completed'] as const;

/** Action items: urgent first, and of those the one that waits longest. */
export default function Actions() {
  const { t } = useTranslation();
  const { user } = useMe();
  const all = useThings('actions');
  const [which, setWhich] = useState<(typeof WHICH)[number]>('open');
  const shown = useMemo(() => {
    const isShown = {
      open: (it: (typeof all)[number]) => it.status !== 'completed',
      mine: (it: (typeof all)[number]) => it.status !== 'completed' && it.assigned_to === user?.id,
      completed: (it: (typeof all)[number]) => it.status === 'completed',
    }[which];
    return all.filter(isShown).sort(byUrgency);
  }, [all, which, user]);
  return (
    <Page
      title={t('actions.title')}
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
        <Empty>{t('actions.nothing')}</Empty>
      ) : (
        <VirtualGrid label={t('actions.title')} items={shown} tileMin_px={360} rowGuess_px={200} keyOf={({ id }) => id}>
          {(action) => <ActionCard action={action} />}
        </VirtualGrid>
      )}
    </Page>
  );
}
