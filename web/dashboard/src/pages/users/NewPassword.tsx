import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { useMe } from '../../session/me';
import type { User } from '../../session/session';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { passwordFault } from './accounts';
import { TOKENS, USERS } from './all';

/** Gives an account another password. */
export function NewPassword({ user }: { user: User }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const title = t('users.password_of', { name: user.name });
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('users.set_password')}
      </Button>
      <FormDialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <PasswordForm user={user} onClose={() => setOpen(false)} />
      </FormDialog>
    </>
  );
}

/** Begins empty whenever the dialog opens: what was typed is nowhere when it is closed. */
function PasswordForm({ user, onClose }: { user: User; onClose(): void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { act, isBusy } = useAct();
  const form = useForm({ initialValues: { password: '' }, validate: { password: (password) => passwordFault(t, password) } });
  const set = async ({ password }: { password: string }) => {
    const done = await act({
      method: 'POST',
      path: `${USERS}/${encodeURIComponent(user.id)}/password`,
      body: { new_password: password },
      label: t('users.password_set', { name: user.name }),
      renews: [USERS, TOKENS],
    });
    if (done) onClose();
  };
  return (
    <form onSubmit={form.onSubmit((values) => void set(values))} noValidate>
      <Stack gap="md">
        <Text>{t(me.user?.id === user.id ? 'users.own_password_means' : 'users.password_means')}</Text>
        <PasswordInput
          label={t('users.new_password')}
          description={t('users.password_rule')}
          autoComplete="new-password"
          required
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('login.show_password') }}
          {...form.getInputProps('password')}
        />
        <FormButtons isBusy={isBusy} onCancel={onClose}>
          {t('users.set_password')}
        </FormButtons>
      </Stack>
    </form>
  );
}
