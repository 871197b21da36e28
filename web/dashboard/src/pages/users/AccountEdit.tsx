import { Button, Fieldset, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import type { User } from '../../session/session';
import { Notice } from '../../shared/Notice';
import { AccountFields } from './AccountFields';
import { changesOf, emailFault, nameFault, type Written, writtenOf } from './accounts';
import { ACCOUNTS, USERS } from './all';

/**
 * The fields of an account. What is typed rests on the revision that it began with: a newer one is told of, takes the place
 * of fields that nobody has touched, and of no others.
 */
export function AccountEdit({ user, isLastAdmin }: { user: User; isLastAdmin: boolean }) {
  const [base, setBase] = useState(user);
  const [isTouched, setTouched] = useState(false);
  // What was just saved is newer than what is still being asked for.
  const isOvertaken = user.revision > base.revision;
  if (isOvertaken && !isTouched) setBase(user);
  const begin = (from: User) => {
    setTouched(false);
    setBase(from);
  };
  return (
    <EditForm
      key={base.revision}
      base={base}
      isOvertaken={isOvertaken}
      isLastAdmin={isLastAdmin}
      onTouched={setTouched}
      onBegin={() => begin(user)}
      onSaved={begin}
    />
  );
}

interface EditFormProps {
  base: User;
  isOvertaken: boolean;
  isLastAdmin: boolean;
  onTouched(isTouched: boolean): void;
  onBegin(): void;
  onSaved(saved: User): void;
}

function EditForm({ base, isOvertaken, isLastAdmin, onTouched, onBegin, onSaved }: EditFormProps) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const before = writtenOf(base);
  const form = useForm<Written>({
    initialValues: before,
    onValuesChange: (values) => onTouched(Object.keys(changesOf(before, values)).length > 0),
    validate: { name: (name) => nameFault(t, name), email: (email) => emailFault(t, email) },
  });
  const changes = changesOf(before, form.values);
  const isSame = Object.keys(changes).length === 0;
  const save = async () => {
    const saved = await act<{ user: User }>({
      method: 'PATCH',
      path: `${USERS}/${encodeURIComponent(base.id)}`,
      body: changes,
      ifMatch: base.revision,
      label: t('users.saved', { name: form.values.name.trim() }),
      renews: ACCOUNTS,
    });
    if (saved) onSaved(saved.body.user);
  };
  return (
    <form onSubmit={form.onSubmit(() => void save())} noValidate>
      <Stack gap="md" maw={560}>
        {isOvertaken && !isBusy && (
          <Notice tone="attention" title={t('users.overtaken')}>
            <Button mt="xs" variant="default" display="block" onClick={onBegin}>
              {t('users.begin_anew')}
            </Button>
          </Notice>
        )}
        {/* What is typed while it is saved would be gone after: the form begins anew with what was saved. */}
        <Fieldset variant="unstyled" disabled={isBusy}>
          <Stack gap="md">
            <AccountFields form={form} {...(isLastAdmin && { roleStays: t('users.last_admin') })} />
          </Stack>
        </Fieldset>
        <Group>
          <Button type="submit" loading={isBusy} disabled={isSame}>
            {t('users.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
