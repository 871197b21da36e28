import { NativeSelect, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Chart } from './Chart';
import { hoursOf, isAnyKnown, oneOf, type RoomUse, written } from './numbers';
import { useChosen } from './useChosen';

/** When one room is used: by the hours of the clinic's clocks. */
export function RoomHours({ rooms }: { rooms: readonly RoomUse[] }) {
  const { t, i18n } = useTranslation();
  const [asked, choose] = useChosen('room');
  const id = oneOf(rooms.map(({ room_id }) => room_id), asked);
  const room = rooms.find(({ room_id }) => room_id === id);
  if (!room) return null;
  const rows = hoursOf(room);
  const share = (value: number | null) => written('ratio', value === null ? null : value / 100, i18n.language) ?? t('charts.unknown');
  return (
    <Section
      title={t('charts.hours')}
      about={t('charts.hours_about')}
      aside={
        <NativeSelect
          aria-label={t('charts.room')}
          value={room.room_id}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          data={rooms.map(({ room_id, name }) => ({ value: room_id, label: name }))}
        />
      }
    >
      <Stack gap="sm">
        <Chart
          label={t('charts.hours_chart', { room: room.name })}
          data={rows}
          x="hour"
          unit=" %"
          series={[
            { name: 'today', label: t('charts.today') },
            { name: 'average', label: t('charts.average'), isReference: true },
          ]}
          nothing={t('charts.nothing_hours')}
          isEmpty={!isAnyKnown(rows.flatMap(({ today, average }) => [today, average]))}
        />
        <details>
          <summary>{t('charts.as_table')}</summary>
          <Rows
            label={t('charts.hours_chart', { room: room.name })}
            items={rows}
            keyOf={({ hour }) => hour}
            minWidth_px={320}
            columns={[
              { name: t('charts.hour'), of: ({ hour }) => hour },
              { name: t('charts.today'), of: ({ today }) => share(today), isNumber: true },
              { name: t('charts.average'), of: ({ average }) => share(average), isNumber: true },
            ]}
          />
        </details>
      </Stack>
    </Section>
  );
}
