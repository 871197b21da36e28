import type { Room } from '@caresync/client';
import { Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useStanding, useThings } from '../../live/hooks';
import { Empty } from '../../shared/Empty';
import { Loading } from '../../shared/Loading';
import { Page } from '../../shared/Page';
import { ROOM_LOOKS } from '../../shared/tones';
import { VirtualGrid } from '../../shared/VirtualGrid';
import { byName } from '../../things/order';
import { RoomTile } from '../../things/RoomTile';
import classes from './Rooms.module.css';

const STATUSES = ['available', 'occupied', 'needs_cleaning', 'maintenance', 'unknown'] as const;

/** The floor: every room at its place. */
export default function Rooms() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const all = useThings('rooms');
  const [status, setStatus] = useState<Room['status']>();
  const [text, setText] = useState('');
  const shown = useMemo(() => {
    const words = text.trim().toLocaleLowerCase();
    return all
      .filter((room) => status === undefined || room.status === status)
      .filter((room) => (room.name ?? room.id).toLocaleLowerCase().includes(words))
      .sort(byName);
  }, [all, status, text]);
  return (
    <Page
      title={t('rooms.title')}
      aside={
        <TextInput
          aria-label={t('rooms.search')}
          placeholder={t('rooms.search')}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      }
    >
      <Counts rooms={all} chosen={status} onChoose={setStatus} />
      {state === 'first' && all.length === 0 ? (
        <Loading />
      ) : shown.length === 0 ? (
        <Empty>{t('rooms.nothing')}</Empty>
      ) : (
        <VirtualGrid label={t('rooms.title')} items={shown} tileMin_px={270} rowGuess_px={190} keyOf={({ id }) => id}>
          {(room) => <RoomTile room={room} />}
        </VirtualGrid>
      )}
    </Page>
  );
}

/** How many rooms are like what; each is a filter, too. */
function Counts(props: { rooms: Room[]; chosen: Room['status'] | undefined; onChoose(status: Room['status'] | undefined): void }) {
  const { rooms, chosen, onChoose } = props;
  const { t } = useTranslation();
  return (
    <Group gap="xs" mb="md" className={classes.counts} role="group" aria-label={t('rooms.by_status')}>
      {STATUSES.map((status) => {
        const { tone, icon: Icon } = ROOM_LOOKS[status];
        const count = rooms.filter((it) => it.status === status).length;
        if (count === 0 && chosen !== status) return null;
        return (
          <Button
            key={status}
            data-tone={tone}
            className={classes.count}
            variant="default"
            aria-pressed={chosen === status}
            leftSection={<Icon size={18} aria-hidden />}
            onClick={() => onChoose(chosen === status ? undefined : status)}
          >
            {t(`room.status.${status}`)}
            <strong className={classes.number}>{count}</strong>
          </Button>
        );
      })}
    </Group>
  );
}
