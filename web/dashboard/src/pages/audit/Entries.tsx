import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Rows } from '../../admin/Rows';
import { StatusBadge } from '../../shared/Badge';
import { type Entry, placeOf, subjectOf } from './trail';
import { type Names, useNames } from './useNames';
import { useVerbWord } from './useVerbWord';

/** Entries of the trail, each in words, with the ids that it holds. */
export function Entries({ entries }: { entries: readonly Entry[] }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Rows
      label={t('audit.entries')}
      items={entries}
      keyOf={({ n }) => String(n)}
      minWidth_px={1120}
      columns={[
        { name: t('admin.when'), of: (it) => <When at={it.at} /> },
        { name: t('admin.who'), of: (it) => <Who entry={it} names={names} /> },
        { name: t('audit.verb_name'), of: (it) => <What entry={it} /> },
        { name: t('audit.about'), of: (it) => <About entry={it} names={names} /> },
        { name: t('audit.outcome_name'), of: (it) => <Outcome entry={it} /> },
        { name: t('audit.origin'), of: ({ origin }) => origin },
        { name: t('audit.place'), of: ({ n }) => n, isNumber: true },
      ]}
    />
  );
}

/** To the second: in a trail the order of things matters. */
function When({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const part = (of: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, of).format(new Date(at));
  return (
    <time dateTime={at}>
      <Text size="sm" span display="block" style={{ whiteSpace: 'nowrap' }}>
        {part({ dateStyle: 'medium' })}
      </Text>
      <Text size="sm" span display="block" style={{ whiteSpace: 'nowrap' }}>
        {part({ timeStyle: 'medium' })}
      </Text>
    </time>
  );
}

/** The name leads to everything else that this one did. */
function Who({ entry: { actor }, names }: { entry: Entry; names: Names }) {
  const name = names.actor(actor);
  if (!actor) return <Text size="sm">{name}</Text>;
  return (
    <>
      <Text size="sm" component={Link} to={`/audit?actor=${encodeURIComponent(actor)}`}>
        {name ?? actor}
      </Text>
      {name && <Id>{actor}</Id>}
    </>
  );
}

function What({ entry: { verb } }: { entry: Entry }) {
  const word = useVerbWord();
  return (
    <Text size="sm" miw={150} title={verb}>
      {word(verb)}
    </Text>
  );
}

function About({ entry, names }: { entry: Entry; names: Names }) {
  const { t } = useTranslation();
  if (!entry.subject) return null;
  const { kind, id } = subjectOf(entry.subject);
  const name = names.subject(kind, id);
  const place = placeOf(kind, id);
  const said = `${t(`audit.kind.${kind}` as 'audit.kind.room', { defaultValue: kind })} ${name ?? ''}`.trim();
  return (
    <>
      {place ? (
        <Text size="sm" component={Link} to={place}>
          {said}
        </Text>
      ) : (
        <Text size="sm">{said}</Text>
      )}
      {id !== 'self' && <Id>{id}</Id>}
      {entry.from_seq != null && entry.seq != null && <Id>{t('audit.stretch', { first: entry.from_seq, last: entry.seq })}</Id>}
    </>
  );
}

function Outcome({ entry: { outcome, times } }: { entry: Entry }) {
  const { t } = useTranslation();
  if (outcome === 'done') return <StatusBadge tone="good">{t('audit.done')}</StatusBadge>;
  return (
    <>
      <StatusBadge tone="attention">{t(`audit.refusal.${outcome}` as 'audit.refusal.forbidden', { defaultValue: outcome })}</StatusBadge>
      {times > 1 && <Text size="sm">{t('audit.times', { count: times })}</Text>}
    </>
  );
}

/** What stands in the trail itself: the name beside it is only what that id is called now. */
function Id({ children }: { children: string }) {
  return (
    <Text size="xs" c="dimmed" miw={120} maw={200} style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  );
}
