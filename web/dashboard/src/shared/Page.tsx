import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

import classes from './Page.module.css';

/** What a page is given. */
export interface PageProps {
  title: string;
  /** Beside the title: filters, buttons. */
  aside?: ReactNode;
  children: ReactNode;
}

/** The frame of a page: its title, here and in the window's. */
export function Page({ title, aside, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · CareSync`;
  }, [title]);
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="center" mb="md" gap="sm">
        <Title order={1} size="h2">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </div>
  );
}
