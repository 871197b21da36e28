import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { useAct, useAsked } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Age } from '../../shared/Age';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { canReplay, type DeadLetter, type Endpoint, endpointPath, ENDPOINTS, takesReplays, whyDead } from './endpoints';
import { useWhy } from './Why';

/** What an endpoint will not get by itself, and why; each can be sent again, and all can be forgotten. */
export function DeadLetterList({ endpoint, every_ms }: { endpoint: Endpoint; every_ms: number }) {
  const { t } = useTranslation();
  const { id } = endpoint;
  const path = `${endpointPath(id)}/dead-letters`;
  const query = useAsked<{ dead_letters: DeadLetter[] }>(path, every_ms);
  const { act, isBusy } = useAct();
  const [isForgetting, setForgetting] = useState(false);
  const letters = query.data?.dead_letters ?? [];
  const forget = async () => {
    await act({ method: 'DELETE', path, label: t('endpoints.forgotten', { id }), renews: [ENDPOINTS] });
    setForgetting(false);
  };
  return (
    <Section
      title={t('endpoints.dead')}
      about={t('endpoints.dead_about')}
      aside={
        letters.length > 0 && (
          <Button variant="default" onClick={() => setForgetting(true)}>
            {t('endpoints.forget')}
          </Button>
        )
      }
    >
      <Answered query={query}>{({ dead_letters }) => <Letters endpoint={endpoint} all={dead_letters} />}</Answered>
      <ConfirmDialog
        title={t('endpoints.forget_title')}
        confirm={t('endpoints.forget')}
        isOpen={isForgetting}
        isDangerous
        isBusy={isBusy}
        onConfirm={() => void forget()}
        onClose={() => setForgetting(false)}
      >
        {t('endpoints.forget_means')}
      </ConfirmDialog>
    </Section>
  );
}

function Letters({ endpoint, all }: { endpoint: Endpoint; all: readonly DeadLetter[] }) {
  const { t, i18n } = useTranslation();
  const why = useWhy();
  if (all.length === 0) return <Empty>{t('endpoints.no_dead')}</Empty>;
  return (
    <>
      {!takesReplays(endpoint) && (
        <Text size="sm" mb="sm">
          {t('endpoints.resume_first')}
        </Text>
      )}
      <Rows
        label={t('endpoints.dead')}
        items={all}
        keyOf={({ seq, at }) => `${seq}:${at}`}
        minWidth_px={720}
        columns={[
          { name: t('endpoints.seq'), of: (it) => it.seq, isNumber: true },
          { name: t('endpoints.event'), of: (it) => (canReplay(it) ? it.type : t('endpoints.trimmed')) },
          { name: t('endpoints.given_up'), of: (it) => <Age of={it.at} /> },
          { name: t('endpoints.tries'), of: (it) => it.attempts.toLocaleString(i18n.language), isNumber: true },
          { name: t('endpoints.reason'), of: (it) => why(whyDead(it.outcome)) },
          { name: t('endpoints.send_again'), of: (it) => canReplay(it) && <SendAgain endpoint={endpoint} seq={it.seq} /> },
        ]}
      />
    </>
  );
}

/** Each button waits for its own answer only. */
function SendAgain({ endpoint, seq }: { endpoint: Endpoint; seq: number }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const path = endpointPath(endpoint.id);
  const send = () => act({ method: 'POST', path: `${path}/replay`, body: { seq }, label: t('endpoints.replayed', { id: endpoint.id }), renews: [path] });
  return (
    <Button
      variant="default"
      aria-label={t('endpoints.send_again_one', { seq })}
      disabled={!takesReplays(endpoint)}
      loading={isBusy}
      onClick={() => void send()}
    >
      {t('endpoints.send_again')}
    </Button>
  );
}
