import { Group, Text } from '@mantine/core';

import icon from '../assets/icon.svg';

/** The sign of the product; with its name unless room is short. */
export function Mark({ isShort = false }: { isShort?: boolean }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <img src={icon} alt="" width={28} height={28} />
      <Text fw={700} size="lg" component="span" {...(isShort && { visibleFrom: 'xs' })}>
        CareSync
      </Text>
    </Group>
  );
}
