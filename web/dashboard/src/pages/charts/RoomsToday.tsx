import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Column, Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { StatusBadge } from '../../shared/Badge';
import { Chart } from './Chart';
import { Known } from './Known';
import { isAnyKnown, percent, type RoomUse, writtenHour } from './numbers';

/** How much each room is used today, beside its average day. */
export function RoomsToday({ rooms }: { rooms: readonly RoomUse[] }) {
  const { t } = useTranslation();
  const data = rooms.map(({ name, today, average }) => ({
    name,
    today: percent(today.utilization_ratio),
    average: percent(average.utilization_ratio),
  }));
  return (
    <Section title={t('charts.rooms')} about={t('charts.rooms_about')}>
      <Stack gap="sm">
        <Chart
          label={t('charts.rooms_chart')}
          data={data}
          x="name"
          unit=" %"
          series={[
            { name: 'today', label: t('charts.today') },
            { name: 'average', label: t('charts.average'), isReference: true },
          ]}
          nothing={t('charts.nothing_rooms')}
          isEmpty={!isAnyKnown(data.flatMap(({ today, average }) => [today, average]))}
        />
        <Rows label={t('charts.rooms')} items={rooms} keyOf={({ room_id }) => room_id} columns={useColumns()} minWidth_px={820} />
      </Stack>
    </Section>
  );
}

function useColumns(): Column<RoomUse>[] {
  const { t } = useTranslation();
  return [
    { name: t('charts.room'), of: (it) => <RoomName room={it} /> },
    { name: t('charts.used'), of: (it) => <Known unit="ratio" value={it.today.utilization_ratio} />, isNumber: true },
    { name: t('charts.average'), of: (it) => <Known unit="ratio" value={it.average.utilization_ratio} />, isNumber: true },
    { name: t('charts.number.sessions'), of: (it) => <Known unit="times" value={it.today.sessions} />, isNumber: true },
    { name: t('charts.occupied'), of: (it) => <Known unit="min" value={it.today.occupied_minutes} />, isNumber: true },
    { name: t('charts.not_watched'), of: (it) => <Known unit="min" value={it.today.unknown_minutes} />, isNumber: true },
    {
      name: t('charts.number.average_cleaning_wait_minutes'),
      of: (it) => <Known unit="min" value={it.today.average_cleaning_wait_minutes} />,
      isNumber: true,
    },
    { name: t('charts.peak'), of: ({ today: { peak_hour } }) => peak_hour != null && writtenHour(peak_hour), isNumber: true },
  ];
}

function RoomName({ room: { room_id, name, today, average } }: { room: RoomUse }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to={`/rooms/${encodeURIComponent(room_id)}`}>{name}</Link>{' '}
      {(today.synthetic || average.synthetic) && <StatusBadge tone="service">{t('room.synthetic')}</StatusBadge>}
    </>
  );
}
