import { ProblemError } from '@caresync/client';
import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { Answered } from '../../admin/Answered';
import { useAsked } from '../../admin/asked';
import { Facts } from '../../admin/Facts';
import { Section } from '../../admin/Section';
import { Age, atTime } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Missing } from '../../shared/Missing';
import { Notice } from '../../shared/Notice';
import { Page } from '../../shared/Page';
import { useRoomName } from '../../shared/useRoomName';
import { AttemptList } from './AttemptList';
import { DeadLetterList } from './DeadLetterList';
import { EndpointActs } from './EndpointActs';
import { type Attempt, type Endpoint, endpointPath, isAdded, lastFailure, STATE_TONES, whyTried } from './endpoints';
import { StateReason, useWhy } from './Why';
import { TestPing } from './TestPing';
import { useNews } from './useNews';

/** How often this page looks, in milliseconds: whoever is here waits for a try. */
const LOOK_MS = 4_000;

/** One endpoint: how it does, what it did not get, and what can be done. */
export default function EndpointDetail() {
  const { id = '' } = useParams();
  // Another endpoint is another page: nothing of the one before stays.
  return <Detail key={id} id={id} />;
}

function Detail({ id }: { id: string }) {
  const { t } = useTranslation();
  useNews(id);
  const query = useAsked<{ endpoint: Endpoint }>(endpointPath(id), LOOK_MS);
  if (query.error instanceof ProblemError && query.error.status === 404) {
    return <Missing title={t('endpoints.title')}>{t('endpoints.gone')}</Missing>;
  }
  return (
    <Page title={id}>
      <Anchor component={Link} to="/endpoints" display="inline-block" mb="md">
        {t('endpoints.all')}
      </Anchor>
      <Answered query={query}>{({ endpoint }) => <Parts endpoint={endpoint} />}</Answered>
    </Page>
  );
}

function Parts({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const attempts = useAsked<{ attempts: Attempt[] }>(`${endpointPath(endpoint.id)}/attempts`, LOOK_MS);
  return (
    <Stack gap="xl">
      <Section
        title={t('endpoints.standing')}
        aside={<StatusBadge tone={STATE_TONES[endpoint.state]}>{t(`endpoints.state.${endpoint.state}`)}</StatusBadge>}
      >
        <Stack gap="md">
          {endpoint.state !== 'active' && (
            <Notice tone={STATE_TONES[endpoint.state]} title={t(`endpoints.state_means.${endpoint.state}`)}>
              <StateReason endpoint={endpoint} />
            </Notice>
          )}
          <StandingFacts endpoint={endpoint} failure={lastFailure(attempts.data?.attempts ?? [])} />
          <TestPing endpoint={endpoint} />
          <EndpointActs endpoint={endpoint} />
        </Stack>
      </Section>
      <Section title={t('endpoints.told')}>
        <ToldFacts endpoint={endpoint} />
        {!isAdded(endpoint) && (
          <Text size="sm" c="dimmed" mt="sm">
            {t('endpoints.configured')}
          </Text>
        )}
      </Section>
      <DeadLetterList endpoint={endpoint} every_ms={LOOK_MS} />
      <AttemptList query={attempts} />
    </Stack>
  );
}

function StandingFacts({ endpoint, failure }: { endpoint: Endpoint; failure: Attempt | undefined }) {
  const { t, i18n } = useTranslation();
  const why = useWhy();
  const { lag_events, delivered_at, failing_since, attempts, cursor, old_secrets_end_at } = endpoint;
  return (
    <Facts
      of={[
        [t('endpoints.waiting'), lag_events.toLocaleString(i18n.language)],
        [t('endpoints.cursor'), cursor],
        [t('endpoints.delivered'), delivered_at ? <Age key="delivered" of={delivered_at} /> : t('endpoints.never')],
        [
          t('endpoints.last_failure'),
          failure && (
            <>
              <Age of={failure.at} />: {why(whyTried(failure))}
            </>
          ),
        ],
        [t('endpoints.failing_since'), failing_since && <Age key="failing" of={failing_since} />],
        [t('endpoints.tried'), attempts > 0 && attempts],
        [t('endpoints.old_secret_ends'), old_secrets_end_at.map((at) => atTime(at, i18n.language)).join(', ')],
      ]}
    />
  );
}

/** Where it is, and what it is told. */
function ToldFacts({ endpoint }: { endpoint: Endpoint }) {
  const { t, i18n } = useTranslation();
  const nameOf = useRoomName();
  return (
    <Facts
      of={[
        [t('endpoints.url'), endpoint.url],
        [t('endpoints.kind_name'), t(`endpoints.kind.${endpoint.kind}`)],
        [t('endpoints.events'), endpoint.events.join(', ') || t('endpoints.every_event')],
        [t('endpoints.rooms'), endpoint.rooms.map(nameOf).join(', ') || t('endpoints.every_room')],
        [t('endpoints.urgency'), endpoint.urgency.map((it) => t(`urgency.${it}`)).join(', ') || t('endpoints.every_urgency')],
        [t('endpoints.payload_name'), `${t(`endpoints.payload.${endpoint.payload}`)}. ${t(`endpoints.payload_means.${endpoint.payload}`)}`],
        [t('endpoints.rate'), endpoint.rate_per_s.toLocaleString(i18n.language)],
      ]}
    />
  );
}
