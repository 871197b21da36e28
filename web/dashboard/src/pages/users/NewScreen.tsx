import { Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import type { Told } from '../../admin/SecretDialog';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { nameFault } from './accounts';
import { TOKENS } from './all';

/** Where a wall screen begins, with the token that it keeps. What follows the `#` is sent to nobody. */
export function addressOfScreen(origin: string, secret: string): string {
  return `${origin}/kiosk#token=${encodeURIComponent(secret)}`;
}

/** Asks where the screen hangs. What opens it is told once, by `onTold`. */
export function NewScreen({ isOpen, onTold, onClose }: { isOpen: boolean; onTold(told: Told): void; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <FormDialog title={t('users.add_screen')} isOpen={isOpen} onClose={onClose}>
      <NewScreenForm onTold={onTold} onClose={onClose} />
    </FormDialog>
  );
}

function NewScreenForm({ onTold, onClose }: { onTold(told: Told): void; onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const form = useForm({ initialValues: { label: '' }, validate: { label: (label) => nameFault(t, label) } });
  const make = async ({ label }: { label: string }) => {
    const of = label.trim();
    const made = await act<{ secret: string }>({
      method: 'POST',
      path: TOKENS,
      body: { kind: 'kiosk', label: of },
      label: t('users.screen_made', { name: of }),
      renews: [TOKENS],
    });
    if (!made) return;
    onClose();
    onTold({ of, secret: addressOfScreen(location.origin, made.body.secret), about: t('users.screen_address') });
  };
  return (
    <form onSubmit={form.onSubmit((values) => void make(values))} noValidate>
      <Stack gap="md">
        <Text>{t('users.screen_means')}</Text>
        <TextInput label={t('users.where')} placeholder={t('users.where_such_as')} autoComplete="off" required data-autofocus {...form.getInputProps('label')} />
        <FormButtons isBusy={isBusy} onCancel={onClose}>
          {t('users.make_screen')}
        </FormButtons>
      </Stack>
    </form>
  );
}
