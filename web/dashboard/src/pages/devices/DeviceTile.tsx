import type { Device } from '@caresync/client';
import { Button, Collapse, Group, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Facts } from '../../admin/Facts';
import { useThing } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Tile } from '../../shared/Tile';
import { DEVICE_LOOKS, targetOf, toneOf, TROUBLE_ICONS, TROUBLES } from './devices';
import { RawMessage } from './RawMessage';

/** A device: how it does, what it is about, when it spoke last, and how its battery and its radio are. */
export function DeviceTile({ device }: { device: Device }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { health, battery, link_quality, last_seen } = device;
  const { tone, icon } = DEVICE_LOOKS[health];
  return (
    <Tile label={device.id} tone={toneOf(device)}>
      <Group justify="space-between" gap="xs">
        <Text component="h3" fw={650} size="md">
          {device.id}
        </Text>
        <span data-device-health={health}>
          <StatusBadge tone={tone} icon={icon}>
            {t(`devices.health.${health}`)}
          </StatusBadge>
        </span>
      </Group>
      <Troubles device={device} />
      {health !== 'live' && <Text size="sm">{t(`devices.remedy.${health}`)}</Text>}
      <Facts
        of={[
          [t('devices.target'), <TargetOf key="target" device={device} />],
          [t('devices.since'), <Age key="since" of={device.since} />],
          [t('devices.last_seen'), last_seen ? <Age of={last_seen} /> : t('devices.never')],
          [t('devices.battery'), battery !== null && t('devices.percent', { n: Math.round(battery).toLocaleString(i18n.language) })],
          [t('devices.link_quality'), link_quality !== null && link_quality.toLocaleString(i18n.language)],
        ]}
      />
      {me.may('administration') && <RawOnDemand id={device.id} />}
    </Tile>
  );
}

function Troubles({ device }: { device: Device }) {
  const { t } = useTranslation();
  const all = TROUBLES.filter((it) => device[it]);
  if (all.length === 0) return null;
  return (
    <Group gap="xs">
      {all.map((it) => (
        <StatusBadge key={it} tone="attention" icon={TROUBLE_ICONS[it]}>
          {t(`devices.is.${it}`)}
        </StatusBadge>
      ))}
    </Group>
  );
}

/** What it is bound to, by name; a link where there is a page. */
function TargetOf({ device }: { device: Device }) {
  const { t } = useTranslation();
  const target = targetOf(device);
  const isEquipment = target?.kind === 'equipment';
  const equipment = useThing('equipment', isEquipment ? target.id : undefined);
  const isOfRoom = target !== undefined && !isEquipment && target.kind !== 'environment';
  const room = useThing('rooms', isOfRoom ? target.id : undefined);
  if (!target) return device.target;
  const name = room?.name ?? equipment?.name ?? target.id;
  const place = isEquipment ? '/equipment' : `/rooms/${encodeURIComponent(target.id)}`;
  return (
    <>
      {t(`devices.kind.${target.kind}`)}: {isEquipment || isOfRoom ? <Link to={place}>{name}</Link> : name}
    </>
  );
}

/** What a stranger's device sends is shown when it is asked for, and not before. */
function RawOnDemand({ id }: { id: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const region = useId();
  const label = t(isOpen ? 'devices.raw_hide' : 'devices.raw_show');
  return (
    <>
      <Group mt="auto">
        <Button
          variant="default"
          aria-expanded={isOpen}
          aria-controls={region}
          aria-label={`${id}: ${label}`}
          onClick={() => setOpen(!isOpen)}
        >
          {label}
        </Button>
      </Group>
      <Collapse expanded={isOpen} id={region}>
        {isOpen && <RawMessage id={id} />}
      </Collapse>
    </>
  );
}
