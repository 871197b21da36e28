import { ProblemError } from '@caresync/client';
import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { Answered } from '../../admin/Answered';
import { useAsked } from '../../admin/asked';
import { Facts } from '../../admin/Facts';
import { Section } from '../../admin/Section';
import type { User } from '../../session/session';
import { atTime } from '../../shared/Age';
import { Empty } from '../../shared/Empty';
import { Missing } from '../../shared/Missing';
import { Page } from '../../shared/Page';
import { AccountEdit } from './AccountEdit';
import { AccountBadge } from './AccountList';
import { isLastAdmin, sessionsOf } from './accounts';
import { USERS, useAccounts, useTokens } from './all';
import { CloseAccount } from './CloseAccount';
import { NewPassword } from './NewPassword';
import { TokenRows } from './TokenRows';

/** One account: who it is, where it is logged in, and what can be done about it. */
export default function Account() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const query = useAsked<{ user: User }>(`${USERS}/${encodeURIComponent(id)}`);
  const isGone = query.error instanceof ProblemError && query.error.status === 404;
  if (isGone) return <Missing title={t('users.account')}>{t('users.gone')}</Missing>;
  // While another account is on its way, the one of before must not be taken for it.
  const user = query.data?.user.id === id ? query.data.user : undefined;
  return (
    <Page title={user?.name ?? t('users.account')} aside={<Link to="/users">{t('users.back')}</Link>}>
      <Answered query={query}>{({ user: shown }) => shown.id === id && <Standing key={id} user={shown} />}</Answered>
    </Page>
  );
}

function Standing({ user }: { user: User }) {
  const { t, i18n } = useTranslation();
  const { data: all } = useAccounts();
  // Until the others are known, the gateway alone says whether it is the last one.
  const isLast = all !== undefined && isLastAdmin(user, all);
  return (
    <Stack gap="xl">
      <Section title={t('users.about')} aside={<AccountBadge user={user} />}>
        <Facts
          of={[
            [t('users.id'), user.id],
            [t('users.made'), atTime(user.created_at, i18n.language)],
            [t('users.closed'), user.disabled_at && atTime(user.disabled_at, i18n.language)],
            [
              t('users.trail'),
              <Link key="trail" to={`/audit?actor=${encodeURIComponent(user.id)}`}>
                {t('users.did')}
              </Link>,
            ],
          ]}
        />
      </Section>
      <Section title={t('users.who_it_is')}>
        <AccountEdit user={user} isLastAdmin={isLast} />
      </Section>
      <Section title={t('users.password')} about={t('users.password_about')}>
        <NewPassword user={user} />
      </Section>
      <Sessions user={user} />
      <Section title={t(user.disabled_at ? 'users.reopen' : 'users.close')}>
        <CloseAccount user={user} isLastAdmin={isLast} />
      </Section>
    </Stack>
  );
}

function Sessions({ user }: { user: User }) {
  const { t } = useTranslation();
  const query = useTokens();
  return (
    <Section title={t('users.sessions')} about={t('users.sessions_about')}>
      <Answered query={query}>
        {(tokens) => {
          const own = sessionsOf(tokens, user.id);
          if (own.length === 0) return <Empty>{t('users.no_sessions')}</Empty>;
          return <TokenRows label={t('users.sessions_list')} tokens={own} nameOf={({ label }) => label ?? user.name} />;
        }}
      </Answered>
    </Section>
  );
}
