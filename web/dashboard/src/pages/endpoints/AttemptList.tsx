import { Button, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { type Attempt, isKnownOutcome, toneOfOutcome, whyTried } from './endpoints';
import { useWhy } from './Why';

/** So many are listed until somebody wants all: what is looked for is mostly new. */
const FIRST = 20;

/** The last tries, newest first. */
export function AttemptList({ query }: { query: UseQueryResult<{ attempts: Attempt[] }> }) {
  const { t } = useTranslation();
  return (
    <Section title={t('endpoints.attempts')} about={t('endpoints.attempts_about')}>
      <Answered query={query}>{({ attempts }) => <Attempts all={attempts} />}</Answered>
    </Section>
  );
}

function Attempts({ all }: { all: readonly Attempt[] }) {
  const { t } = useTranslation();
  const [isFull, setFull] = useState(false);
  if (all.length === 0) return <Empty>{t('endpoints.no_attempts')}</Empty>;
  return (
    <Stack gap="sm">
      <AttemptRows items={isFull ? all : all.slice(0, FIRST)} />
      {!isFull && all.length > FIRST && (
        <Button variant="default" onClick={() => setFull(true)}>
          {t('endpoints.show_all', { n: all.length })}
        </Button>
      )}
    </Stack>
  );
}

function AttemptRows({ items }: { items: readonly Attempt[] }) {
  const { t, i18n } = useTranslation();
  const why = useWhy();
  return (
    <Rows
      label={t('endpoints.attempts')}
      items={items}
      keyOf={({ webhook_id, at }) => `${webhook_id} ${at}`}
      minWidth_px={720}
      columns={[
        { name: t('admin.when'), of: (it) => <Age of={it.at} /> },
        {
          name: t('endpoints.outcome_name'),
          of: ({ outcome }) => (
            <StatusBadge tone={toneOfOutcome(outcome)}>{isKnownOutcome(outcome) ? t(`endpoints.outcome.${outcome}`) : outcome}</StatusBadge>
          ),
        },
        { name: t('endpoints.answer'), of: (it) => why(whyTried(it)) },
        { name: t('endpoints.event'), of: (it) => it.type },
        {
          name: t('endpoints.webhook_id'),
          of: (it) => (
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {it.webhook_id}
            </Text>
          ),
        },
        { name: t('endpoints.took'), of: (it) => it.duration_ms.toLocaleString(i18n.language), isNumber: true },
      ]}
    />
  );
}
