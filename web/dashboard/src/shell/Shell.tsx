import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useLocation } from 'react-router';

import { PAGES } from '../routes';
import { useMe } from '../session/me';
import { Loading } from '../shared/Loading';
import { Missing } from '../shared/Missing';
import { NotYours } from '../shared/NotYours';
import { useDoctors } from '../shared/useDoctors';
import { ConnectionBadge } from './ConnectionBadge';
import { Mark } from './Mark';
import { Menu } from './Menu';
import { Present } from './Present';
import { StaleBanner } from './StaleBanner';
import { TabBar } from './TabBar';
import { UnsentList } from './UnsentList';
import { useUrgentToasts } from './useUrgentToasts';
import { UserMenu } from './UserMenu';

/** The frame around every page: who and where one is, how the connection does, and the way to everything else. */
export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const [isMenuOpen, menu] = useDisclosure();
  useUrgentToasts();
  // Asked for at once, not by the first tile that names one.
  useDoctors();
  useEffect(() => {
    menu.close();
  }, [pathname]);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !isMenuOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip-link" href="#content">
        {t('shell.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'xs', sm: 'md' }} gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isMenuOpen} onClick={menu.toggle} hiddenFrom="md" aria-label={t('shell.menu')} />
            <Mark isShort />
          </Group>
          <Group gap="sm" wrap="nowrap">
            <UnsentList />
            <Present />
            <ConnectionBadge />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm">
        <Menu me={me} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <StaleBanner />
        <Suspense fallback={<Loading />}>
          <Routes>
            {PAGES.map(({ path, Page, isFor }) => (
              <Route key={path} path={path} element={(isFor?.(me) ?? true) ? <Page /> : <NotYours />} />
            ))}
            <Route path="*" element={<Missing title={t('shell.not_found')}>{t('shell.no_such_page')}</Missing>} />
          </Routes>
        </Suspense>
      </AppShell.Main>
      <TabBar me={me} />
    </AppShell>
  );
}
