import { IconSearchOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { Empty } from './Empty';
import { Page } from './Page';

/** A page about something that is not there. */
export function Missing({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Page title={title}>
      <Empty icon={IconSearchOff}>{children}</Empty>
    </Page>
  );
}
