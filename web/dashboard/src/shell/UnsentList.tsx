import type { OutboxEntry } from '@caresync/client';
import { Button, Group, Popover, Stack, Text } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useByTime, useLive, useOutbox } from '../live/hooks';

/** What is answered within this, in milliseconds, is no news. */
const ANSWERED_SOON_MS = 1_500;

/** Changes that the gateway has not got. Nothing is there while there are none. */
export function UnsentList() {
  const { t } = useTranslation();
  const { outbox } = useLive();
  const all = useOutbox();
  const isNews = ({ status, at }: OutboxEntry) => status !== 'waiting' || Date.now() - at > ANSWERED_SOON_MS;
  // Both sides of that comparison are this machine's clock.
  const count = useByTime(() => all.filter(isNews).length);
  const entries = all.filter(isNews);
  if (count === 0 || entries.length === 0) return null;
  return (
    <Popover position="bottom-end" withArrow shadow="md" width={320}>
      <Popover.Target>
        <Button variant="default" data-tone="attention" c="var(--tone)" leftSection={<IconCloudOff size={20} aria-hidden />}>
          {t('unsent.count', { count: entries.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={600} mb="xs">
          {t('unsent.title')}
        </Text>
        <Stack gap="xs" component="ul" m={0} p={0}>
          {entries.map(({ id, label, path, status }) => (
            <Group key={id} component="li" justify="space-between" wrap="nowrap">
              <div>
                <Text>{label ?? path}</Text>
                <Text size="sm" c="dimmed">
                  {t(status === 'waiting' ? 'unsent.waiting' : 'unsent.not_sent')}
                </Text>
              </div>
              <Button variant="default" size="compact-md" onClick={() => outbox.discard(id)}>
                {t('unsent.discard')}
              </Button>
            </Group>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
