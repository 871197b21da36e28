import type { Camera } from '@caresync/client';
import { Group, Text } from '@mantine/core';
import { IconBrush, IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Facts } from '../../admin/Facts';
import { useThing } from '../../live/hooks';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Tile } from '../../shared/Tile';
import { ROOM_LOOKS } from '../../shared/tones';
import { CAMERA_LOOKS, weightOf } from './cameras';

/** A camera: how it does, what it is said to have trouble with, and what its room makes of it. Never what it sees. */
export function CameraTile({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { health, method, trouble } = camera;
  const { tone, icon } = CAMERA_LOOKS[health];
  return (
    <Tile label={camera.id} tone={tone}>
      <Group justify="space-between" gap="xs">
        <Text component="h2" fw={650} size="md">
          {camera.id}
        </Text>
        <Group gap="xs">
          {camera.synthetic && (
            <StatusBadge tone="service" icon={IconBrush}>
              {t('cameras.synthetic')}
            </StatusBadge>
          )}
          <span data-camera-health={health}>
            <StatusBadge tone={tone} icon={icon}>
              {t(`cameras.health.${health}`)}
            </StatusBadge>
          </span>
        </Group>
      </Group>
      {health !== 'live' && <Text size="sm">{t(`cameras.remedy.${health}`)}</Text>}
      <Facts
        of={[
          [t('cameras.since'), <Age key="since" of={camera.since} />],
          [t('cameras.method'), method ? t(`cameras.by.${method}`) : t('cameras.not_judged')],
          [t('cameras.trouble'), trouble],
        ]}
      />
      <InRoom camera={camera} />
    </Tile>
  );
}

/** What the room makes of the camera, and why. */
function InRoom({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const room = useThing('rooms', camera.room_id);
  const link = <Link to={`/rooms/${encodeURIComponent(camera.room_id)}`}>{room?.name ?? camera.room_id}</Link>;
  if (!room) return <Text size="sm">{link}</Text>;
  const { tone, icon } = ROOM_LOOKS[room.status];
  const weight = weightOf(camera, room);
  return (
    <>
      <Group gap="xs" mt="auto">
        <Text size="sm" fw={650}>
          {link}
        </Text>
        <StatusBadge tone={tone} icon={icon}>
          {t(`room.status.${room.status}`)}
        </StatusBadge>
        {weight === 'paused' && (
          <StatusBadge tone="service" icon={IconEyeOff}>
            {t('room.paused')}
          </StatusBadge>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t(`cameras.weight.${weight}`)}
        {room.occupancy.why && ` ${t('cameras.why', { why: room.occupancy.why })}`}
      </Text>
    </>
  );
}
