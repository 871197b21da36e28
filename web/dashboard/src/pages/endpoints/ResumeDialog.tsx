import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { type Endpoint, endpointPath, ENDPOINTS, headOf } from './endpoints';

type From = 'stopped' | 'newest';

/** Goes on with an endpoint: with everything that waits, or with what happens from now on. */
export function ResumeDialog({ endpoint, isOpen, onClose }: { endpoint: Endpoint; isOpen: boolean; onClose(): void }) {
  const { t, i18n } = useTranslation();
  const { act, isBusy } = useAct();
  const [from, setFrom] = useState<From>('stopped');
  const { id, lag_events } = endpoint;
  const head = headOf(endpoint);
  const count = lag_events.toLocaleString(i18n.language);
  const close = () => {
    setFrom('stopped');
    onClose();
  };
  const resume = async () => {
    await act({
      method: 'POST',
      path: `${endpointPath(id)}/resume`,
      body: from === 'newest' && head !== undefined ? { after: head } : {},
      label: t('endpoints.resumed', { id }),
      renews: [ENDPOINTS],
    });
    close();
  };
  return (
    <ConfirmDialog
      title={t('endpoints.resume_title', { id })}
      confirm={t('endpoints.resume')}
      isOpen={isOpen}
      isDangerous={from === 'newest'}
      isBusy={isBusy}
      onConfirm={() => void resume()}
      onClose={close}
    >
      <Stack gap="md">
        <Text>{t('endpoints.resume_means')}</Text>
        <Radio.Group label={t('endpoints.resume_from')} value={from} onChange={(value) => setFrom(value as From)}>
          <Stack gap="xs" mt="xs">
            <Radio value="stopped" label={t('endpoints.from.stopped')} description={t('endpoints.from_stopped_means', { count: lag_events, n: count })} />
            <Radio value="newest" label={t('endpoints.from.newest')} description={t('endpoints.from_newest_means')} disabled={head === undefined} />
          </Stack>
        </Radio.Group>
      </Stack>
    </ConfirmDialog>
  );
}
