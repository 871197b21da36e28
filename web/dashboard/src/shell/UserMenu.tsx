import { Button, Menu, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useMe } from '../session/me';
import { logOut } from '../session/session';
import { LanguageSelect } from './LanguageSelect';

/** Who one is, how one likes the page, and the way out. */
export function UserMenu() {
  const { t } = useTranslation();
  const { user, role } = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = user?.name ?? t('who.screen');
  return (
    <Menu position="bottom-end" width={260} shadow="md" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" px="xs" leftSection={<IconUserCircle size={22} aria-hidden />} aria-label={t('shell.account', { name })} mih={44}>
          <Text span visibleFrom="sm" maw="12rem" truncate>
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {t(`role.${role}` as 'role.nurse')}
        </Menu.Label>
        <Stack gap="sm" p="sm">
          <SegmentedControl
            aria-label={t('shell.scheme')}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`shell.schemes.${value}`) }))}
          />
          <LanguageSelect />
        </Stack>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={() => void logOut()} mih={44}>
          {t('shell.log_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
