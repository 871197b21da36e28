import { Button, Divider, Popover, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
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
    <Popover position="bottom-end" width={260} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          px="xs"
          mih={44}
          leftSection={<IconUserCircle size={22} aria-hidden />}
          aria-label={t('shell.account', { name })}
        >
          <Text span visibleFrom="sm" maw="12rem" truncate>
            {name}
          </Text>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('shell.account', { name })}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {name} · {t(`role.${role}` as 'role.nurse')}
          </Text>
          <SegmentedControl
            aria-label={t('shell.scheme')}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`shell.schemes.${value}`) }))}
          />
          <LanguageSelect />
          <Divider />
          <Button variant="default" leftSection={<IconLogout size={18} aria-hidden />} onClick={() => void logOut()}>
            {t('shell.log_out')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
