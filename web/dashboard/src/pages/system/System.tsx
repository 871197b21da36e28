import { Group, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { Tiles } from '../../admin/Facts';
import { type Health, partsOf, toneOfPart } from '../../admin/health';
import { Section } from '../../admin/Section';
import { useStanding, useThings } from '../../live/hooks';
import { useMe } from '../../session/me';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { Loading } from '../../shared/Loading';
import { Notice } from '../../shared/Notice';
import { Page } from '../../shared/Page';
import { AlarmCard } from '../../things/AlarmCard';
import { standing } from '../../things/order';
import { ConnectionList } from './ConnectionList';
import { PartTile } from './PartTile';
import { useHealth } from './useHealth';
import { useStatusWord } from './useStatusWord';

/** How the gateway does, what is wrong with it, and who is connected. */
export default function System() {
  const { t } = useTranslation();
  const me = useMe();
  const health = useHealth();
  return (
    <Page title={t('system.title')}>
      <Stack gap="xl">
        <Answered query={health}>{(answer) => <Parts health={answer} />}</Answered>
        <StandingAlarms />
        {me.may('administration') && <ConnectionList />}
      </Stack>
    </Page>
  );
}

function Parts({ health }: { health: Health }) {
  const { t } = useTranslation();
  const word = useStatusWord();
  const parts = partsOf(health);
  return (
    <Section
      title={t('system.parts')}
      aside={
        <Group gap="xs">
          <StatusBadge tone={toneOfPart(health.status)}>{word(health.status)}</StatusBadge>
          {health.version && (
            <Text size="sm" c="dimmed">
              {t('system.version', { version: health.version })}
            </Text>
          )}
        </Group>
      }
    >
      {health.status === 'unavailable' && (
        <Notice tone="danger" title={t('system.no_changes')} role="alert">
          {t('system.remedy.ledger')}
        </Notice>
      )}
      {parts.length > 0 && (
        <Tiles label={t('system.parts')} items={parts} keyOf={([name]) => name}>
          {([name, part]) => <PartTile name={name} part={part} />}
        </Tiles>
      )}
      {parts.length === 0 && health.status !== 'unavailable' && <Empty>{t('system.no_parts')}</Empty>}
    </Section>
  );
}

/** Alarms that stand, those that nobody has seen first. */
function StandingAlarms() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const all = useThings('alarms');
  const alarms = useMemo(() => standing(all), [all]);
  return (
    <Section title={t('system.alarms')} about={t('system.alarms_about')}>
      {alarms.length > 0 && (
        <Tiles label={t('system.alarms')} items={alarms} keyOf={({ id }) => id}>
          {(alarm) => <AlarmCard alarm={alarm} isFull />}
        </Tiles>
      )}
      {alarms.length === 0 && (state === 'first' ? <Loading /> : <Empty>{t('system.no_alarms')}</Empty>)}
    </Section>
  );
}
