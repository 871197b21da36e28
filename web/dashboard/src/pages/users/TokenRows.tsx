import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { Age, atTime } from '../../shared/Age';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import type { Token } from './accounts';
import { TOKENS } from './all';

/** Tokens, and a way to end one. `nameOf` says whose it is. */
export function TokenRows(props: { label: string; tokens: readonly Token[]; nameOf(token: Token): string }) {
  const { label, tokens, nameOf } = props;
  const { t, i18n } = useTranslation();
  const { act, isBusy } = useAct();
  const [ending, setEnding] = useState<Token>();
  const end = async (token: Token) => {
    await act({
      method: 'DELETE',
      path: `${TOKENS}/${encodeURIComponent(token.id)}`,
      label: t('users.token_ended', { name: nameOf(token) }),
      renews: [TOKENS],
    });
    setEnding(undefined);
  };
  return (
    <>
      <Rows
        label={label}
        items={tokens}
        keyOf={({ id }) => id}
        minWidth_px={640}
        columns={[
          { name: t('users.whose'), of: (it) => <Whose token={it} name={nameOf(it)} /> },
          { name: t('users.kind'), of: (it) => t(`users.token.${it.kind}`) },
          { name: t('users.made'), of: (it) => <Age of={it.created_at} /> },
          { name: t('users.ends'), of: (it) => (it.expires_at ? atTime(it.expires_at, i18n.language) : t('users.never')) },
          {
            name: t('users.end'),
            of: (it) => (
              <Button variant="default" onClick={() => setEnding(it)} aria-label={`${nameOf(it)}: ${t('users.end_token')}`}>
                {t('users.end_token')}
              </Button>
            ),
          },
        ]}
      />
      <ConfirmDialog
        title={t('users.end_token_of', { name: ending ? nameOf(ending) : '' })}
        confirm={t('users.end_token')}
        isOpen={ending !== undefined}
        isDangerous
        isBusy={isBusy}
        onConfirm={() => ending && void end(ending)}
        onClose={() => setEnding(undefined)}
      >
        {t(ending?.kind === 'kiosk' ? 'users.end_screen_means' : 'users.end_session_means')}
      </ConfirmDialog>
    </>
  );
}

function Whose({ token, name }: { token: Token; name: string }) {
  return (
    <>
      <Text size="sm" fw={650}>
        {name}
      </Text>
      {token.label && token.label !== name && (
        <Text size="sm" c="dimmed">
          {token.label}
        </Text>
      )}
    </>
  );
}
