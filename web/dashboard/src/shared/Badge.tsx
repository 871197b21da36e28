import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import classes from './Badge.module.css';
import type { Tone } from './tones';

/** A word with a sign and a colour; the word alone says it all. */
export function StatusBadge({ tone, icon: Icon, children }: { tone: Tone; icon?: TablerIcon; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {Icon && <Icon size="1.15em" stroke={2} aria-hidden />}
      <span>{children}</span>
    </span>
  );
}
