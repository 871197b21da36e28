import { PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { AccountFields } from './AccountFields';
import { emailFault, nameFault, passwordFault, type Written } from './accounts';
import { ACCOUNTS, USERS } from './all';

const EMPTY: Written & { password: string } = { name: '', email: '', role: 'nurse', doctor_id: '', manages: [], password: '' };

/** Asks for everything that a new account needs. */
export function NewAccount({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <FormDialog title={t('users.add')} isOpen={isOpen} onClose={onClose}>
      <NewAccountForm onClose={onClose} />
    </FormDialog>
  );
}

/** Begins empty whenever the dialog opens. */
function NewAccountForm({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      name: (name) => nameFault(t, name),
      email: (email) => emailFault(t, email),
      password: (password) => passwordFault(t, password),
    },
  });
  const add = async ({ doctor_id, ...rest }: typeof EMPTY) => {
    const name = rest.name.trim();
    const made = await act({
      method: 'POST',
      path: USERS,
      body: { ...rest, name, email: rest.email.trim(), ...(doctor_id !== '' && { doctor_id }) },
      label: t('users.added', { name }),
      renews: ACCOUNTS,
    });
    if (made) onClose();
  };
  return (
    <form onSubmit={form.onSubmit((values) => void add(values))} noValidate>
      <Stack gap="md">
        <AccountFields form={form} />
        <PasswordInput
          label={t('users.first_password')}
          description={t('users.first_password_about')}
          autoComplete="new-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('login.show_password') }}
          {...form.getInputProps('password')}
        />
        <FormButtons isBusy={isBusy} onCancel={onClose}>
          {t('users.add')}
        </FormButtons>
      </Stack>
    </form>
  );
}
