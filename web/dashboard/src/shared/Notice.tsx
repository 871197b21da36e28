import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import classes from './Notice.module.css';
import type { Tone } from './tones';

/** What a notice is given. */
export interface NoticeProps {
  tone: Tone;
  title?: string;
  /** `alert` interrupts a screen reader, `status` waits until it is done. */
  role?: 'alert' | 'status';
  children?: ReactNode;
}

/** Something that people should read before they go on. */
export function Notice({ tone, title, role = 'status', children }: NoticeProps) {
  const Icon = tone === 'danger' || tone === 'attention' ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <Icon size={22} aria-hidden />
      <div>
        {title && <strong className={classes.title}>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
