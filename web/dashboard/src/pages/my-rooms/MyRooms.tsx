import { Button, Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useStanding, useThings } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Empty } from '../../shared/Empty';
import { Loading } from '../../shared/Loading';
import { Page } from '../../shared/Page';
import { byName, isReady } from '../../things/order';
import { RoomTile } from '../../things/RoomTile';
import { useRoomWork } from '../../things/useRoomWork';
import classes from './MyRooms.module.css';

/** For a doctor on a phone: the rooms one is in, and those that one may go to. */
export default function MyRooms() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const { doctors, user, may } = useMe();
  const rooms = useThings('rooms');
  const { say } = useRoomWork();
  const mine = useMemo(
    () => rooms.filter((it) => it.current_doctor_id !== null && doctors.includes(it.current_doctor_id)).sort(byName),
    [rooms, doctors],
  );
  const ready = useMemo(() => rooms.filter((it) => isReady(it) && it.type !== 'waiting').sort(byName), [rooms]);
  if (state === 'first' && rooms.length === 0) return <Loading />;
  const doctorId = user?.doctor_id;
  return (
    <Page title={t('my_rooms.title')}>
      <Stack gap="lg">
        {mine.length === 0 && <Empty>{t('my_rooms.nothing')}</Empty>}
        <div className={classes.tiles}>{mine.map((room) => <RoomTile key={room.id} room={room} />)}</div>
        {ready.length > 0 && (
          <section>
            <Title order={2} size="h3" mb="sm">
              {t('my_rooms.ready')}
            </Title>
            <ul className={classes.ready}>
              {ready.map((room) => (
                <li key={room.id}>
                  <span>{room.name ?? room.id}</span>
                  {doctorId && may('rooms') && (
                    <Button variant="light" onClick={() => void say(room, 'occupied', doctorId)} aria-label={t('my_rooms.enter_room', { name: room.name ?? room.id })}>
                      {t('my_rooms.enter')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </section>
        )}
      </Stack>
    </Page>
  );
}
