import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A part of a page, by its name. */
export function Section(props: { title: string; about?: string; aside?: ReactNode; children: ReactNode }) {
  const { title, about, aside, children } = props;
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" gap="sm" mb={about ? 4 : 'sm'}>
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {about && (
        <Text c="dimmed" size="sm" mb="sm" maw={720}>
          {about}
        </Text>
      )}
      {children}
    </section>
  );
}
