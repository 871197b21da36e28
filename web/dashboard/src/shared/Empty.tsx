import { IconCircleCheck, type TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import classes from './Empty.module.css';

/** Says that there is nothing, so that an empty page is no broken one. */
export function Empty({ icon: Icon = IconCircleCheck, children }: { icon?: TablerIcon; children: ReactNode }) {
  return (
    <div className={classes.empty}>
      <Icon size={40} stroke={1.5} aria-hidden />
      <p>{children}</p>
    </div>
  );
}
