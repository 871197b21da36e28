import { ProblemError } from '@caresync/client';
import { Center, Loader, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { admitScreen } from '../../session/session';
import { Notice } from '../../shared/Notice';
import { Mark } from '../../shell/Mark';

/** How often a wall screen asks again while the gateway does not answer, in milliseconds. */
const AGAIN_MS = 5_000;

/** The token in the address of a wall screen's first start: `/kiosk#token=…`. What stands there is sent to nobody. */
export function tokenOfScreen(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
}

/** Takes a wall screen in. Without anybody to press a button, it goes on trying. */
export function AdmitScreen({ token }: { token: string | undefined }) {
  const { t } = useTranslation();
  const [trouble, setTrouble] = useState<'refused' | 'unanswered'>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const attempt = async () => {
      if (token === undefined) return;
      try {
        await admitScreen(token);
        // The proof is kept by the machine, and in no history.
        history.replaceState(null, '', '/kiosk/rooms');
      } catch (error) {
        const isRefused = error instanceof ProblemError && !error.retryable;
        setTrouble(isRefused ? 'refused' : 'unanswered');
        if (!isRefused) timer = setTimeout(() => void attempt(), AGAIN_MS);
      }
    };
    void attempt();
    return () => clearTimeout(timer);
  }, [token]);
  const shown = token === undefined ? 'refused' : trouble;
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack align="center">
        <Mark />
        {shown ? (
          <Notice tone="attention">{t(`kiosk.${shown}`)}</Notice>
        ) : (
          <Loader aria-label={t('kiosk.admitting')} />
        )}
      </Stack>
    </Center>
  );
}
