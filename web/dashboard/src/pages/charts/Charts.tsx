import { Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { useAsked } from '../../admin/asked';
import { Empty } from '../../shared/Empty';
import { Page } from '../../shared/Page';
import { byName } from '../../things/order';
import { COUNT_AGAIN_MS, Days } from './Days';
import type { Utilization } from './numbers';
import { RoomHours } from './RoomHours';
import { RoomsToday } from './RoomsToday';

/** How the clinic is used: its rooms, its hours, its days. Each chart has its numbers in a table. */
export default function Charts() {
  const { t } = useTranslation();
  const use = useAsked<Utilization>('/api/utilization', COUNT_AGAIN_MS);
  return (
    <Page title={t('charts.title')}>
      <Stack gap="xl">
        <Answered query={use}>{(answer) => <Rooms use={answer} />}</Answered>
        <Days />
      </Stack>
    </Page>
  );
}

function Rooms({ use }: { use: Utilization }) {
  const { t } = useTranslation();
  const rooms = useMemo(
    () => [...use.rooms].sort((a, b) => byName({ id: a.room_id, name: a.name }, { id: b.room_id, name: b.name })),
    [use.rooms],
  );
  if (rooms.length === 0) return <Empty>{t('charts.no_rooms')}</Empty>;
  return (
    <Stack gap="xl">
      {use.timezone && (
        <Text c="dimmed" size="sm">
          {t('charts.clock', { zone: use.timezone })}
        </Text>
      )}
      <RoomsToday rooms={rooms} />
      <RoomHours rooms={rooms} />
    </Stack>
  );
}
