import { MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useDoctors } from '../../shared/useDoctors';
import { MANAGED_MAX, PERSON_ROLES, type Written } from './accounts';

/** Who somebody is: the same fields for a new account and for one that is changed. */
export function AccountFields<T extends Written>({ form, roleStays }: { form: UseFormReturnType<T>; roleStays?: string | undefined }) {
  const { t } = useTranslation();
  const { doctor_id, manages } = form.values;
  const doctors = useDoctorChoices([doctor_id, ...manages]);
  return (
    <>
      <TextInput label={t('users.name')} autoComplete="off" required {...form.getInputProps('name')} />
      <TextInput label={t('users.email')} description={t('users.email_about')} type="email" autoComplete="off" required {...form.getInputProps('email')} />
      <NativeSelect
        label={t('users.role')}
        description={roleStays ?? t(`users.role_means.${form.values.role}`)}
        disabled={roleStays !== undefined}
        data={PERSON_ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        {...form.getInputProps('role')}
      />
      <NativeSelect
        label={t('users.doctor')}
        description={t('users.doctor_about')}
        data={[{ value: '', label: t('users.no_doctor') }, ...doctors]}
        {...form.getInputProps('doctor_id')}
      />
      <MultiSelect
        label={t('users.manages')}
        description={t('users.manages_about')}
        data={doctors}
        maxValues={MANAGED_MAX}
        searchable
        nothingFoundMessage={t('users.no_doctors')}
        {...form.getInputProps('manages')}
      />
    </>
  );
}

/** The doctors by name; one who has left the list stays a choice where the account names them. */
function useDoctorChoices(named: readonly string[]): { value: string; label: string }[] {
  const doctors = useDoctors();
  const ids = new Set([...doctors.keys(), ...named.filter((id) => id !== '')]);
  return [...ids]
    .map((value) => ({ value, label: doctors.get(value)?.name ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
