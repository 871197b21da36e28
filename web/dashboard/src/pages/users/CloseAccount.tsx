import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { useMe } from '../../session/me';
import type { User } from '../../session/session';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Notice } from '../../shared/Notice';
import { ACCOUNTS, TOKENS, USERS } from './all';

/** Closes an account, or opens it again. */
export function CloseAccount({ user, isLastAdmin }: { user: User; isLastAdmin: boolean }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const path = `${USERS}/${encodeURIComponent(user.id)}`;
  const reopen = () =>
    act({
      method: 'PATCH',
      path,
      body: { disabled: false },
      ifMatch: user.revision,
      label: t('users.reopened', { name: user.name }),
      renews: ACCOUNTS,
    });
  if (isLastAdmin) return <Notice tone="unknown">{t('users.last_admin')}</Notice>;
  return (
    <Stack gap="sm" align="flex-start">
      <Text maw={720}>{t(user.disabled_at ? 'users.reopen_means' : 'users.close_means')}</Text>
      {user.disabled_at ? (
        <Button variant="default" loading={isBusy} onClick={() => void reopen()}>
          {t('users.reopen')}
        </Button>
      ) : (
        <Closing user={user} path={path} />
      )}
    </Stack>
  );
}

function Closing({ user, path }: { user: User; path: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { act, isBusy } = useAct();
  // The revision that somebody saw who was asked: what is changed behind the dialog must not be closed unseen.
  const [asked, setAsked] = useState<number>();
  const close = async () => {
    if (asked === undefined) return;
    await act({ method: 'DELETE', path, ifMatch: asked, label: t('users.closed_one', { name: user.name }), renews: [...ACCOUNTS, TOKENS] });
    setAsked(undefined);
  };
  return (
    <>
      <Button color="red.9" onClick={() => setAsked(user.revision)}>
        {t('users.close')}
      </Button>
      <ConfirmDialog
        title={t('users.close_of', { name: user.name })}
        confirm={t('users.close')}
        isOpen={asked !== undefined}
        isDangerous
        isBusy={isBusy}
        onConfirm={() => void close()}
        onClose={() => setAsked(undefined)}
      >
        {t(me.user?.id === user.id ? 'users.close_own' : 'users.close_asks')}
      </ConfirmDialog>
    </>
  );
}
