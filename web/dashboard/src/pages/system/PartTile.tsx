import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Part, toneOfPart } from '../../admin/health';
import { StatusBadge } from '../../shared/Badge';
import { Tile } from '../../shared/Tile';
import { isKnown, needing, placeOf } from './parts';
import { useStatusWord } from './useStatusWord';

/** A part of the gateway: how it does, why, what helps, and where there is more. */
export function PartTile({ name, part }: { name: string; part: Part }) {
  const { t } = useTranslation();
  const word = useStatusWord();
  const title = isKnown(name) ? t(`system.part.${name}`) : name;
  const helped = needing(name, part);
  const place = placeOf(name);
  return (
    <Tile label={title} tone={toneOfPart(part.status)}>
      <Group justify="space-between" gap="xs">
        <Text fw={650} component="h3">
          {title}
        </Text>
        <StatusBadge tone={toneOfPart(part.status)}>{word(part.status)}</StatusBadge>
      </Group>
      {part.reason && <Text size="sm">{part.reason}</Text>}
      {part.missing && part.missing.length > 0 && (
        <ul>
          {part.missing.map((it) => (
            <li key={it.name}>
              <Text size="sm" component="span">
                <b>{it.name}</b>: {it.reason}
              </Text>
            </li>
          ))}
        </ul>
      )}
      {helped && (
        <Text size="sm" c="dimmed">
          {t(`system.remedy.${helped}`)}
        </Text>
      )}
      {place && (
        <Text size="sm" mt="auto">
          <Link to={place}>{t('system.more_of', { name: title })}</Link>
        </Text>
      )}
    </Tile>
  );
}
