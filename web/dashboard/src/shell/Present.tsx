import { Avatar, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { usePeople } from '../live/hooks';
import { useMe } from '../session/me';

/** So many are shown by their initials; the rest by their number. */
const SHOWN_MAX = 3;

/** Who else is here. */
export function Present() {
  const { t } = useTranslation();
  const { user } = useMe();
  const people = usePeople();
  const others = people.filter((it) => it.user !== user?.id);
  if (others.length === 0) return null;
  const nameOf = (it: (typeof others)[number]) => it.name ?? it.user;
  const rest = others.length - SHOWN_MAX;
  return (
    <Popover position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton aria-label={t('shell.present', { count: others.length })} mih={44} visibleFrom="xs">
          <Avatar.Group spacing="xs">
            {others.slice(0, SHOWN_MAX).map((it) => (
              <Avatar key={it.user} name={nameOf(it)} size={34} color="care" aria-hidden />
            ))}
            {rest > 0 && (
              <Avatar size={34} aria-hidden>
                +{rest}
              </Avatar>
            )}
          </Avatar.Group>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={600} mb="xs">
          {t('shell.here_now')}
        </Text>
        <Stack gap={4} component="ul" m={0} pl="md">
          {others.map((it) => (
            <li key={it.user}>
              {nameOf(it)}
              {it.role && <Text span c="dimmed">{` · ${t(`role.${it.role}` as 'role.nurse')}`}</Text>}
            </li>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
