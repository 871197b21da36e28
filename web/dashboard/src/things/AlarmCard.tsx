import type { Alarm } from '@caresync/client';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useIsPending } from '../live/hooks';
import { useChange } from '../live/useChange';
import { useMe } from '../session/me';
import { StatusBadge } from '../shared/Badge';
import { useWho } from '../shared/useWho';
import { Card } from './Card';

/** A technical alarm: what is wrong, what helps, and whether somebody has seen it. */
export const AlarmCard = memo(function AlarmCard({ alarm, isFull = false }: { alarm: Alarm; isFull?: boolean }) {
  const { t } = useTranslation();
  const who = useWho();
  const me = useMe();
  const change = useChange();
  const acknowledge = () =>
    change({
      kind: 'alarms',
      id: alarm.id,
      method: 'POST',
      path: `/api/alarms/${encodeURIComponent(alarm.id)}/acknowledge`,
      label: t('alarm.acknowledge'),
      optimistic: me.user ? { acknowledged_by: me.user.id } : {},
    });
  return (
    <Card
      title={alarm.text ?? alarm.cause}
      tone="attention"
      badges={
        <StatusBadge tone="attention" icon={IconAlertTriangle}>
          {t('alarm.title')}
        </StatusBadge>
      }
      since={alarm.raised_at}
      text={alarm.remedy}
      isFull={isFull}
      about={{}}
      who={alarm.acknowledged_by ? t('alarm.seen_by', { who: who(alarm.acknowledged_by) }) : undefined}
      isPending={useIsPending('alarms', alarm.id)}
      actions={
        alarm.acknowledged_by === null &&
        me.may('alarms') && (
          <Button variant="default" onClick={() => void acknowledge()}>
            {t('alarm.acknowledge')}
          </Button>
        )
      }
    />
  );
});
