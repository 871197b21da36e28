import { Center, Loader, Text } from '@mantine/core';
import { type CSSProperties, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useStanding, useThings } from '../../live/hooks';
import { ConnectionBadge } from '../../shell/ConnectionBadge';
import { Mark } from '../../shell/Mark';
import { StaleBanner } from '../../shell/StaleBanner';
import { byName } from '../../things/order';
import { RoomTile } from '../../things/RoomTile';
import classes from './Kiosk.module.css';
import { useTurning } from './useTurning';

/** Rooms that fit a wall screen and can be read from across it. What is over goes on further screens, in turn. */
const ROOMS_MAX = 24;

/** A wall screen: every room, large, and nothing to touch. */
export function Kiosk() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const all = useThings('rooms');
  const rooms = useMemo(() => [...all].sort(byName), [all]);
  const screens = Math.max(1, Math.ceil(rooms.length / ROOMS_MAX));
  const screen = useTurning(screens);
  const shown = rooms.slice(screen * ROOMS_MAX, (screen + 1) * ROOMS_MAX);
  return (
    <main className={classes.wall}>
      <header className={classes.head}>
        <Mark />
        <h1 className={classes.title}>{t('kiosk.title')}</h1>
        {screens > 1 && <Text>{t('kiosk.page', { n: screen + 1, all: screens })}</Text>}
        <ConnectionBadge />
      </header>
      <StaleBanner />
      {state === 'first' && shown.length === 0 && (
        <Center>
          <Loader aria-label={t('shared.loading')} />
        </Center>
      )}
      <ul className={classes.rooms} style={{ '--columns': columnsFor(shown.length) } as CSSProperties}>
        {shown.map((room) => (
          <li key={room.id}>
            <RoomTile room={room} isBare />
          </li>
        ))}
      </ul>
    </main>
  );
}

/** Columns with which so many tiles fill a wide screen: they are half as wide again as high. */
function columnsFor(tiles: number): number {
  return Math.max(1, Math.ceil(Math.sqrt(tiles)));
}
