import type { components } from '@caresync/client';
import { SimpleGrid, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { LOOK_AGAIN_MS, useAsked } from '../../admin/asked';
import { Facts, Tiles } from '../../admin/Facts';
import { Section } from '../../admin/Section';
import { useThings } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Age } from '../../shared/Age';
import { Empty } from '../../shared/Empty';
import { Page } from '../../shared/Page';
import { useWho } from '../../shared/useWho';
import { TaskCard } from '../../things/TaskCard';
import { AgentContact } from './AgentContact';
import { FeedbackList } from './FeedbackList';
import { PhaseChoice } from './PhaseChoice';
import { isByAgent, recentWork } from './recent';
import { RecentWork } from './RecentWork';

/** How far the agent may act. */
export type AgentState = components['schemas']['Agent'];

/** What the agent may do, what it asks, what it did, and what people think of it. */
export default function Agent() {
  const { t } = useTranslation();
  const me = useMe();
  const agent = useAsked<{ agent: AgentState }>('/api/agent', LOOK_AGAIN_MS);
  const tasks = useThings('tasks');
  const actions = useThings('actions');
  const proposals = useMemo(() => tasks.filter((it) => it.status === 'proposed' && isByAgent(it)), [tasks]);
  const recent = useMemo(() => recentWork(tasks, actions), [tasks, actions]);
  return (
    <Page title={t('agent.title')}>
      <Stack gap="xl">
        <Answered query={agent}>{({ agent: state }) => <Standing agent={state} />}</Answered>
        <Section title={t('agent.proposals')}>
          {proposals.length === 0 ? (
            <Empty>{t('agent.no_proposals')}</Empty>
          ) : (
            <Tiles label={t('agent.proposals')} items={proposals} keyOf={({ id }) => id}>
              {(task) => <TaskCard task={task} />}
            </Tiles>
          )}
        </Section>
        <Section title={t('agent.recent')} about={t('agent.recent_about')}>
          <RecentWork work={recent} />
        </Section>
        {me.may('administration') && <FeedbackList />}
      </Stack>
    </Page>
  );
}

/** Phase and limits. */
function Standing({ agent }: { agent: AgentState }) {
  const { t } = useTranslation();
  const who = useWho();
  const kinds = agent.allowed_kinds.includes('*') ? t('agent.all_kinds') : agent.allowed_kinds.join(', ');
  const minutes = Math.round(agent.expires_after_s / 60);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Section title={t('agent.phase')}>
        <PhaseChoice agent={agent} />
      </Section>
      <Section title={t('agent.limits')}>
        <Facts
          of={[
            [t('agent.contact'), <AgentContact key="contact" />],
            [t('agent.allowed'), kinds === '' ? t('agent.no_kinds') : kinds],
            [t('agent.this_hour'), t('agent.of', { n: agent.made_this_hour, max: agent.per_hour_max })],
            [t('agent.open'), t('agent.of', { n: agent.open, max: agent.open_max })],
            [t('agent.expires'), t('age.min', { n: minutes })],
            [t('agent.answers'), agent.answers_within_s != null && t('age.s', { n: agent.answers_within_s })],
            [
              t('agent.set'),
              agent.set_at && (
                <>
                  {agent.set_by && who(agent.set_by)} · <Age of={agent.set_at} />
                </>
              ),
            ],
          ]}
        />
      </Section>
    </SimpleGrid>
  );
}
