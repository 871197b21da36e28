import { MultiSelect, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import type { Told } from '../../admin/SecretDialog';
import { isId } from '../../admin/rules';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { KEYS } from './all';
import { type Machine, MACHINES, SCOPES } from './keys';

const EMPTY = { id: '', role: 'device' as Machine, scopes: [] as string[] };

/** Makes a key for a machine. Its secret is told once, by `onTold`. */
export function NewKey({ isOpen, onTold, onClose }: { isOpen: boolean; onTold(told: Told): void; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <FormDialog title={t('users.add_key')} isOpen={isOpen} onClose={onClose}>
      <NewKeyForm onTold={onTold} onClose={onClose} />
    </FormDialog>
  );
}

function NewKeyForm({ onTold, onClose }: { onTold(told: Told): void; onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const form = useForm({ initialValues: EMPTY, validate: { id: (id) => (isId(id.trim()) ? null : t('users.fault.id')) } });
  const make = async ({ id, role, scopes }: typeof EMPTY) => {
    const of = id.trim();
    const made = await act<{ secret: string }>({
      method: 'POST',
      path: KEYS,
      body: { id: of, role, scopes },
      label: t('users.key_made', { id: of }),
      renews: [KEYS],
    });
    if (!made) return;
    onClose();
    onTold({ of, secret: made.body.secret });
  };
  const usual = MACHINES[form.values.role].map((it) => t(`users.scope.${it}`)).join(', ');
  return (
    <form onSubmit={form.onSubmit((values) => void make(values))} noValidate>
      <Stack gap="md">
        <TextInput label={t('users.machine_name')} description={t('users.machine_about')} autoComplete="off" required data-autofocus {...form.getInputProps('id')} />
        <NativeSelect
          label={t('users.machine')}
          data={(Object.keys(MACHINES) as Machine[]).map((value) => ({ value, label: t(`system.machine.${value}`) }))}
          {...form.getInputProps('role')}
        />
        <MultiSelect
          label={t('users.scopes')}
          description={t('users.scopes_usual', { usual })}
          data={SCOPES.map((value) => ({ value, label: t(`users.scope.${value}`) }))}
          {...form.getInputProps('scopes')}
        />
        <FormButtons isBusy={isBusy} onCancel={onClose}>
          {t('users.make_key')}
        </FormButtons>
      </Stack>
    </form>
  );
}
