import { Button } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useIsReplaced, useLive, useStanding } from '../live/hooks';
import { rounded } from '../shared/ages';
import classes from './StaleBanner.module.css';

/** Says over everything that the page shows how things were. A screen reader hears it once, not each second. */
export function StaleBanner() {
  const { t } = useTranslation();
  const { client } = useLive();
  const { state, age_s } = useStanding();
  const isReplaced = useIsReplaced();
  const { n, unit } = rounded(age_s * 1_000);
  return (
    <div role="status" aria-live="polite" className={classes.place}>
      {state === 'stale' && (
        <div className={classes.banner} data-stale-banner>
          <IconClockExclamation aria-hidden />
          <div>
            <strong>{t(isReplaced ? 'stale.replaced' : 'stale.banner')}</strong>{' '}
            <span aria-hidden>{t('stale.as_of', { age: t(`age.${unit}`, { n }) })}</span>
          </div>
          {isReplaced && (
            <Button variant="white" color="dark" onClick={() => client.connect()}>
              {t('stale.connect')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
