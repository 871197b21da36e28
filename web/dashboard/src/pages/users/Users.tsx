import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Page } from '../../shared/Page';
import { AccountList } from './AccountList';
import { KeyList } from './KeyList';
import { TokenList } from './TokenList';

/** Who may come in: people, wall screens and machines. */
export default function Users() {
  const { t } = useTranslation();
  return (
    <Page title={t('users.title')}>
      <Stack gap="xl">
        <AccountList />
        <TokenList />
        <KeyList />
      </Stack>
    </Page>
  );
}
