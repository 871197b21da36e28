import { Button } from '@mantine/core';
import { IconDeviceTvOld } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { SecretDialog, type Told } from '../../admin/SecretDialog';
import { Section } from '../../admin/Section';
import { Empty } from '../../shared/Empty';
import type { Token } from './accounts';
import { useAccounts, useTokens } from './all';
import { NewScreen } from './NewScreen';
import { TokenRows } from './TokenRows';

/** What lets browsers in: wall screens, and people who are logged in. */
export function TokenList() {
  const { t } = useTranslation();
  const query = useTokens();
  const { data: accounts } = useAccounts();
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<Told>();
  const names = useMemo(() => new Map(accounts?.map(({ id, name }) => [id, name])), [accounts]);
  const nameOf = (it: Token) => (it.user_id ? (names.get(it.user_id) ?? it.user_id) : (it.label ?? t('role.kiosk')));
  return (
    <Section
      title={t('users.tokens')}
      about={t('users.tokens_about')}
      aside={
        <Button leftSection={<IconDeviceTvOld size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('users.add_screen')}
        </Button>
      }
    >
      <Answered query={query}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Empty>{t('users.no_tokens')}</Empty>
          ) : (
            <TokenRows label={t('users.tokens_list')} tokens={screensFirst(tokens)} nameOf={nameOf} />
          )
        }
      </Answered>
      <NewScreen isOpen={isAdding} onTold={setTold} onClose={() => setAdding(false)} />
      <SecretDialog told={told} onClose={() => setTold(undefined)} />
    </Section>
  );
}

/** Wall screens stay for years and sessions for a day: what stays is on top, then the newest. */
function screensFirst(tokens: readonly Token[]): Token[] {
  return [...tokens].sort(
    (a, b) => Number(b.kind === 'kiosk') - Number(a.kind === 'kiosk') || b.created_at.localeCompare(a.created_at),
  );
}
