import { Button, Stack, Text } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { Answered } from '../../admin/Answered';
import { LOOK_AGAIN_MS, useAsked } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { SecretDialog, type Told } from '../../admin/SecretDialog';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { Page } from '../../shared/Page';
import { EndpointDialog } from './EndpointDialog';
import { byNeed, type Endpoint, ENDPOINTS, hostOf, STATE_TONES } from './endpoints';
import { StateReason } from './Why';

/** Where the gateway forwards events, and how that goes; for admins. */
export default function Endpoints() {
  const { t } = useTranslation();
  const goTo = useNavigate();
  const query = useAsked<{ endpoints: Endpoint[] }>(ENDPOINTS, LOOK_AGAIN_MS);
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<Told>();
  const added = (id: string, secret: string | undefined) => {
    setAdding(false);
    // Its page comes once the secret is kept: nothing may take that away.
    if (secret !== undefined) setTold({ of: id, secret });
    else goTo(placeOf(id));
  };
  return (
    <Page
      title={t('endpoints.title')}
      aside={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('endpoints.add')}
        </Button>
      }
    >
      <Stack gap="md">
        <Text c="dimmed" maw={720}>
          {t('endpoints.about')}
        </Text>
        <Answered query={query}>{({ endpoints }) => <EndpointRows all={endpoints} />}</Answered>
      </Stack>
      <EndpointDialog isOpen={isAdding} onDone={added} onClose={() => setAdding(false)} />
      <SecretDialog
        told={told}
        onClose={() => {
          if (told) goTo(placeOf(told.of));
          setTold(undefined);
        }}
      />
    </Page>
  );
}

const placeOf = (id: string) => `/endpoints/${encodeURIComponent(id)}`;

function EndpointRows({ all }: { all: readonly Endpoint[] }) {
  const { t, i18n } = useTranslation();
  const sorted = useMemo(() => [...all].sort(byNeed), [all]);
  if (sorted.length === 0) return <Empty icon={IconPlugConnected}>{t('endpoints.none')}</Empty>;
  return (
    <Rows
      label={t('endpoints.title')}
      items={sorted}
      keyOf={({ id }) => id}
      minWidth_px={900}
      columns={[
        { name: t('endpoints.name'), of: (it) => <Name of={it} /> },
        { name: t('endpoints.state_name'), of: (it) => <State of={it} /> },
        { name: t('endpoints.kind_name'), of: (it) => t(`endpoints.kind.${it.kind}`) },
        { name: t('endpoints.waiting'), of: (it) => it.lag_events.toLocaleString(i18n.language), isNumber: true },
        { name: t('endpoints.delivered'), of: (it) => (it.delivered_at ? <Age of={it.delivered_at} /> : t('endpoints.never')) },
        { name: t('endpoints.failing_since'), of: (it) => it.failing_since && <Age of={it.failing_since} /> },
        { name: t('endpoints.dead'), of: (it) => <Dead count={it.dead_letters} />, isNumber: true },
      ]}
    />
  );
}

function Name({ of }: { of: Endpoint }) {
  return (
    <>
      <Link to={placeOf(of.id)}>{of.id}</Link>
      <Text size="sm" c="dimmed">
        {hostOf(of.url)}
      </Text>
    </>
  );
}

function State({ of }: { of: Endpoint }) {
  const { t } = useTranslation();
  return (
    <>
      <StatusBadge tone={STATE_TONES[of.state]}>{t(`endpoints.state.${of.state}`)}</StatusBadge>
      <Text size="sm" c="dimmed" maw={260}>
        <StateReason endpoint={of} />
      </Text>
    </>
  );
}

function Dead({ count }: { count: number }) {
  if (count === 0) return <>0</>;
  return <StatusBadge tone="danger">{count}</StatusBadge>;
}
