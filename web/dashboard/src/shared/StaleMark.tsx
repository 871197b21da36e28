import { IconClockExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useStanding } from '../live/hooks';
import { rounded } from './ages';
import classes from './StaleMark.module.css';

/** Says on a tile that it shows how things were, and how long ago. Nothing while it can be trusted. */
export function StaleMark() {
  const { t } = useTranslation();
  const { state, age_s } = useStanding();
  if (state !== 'stale') return null;
  const { n, unit } = rounded(age_s * 1_000);
  return (
    <span className={classes.mark} data-stale-mark>
      <IconClockExclamation size="1.15em" aria-hidden />
      <span>{t('stale.tile', { age: t(`age.${unit}`, { n }) })}</span>
    </span>
  );
}
