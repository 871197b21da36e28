import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Answered } from '../../admin/Answered';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import type { User } from '../../session/session';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { useDoctors } from '../../shared/useDoctors';
import { useQuestion } from '../../shared/useQuestion';
import { useTyped } from '../../shared/useTyped';
import { found, sessionsOf, STANDINGS } from './accounts';
import { useAccounts, useTokens } from './all';
import { NewAccount } from './NewAccount';

/** Everybody who has an account. */
export function AccountList() {
  const { t } = useTranslation();
  const query = useAccounts();
  const [isAdding, setAdding] = useState(false);
  return (
    <Section
      title={t('users.accounts')}
      about={t('users.accounts_about')}
      aside={
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('users.add')}
        </Button>
      }
    >
      <Answered query={query}>{(all) => <Accounts all={all} />}</Answered>
      <NewAccount isOpen={isAdding} onClose={() => setAdding(false)} />
    </Section>
  );
}

function Accounts({ all }: { all: readonly User[] }) {
  const { t } = useTranslation();
  const [question, ask] = useQuestion();
  const standing = STANDINGS.find((it) => it === question.get('show')) ?? 'open';
  // The field keeps its own text: the address comes too late for somebody who types fast.
  const [text, type] = useTyped(question.get('find') ?? '', (find) => ask({ find }));
  const shown = found(all, standing, text);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <TextInput
          type="search"
          aria-label={t('users.find')}
          placeholder={t('users.find')}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={text}
          onChange={({ currentTarget }) => type(currentTarget.value)}
          flex="1 1 14rem"
          maw={360}
        />
        <SegmentedControl
          aria-label={t('users.which')}
          value={standing}
          onChange={(value) => ask({ show: value })}
          data={STANDINGS.map((value) => ({ value, label: t(`users.show.${value}`) }))}
        />
      </Group>
      {shown.length === 0 ? <Empty>{t('users.nobody')}</Empty> : <AccountRows items={shown} />}
    </Stack>
  );
}

function AccountRows({ items }: { items: readonly User[] }) {
  const { t } = useTranslation();
  const doctors = useDoctors();
  const { data: tokens = [] } = useTokens();
  const nameOf = (id: string) => doctors.get(id)?.name ?? id;
  return (
    <Rows
      label={t('users.accounts_list')}
      items={items}
      keyOf={({ id }) => id}
      minWidth_px={860}
      columns={[
        {
          name: t('users.name'),
          of: (it) => (
            <>
              <Text size="sm" fw={650} component={Link} to={`/users/${encodeURIComponent(it.id)}`}>
                {it.name}
              </Text>
              <Text size="sm" c="dimmed">
                {it.email}
              </Text>
            </>
          ),
        },
        { name: t('users.role'), of: (it) => t(`role.${it.role}` as 'role.nurse') },
        { name: t('users.doctor'), of: (it) => it.doctor_id && nameOf(it.doctor_id) },
        { name: t('users.manages'), of: (it) => it.manages.map(nameOf).join(', ') },
        { name: t('users.logged_in'), of: (it) => <LastSession tokens={sessionsOf(tokens, it.id)} /> },
        { name: t('users.standing'), of: (it) => <AccountBadge user={it} /> },
      ]}
    />
  );
}

/** Since when somebody is logged in: that of a session that has ended is in the audit trail. */
function LastSession({ tokens }: { tokens: readonly { created_at: string }[] }) {
  const { t } = useTranslation();
  const newest = tokens[0];
  if (!newest) return <Text size="sm">{t('users.not_logged_in')}</Text>;
  return (
    <Text size="sm" component="div">
      {t('users.sessions_count', { count: tokens.length })} · <Age of={newest.created_at} />
    </Text>
  );
}

/** Whether an account can be used. */
export function AccountBadge({ user }: { user: User }) {
  const { t } = useTranslation();
  return user.disabled_at ? (
    <StatusBadge tone="unknown">{t('users.closed')}</StatusBadge>
  ) : (
    <StatusBadge tone="good">{t('users.open')}</StatusBadge>
  );
}
