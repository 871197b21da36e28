import { Button, Stack } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { Notice } from '../../shared/Notice';
import { type Attempt, type Endpoint, endpointPath, isKnownOutcome, toneOfOutcome, whyTried } from './endpoints';
import { useWhy } from './Why';

/** Sends a ping now, and says what came of it. */
export function TestPing({ endpoint: { id } }: { endpoint: Endpoint }) {
  const { t, i18n } = useTranslation();
  const why = useWhy();
  const { act, isBusy } = useAct();
  const [attempt, setAttempt] = useState<Attempt>();
  const test = async () => {
    setAttempt(undefined);
    const path = endpointPath(id);
    // The gateway answers when the endpoint has refused it, too: that is no success.
    const done = await act<{ attempt: Attempt }>({
      method: 'POST',
      path: `${path}/test`,
      label: t('endpoints.tested', { id }),
      isShown: true,
      renews: [path],
    });
    setAttempt(done?.body.attempt);
  };
  return (
    <Stack gap="sm" align="flex-start">
      <Button variant="default" leftSection={<IconSend size={18} aria-hidden />} loading={isBusy} onClick={() => void test()}>
        {t('endpoints.test')}
      </Button>
      {attempt && (
        <Notice tone={toneOfOutcome(attempt.outcome)} title={isKnownOutcome(attempt.outcome) ? t(`endpoints.outcome.${attempt.outcome}`) : attempt.outcome}>
          {t('endpoints.test_answer', { why: why(whyTried(attempt)), ms: attempt.duration_ms.toLocaleString(i18n.language) })}
        </Notice>
      )}
    </Stack>
  );
}
