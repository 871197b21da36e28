import { Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { type Attempt, isKnownOutcome, toneOfOutcome, whyTried } from './endpoints';
import { useWhy } from './Why';

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
  const { t, i18n } = useTranslation();
  const why = useWhy();
  if (all.length === 0) return <Empty>{t('endpoints.no_attempts')}</Empty>;
  return (
    <Rows
      label={t('endpoints.attempts')}
      items={all}
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
