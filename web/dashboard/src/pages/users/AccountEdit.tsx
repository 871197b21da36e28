import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import type { User } from '../../session/session';
import { Notice } from '../../shared/Notice';
import { AccountFields } from './AccountFields';
import { changesOf, emailFault, nameFault, type Written, writtenOf } from './accounts';
import { USERS } from './all';

/**
 * The fields of an account. What is typed rests on the revision that it began with: a newer one is told of, takes the place
 * of fields that nobody has touched, and of no others.
 */
export function AccountEdit({ user, isLastAdmin }: { user: User; isLastAdmin: boolean }) {
  const [base, setBase] = useState(user);
  const [isTouched, setTouched] = useState(false);
  if (base.revision !== user.revision && !isTouched) setBase(user);
  const begin = () => {
    setTouched(false);
    setBase(user);
  };
  return (
    <EditForm
      key={base.revision}
      base={base}
      isOvertaken={base.revision !== user.revision}
      isLastAdmin={isLastAdmin}
      onTouched={setTouched}
      onBegin={begin}
    />
  );
}

interface EditFormProps {
  base: User;
  isOvertaken: boolean;
  isLastAdmin: boolean;
  onTouched(isTouched: boolean): void;
  onBegin(): void;
}

function EditForm({ base, isOvertaken, isLastAdmin, onTouched, onBegin }: EditFormProps) {
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
    const saved = await act({
      method: 'PATCH',
      path: `${USERS}/${encodeURIComponent(base.id)}`,
      body: changes,
      ifMatch: base.revision,
      label: t('users.saved', { name: form.values.name.trim() }),
      renews: [USERS],
    });
    // What comes from now on is what was saved.
    if (saved) onTouched(false);
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
        <AccountFields form={form} {...(isLastAdmin && { roleStays: t('users.last_admin') })} />
        <Group>
          <Button type="submit" loading={isBusy} disabled={isSame}>
            {t('users.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
