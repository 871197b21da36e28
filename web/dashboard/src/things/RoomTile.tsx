import type { Room } from '@caresync/client';
import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { IconDots, IconEyeOff, IconFlask, IconHistory, IconStethoscope } from '@tabler/icons-react';
import { memo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useIsPending } from '../live/hooks';
import { useMe } from '../session/me';
import { Age } from '../shared/Age';
import { StatusBadge } from '../shared/Badge';
import { Tile } from '../shared/Tile';
import { ROOM_LOOKS } from '../shared/tones';
import { useDoctors } from '../shared/useDoctors';
import classes from './RoomTile.module.css';
import { type Said, useRoomWork } from './useRoomWork';

const SAYINGS: readonly Said[] = ['available', 'occupied', 'needs_cleaning', 'maintenance'];

/** Whether what is said of a room rests on evidence that is old, lost or absent. */
export function isDoubtful(room: Room): boolean {
  return room.status === 'unknown' || (room.occupancy.sources.length > 0 && room.occupancy.freshness !== 'fresh');
}

/** A room: what it is like, since when, why, who is in it, and what staff say of it with one tap. */
export const RoomTile = memo(function RoomTile({ room, isBare = false }: { room: Room; isBare?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const name = room.name ?? room.id;
  const { tone, icon: Icon } = ROOM_LOOKS[room.status];
  return (
    <Tile label={name} tone={tone} isDoubtful={isDoubtful(room)} isPending={useIsPending('rooms', room.id)}>
      <Group justify="space-between" wrap="nowrap" align="center" gap="xs">
        <Text component="h2" fw={650} size="md" className={classes.name}>
          {isBare ? name : <Link to={`/rooms/${encodeURIComponent(room.id)}`}>{name}</Link>}
        </Text>
        {!isBare && me.may('rooms') && (
          <Group gap={4} wrap="nowrap">
            <PauseButton room={room} />
            <RoomMenu room={room} />
          </Group>
        )}
      </Group>
      <div className={classes.status}>
        <Icon size="1.3em" aria-hidden />
        <span data-room-status={room.status}>{t(`room.status.${room.status}`)}</span>
        <span className={classes.since}>
          <Age of={room.since} />
        </span>
      </div>
      <RoomFacts room={room} />
      {!isBare && me.may('rooms') && (
        <div className={classes.taps}>
          <OneTap room={room} />
        </div>
      )}
    </Tile>
  );
});

/** Who is in it, why it is so, and what to make of that. */
export function RoomFacts({ room }: { room: Room }) {
  const { t } = useTranslation();
  const doctors = useDoctors();
  const { occupancy, current_doctor_id } = room;
  return (
    <>
      {current_doctor_id && (
        <Text size="sm" className={classes.fact}>
          <IconStethoscope size="1.1em" aria-hidden />
          {doctors.get(current_doctor_id)?.name ?? current_doctor_id}
        </Text>
      )}
      {occupancy.why && (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {occupancy.why}
        </Text>
      )}
      <Group gap="xs">
        {occupancy.sources.length > 0 && occupancy.freshness !== 'fresh' && (
          <StatusBadge tone="attention" icon={IconHistory}>
            {t(`freshness.${occupancy.freshness}`)}
          </StatusBadge>
        )}
        {occupancy.paused && (
          <StatusBadge tone="service" icon={IconEyeOff}>
            {t('room.paused')}
          </StatusBadge>
        )}
        {occupancy.synthetic && (
          <StatusBadge tone="unknown" icon={IconFlask}>
            {t('room.synthetic')}
          </StatusBadge>
        )}
      </Group>
    </>
  );
}

/** What staff say of this room most often, as it is now. */
function OneTap({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { say } = useRoomWork();
  const name = room.name ?? room.id;
  const taps: Said[] =
    room.status === 'needs_cleaning' || room.status === 'maintenance'
      ? ['available']
      : room.status === 'occupied'
        ? ['available', 'needs_cleaning']
        : ['occupied', 'needs_cleaning'];
  return taps.map((said, index) => {
    const key = said === 'available' && room.status === 'needs_cleaning' ? 'clean' : said;
    return (
      <Button
        key={said}
        variant={index === 0 ? 'light' : 'default'}
        size="sm"
        px="xs"
        onClick={() => void say(room, said)}
        aria-label={`${name}: ${t(`room.say.${key}`)}`}
      >
        {t(`room.say.${key}`)}
      </Button>
    );
  });
}

/** Lets the sensors of this room rest, for privacy. */
function PauseButton({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { pause } = useRoomWork();
  const { paused } = room.occupancy;
  const label = t('room.pause_of', { name: room.name ?? room.id });
  return (
    <ActionIcon
      variant={paused ? 'filled' : 'subtle'}
      color={paused ? 'care' : 'gray'}
      size={36}
      aria-label={label}
      aria-pressed={paused}
      title={t(paused ? 'room.resume' : 'room.pause')}
      onClick={() => void pause(room, !paused)}
    >
      <IconEyeOff size={20} aria-hidden />
    </ActionIcon>
  );
}

/** Everything that staff may say of a room. The menu is made when it is first wanted: a floor has hundreds of them. */
function RoomMenu({ room }: { room: Room }) {
  const { t } = useTranslation();
  const [isWanted, setWanted] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  const name = room.name ?? room.id;
  const button = (
    <ActionIcon
      ref={target}
      variant="subtle"
      color="gray"
      size={36}
      aria-label={t('room.more', { name })}
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    >
      <IconDots size={20} aria-hidden />
    </ActionIcon>
  );
  if (!isWanted) return button;
  return (
    <Menu position="bottom-end" shadow="md" defaultOpened withInitialFocusPlaceholder={false} onClose={() => target.current?.focus()}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{name}</Menu.Label>
        <Sayings room={room} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Sayings({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { say } = useRoomWork();
  return SAYINGS.filter((it) => it !== room.status).map((said) => {
    const { icon: Icon } = ROOM_LOOKS[said];
    return (
      <Menu.Item key={said} mih={44} leftSection={<Icon size={18} aria-hidden />} onClick={() => void say(room, said)}>
        {t(`room.say.${said}`)}
      </Menu.Item>
    );
  });
}
