import type { Action } from '@caresync/client';
import { Button } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useIsPending } from '../live/hooks';
import { useMe } from '../session/me';
import { StatusBadge } from '../shared/Badge';
import { URGENCY_TONES } from '../shared/tones';
import { useWho } from '../shared/useWho';
import { Card } from './Card';
import { useActionWork } from './useActionWork';
import { useLabels } from './useLabels';

/** An action item, and what can be done about it. */
export const ActionCard = memo(function ActionCard({ action }: { action: Action }) {
  const { t } = useTranslation();
  const me = useMe();
  const who = useWho();
  const work = useActionWork();
  const { actionTitle } = useLabels();
  const isMine = action.assigned_to !== null && action.assigned_to === me.user?.id;
  const isOpen = action.status !== 'completed';
  return (
    <Card
      title={actionTitle(action)}
      tone={isOpen ? URGENCY_TONES[action.urgency] : 'unknown'}
      badges={
        <>
          <StatusBadge tone={URGENCY_TONES[action.urgency]}>{t(`urgency.${action.urgency}`)}</StatusBadge>
          <StatusBadge tone="unknown">{t(`action.type.${action.type}`)}</StatusBadge>
          {action.status !== 'pending' && <StatusBadge tone="busy">{t(`action.status.${action.status}`)}</StatusBadge>}
        </>
      }
      since={action.created_at}
      text={action.description}
      why={action.reasoning}
      about={action}
      who={action.assigned_to ? t('work.with', { who: who(action.assigned_to) }) : undefined}
      isPending={useIsPending('actions', action.id)}
      actions={
        isOpen &&
        me.may('actions') && (
          <>
            {!isMine && (
              <Button onClick={() => void work.take(action)}>{t('action.take')}</Button>
            )}
            <Button variant={isMine ? 'filled' : 'default'} onClick={() => void work.complete(action)}>
              {t('action.complete')}
            </Button>
            {isMine && (
              <Button variant="subtle" onClick={() => void work.release(action)}>
                {t('action.release')}
              </Button>
            )}
          </>
        )
      }
    />
  );
});
