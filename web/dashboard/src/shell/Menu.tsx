import { NavLink, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

import { type Entry, PAGES } from '../routes';
import type { Me } from '../session/me';
import { NeedsCount } from './NeedsCount';

const GROUPS: readonly Entry['group'][] = ['work', 'clinic', 'admin'];

/** A page that stands in the menu of this person. */
export function entriesFor(me: Me): { path: string; entry: Entry }[] {
  return PAGES.flatMap(({ path, entry, isFor }) => (entry && (isFor?.(me) ?? true) ? [{ path, entry }] : []));
}

/** The way to every page that is for this person. */
export function Menu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const entries = entriesFor(me);
  return (
    <nav aria-label={t('shell.pages')}>
      <Stack gap="lg">
        {GROUPS.filter((group) => entries.some((it) => it.entry.group === group)).map((group) => (
          <div key={group}>
            <Text size="xs" fw={700} c="dimmed" px="sm" mb={4}>
              {t(`shell.group.${group}`)}
            </Text>
            {entries
              .filter(({ entry }) => entry.group === group)
              .map(({ path, entry: { label, icon: Icon } }) => (
                <NavLink
                  key={path}
                  component={Link}
                  to={path}
                  label={t(label)}
                  leftSection={<Icon size={20} stroke={1.75} aria-hidden />}
                  rightSection={path === '/' && <NeedsCount />}
                  active={isAt(pathname, path)}
                  aria-current={isAt(pathname, path) ? 'page' : undefined}
                  variant="light"
                  mih={44}
                />
              ))}
          </div>
        ))}
      </Stack>
    </nav>
  );
}

/** Whether one is on that page, or on one below it. */
export function isAt(pathname: string, path: string): boolean {
  return path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
}
