import { IconPlugConnectedX, IconRefresh, IconWifi } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useConnection, useStanding } from '../live/hooks';
import { StatusBadge } from '../shared/Badge';

/** How the connection does, in one word. */
export function ConnectionBadge() {
  const { t } = useTranslation();
  const connection = useConnection();
  const { state } = useStanding();
  if (state === 'live') {
    return (
      <StatusBadge tone="good" icon={IconWifi}>
        {t('connection.live')}
      </StatusBadge>
    );
  }
  if (connection === 'connecting' || state === 'first') {
    return (
      <StatusBadge tone="attention" icon={IconRefresh}>
        {t('connection.connecting')}
      </StatusBadge>
    );
  }
  return (
    <StatusBadge tone="danger" icon={IconPlugConnectedX}>
      {t('connection.lost')}
    </StatusBadge>
  );
}
