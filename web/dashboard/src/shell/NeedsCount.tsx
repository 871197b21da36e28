import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useNeeds } from '../things/useNeeds';

/** How much waits for whoever is logged in. */
export function NeedsCount() {
  const { t } = useTranslation();
  const count = useNeeds().length;
  if (count === 0) return null;
  return (
    <Badge circle={count < 10} size="lg" color="red.9" aria-label={t('inbox.count', { count })}>
      {count > 99 ? '99+' : count}
    </Badge>
  );
}
