import { ProblemError } from '@caresync/client';
import { Button, Checkbox, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { logIn, useSession } from '../../session/session';
import { Notice } from '../../shared/Notice';
import { LanguageSelect } from '../../shell/LanguageSelect';
import { Mark } from '../../shell/Mark';
import classes from './Login.module.css';

/** The way in. */
export function Login() {
  const { t } = useTranslation();
  const ended = useSession((state) => state.ended);
  const [refused, setRefused] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const form = useForm({ initialValues: { email: '', password: '', onMachine: false } });
  const submit = form.onSubmit(async ({ email, password, onMachine }) => {
    setBusy(true);
    setRefused(undefined);
    try {
      await logIn(email.trim(), password, onMachine);
    } catch (error) {
      setRefused(sentence(error));
      setBusy(false);
    }
  });
  const sentence = (error: unknown) => {
    if (!(error instanceof ProblemError)) return t('login.unanswered');
    if (error.status === 401) return t('login.wrong');
    if (error.status === 429) return t('login.too_often');
    return error.detail ?? t('login.unanswered');
  };
  return (
    <main className={classes.page}>
      <Paper withBorder className={classes.card} p="xl" radius="lg">
        <form onSubmit={submit}>
          <Stack gap="md">
            <Mark />
            <Title order={1} size="h2">
              {t('login.title')}
            </Title>
            {ended === 'ended' && <Notice tone="attention">{t('login.ended')}</Notice>}
            {ended === 'removed' && <Notice tone="attention">{t('login.removed')}</Notice>}
            {refused && (
              <Notice tone="danger" role="alert">
                {refused}
              </Notice>
            )}
            <TextInput
              label={t('login.email')}
              type="email"
              name="email"
              autoComplete="username"
              size="md"
              required
              autoFocus
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label={t('login.password')}
              name="password"
              autoComplete="current-password"
              size="md"
              required
              visibilityToggleButtonProps={{ 'aria-label': t('login.show_password') }}
              {...form.getInputProps('password')}
            />
            <Checkbox
              label={t('login.on_machine')}
              description={t('login.on_machine_why')}
              {...form.getInputProps('onMachine', { type: 'checkbox' })}
            />
            <Button type="submit" size="md" loading={isBusy}>
              {t('login.enter')}
            </Button>
            <Text size="sm" c="dimmed" component="div">
              <LanguageSelect />
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
