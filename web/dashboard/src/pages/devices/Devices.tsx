import type { Device } from '@caresync/client';
import { Stack, Text } from '@mantine/core';
import { IconAccessPointOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { LOOK_AGAIN_MS, useAsked } from '../../admin/asked';
import { Tiles } from '../../admin/Facts';
import { Section } from '../../admin/Section';
import { useStanding, useThings } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Empty } from '../../shared/Empty';
import { ErrorBox } from '../../shared/ErrorBox';
import { Loading } from '../../shared/Loading';
import { Page } from '../../shared/Page';
import { AlarmCard } from '../../things/AlarmCard';
import { byNeed, deviceAlarms, renewed } from './devices';
import { DeviceTile } from './DeviceTile';

/** The devices that are bound, those that need somebody first, and the alarms about them. */
export default function Devices() {
  const { t } = useTranslation();
  const me = useMe();
  const { state } = useStanding();
  const live = useThings('devices');
  const answer = useAsked<{ devices: Device[] }>('/api/devices?limit=500', LOOK_AGAIN_MS);
  const asked = answer.data?.devices;
  const shown = useMemo(() => live.map((it) => renewed(it, asked)).sort(byNeed), [live, asked]);
  return (
    <Page title={t('devices.title')}>
      <Stack gap="xl">
        <Alarms />
        <Section title={t('devices.bound')} about={t('devices.about')}>
          {/* The tiles are live all the same; without this answer, batteries and last words may be old. */}
          {answer.error && <ErrorBox error={answer.error} retry={() => void answer.refetch()} />}
          {shown.length > 0 && (
            <Tiles label={t('devices.bound')} items={shown} keyOf={({ id }) => id}>
              {(device) => <DeviceTile device={device} />}
            </Tiles>
          )}
          {shown.length === 0 &&
            (state === 'first' ? <Loading /> : <Empty icon={IconAccessPointOff}>{t('devices.nothing')}</Empty>)}
        </Section>
        {me.may('administration') && (
          <Text c="dimmed" size="sm" maw={720}>
            {t('devices.unbound')} <code>caresync-gateway mqtt discover</code>
          </Text>
        )}
      </Stack>
    </Page>
  );
}

/** Alarms about devices; nothing where none stands. */
function Alarms() {
  const { t } = useTranslation();
  const all = useThings('alarms');
  const standing = useMemo(() => deviceAlarms(all), [all]);
  if (standing.length === 0) return null;
  return (
    <Section title={t('devices.alarms')}>
      <Tiles label={t('devices.alarms')} items={standing} keyOf={({ id }) => id}>
        {(alarm) => (
          <AlarmCard alarm={alarm} isFull />
        )}
      </Tiles>
    </Section>
  );
}
