import { Autocomplete, Button, NativeSelect, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useTyped } from '../../shared/useTyped';
import { useAccounts } from '../users/all';
import { type Asked, idOf, localOf, REFUSALS, timeOf, VERBS } from './trail';
import { useNames } from './useNames';
import { useVerbWord } from './useVerbWord';

/** Who acts without an account, by the gateway's own words. */
const OTHERS = ['the console', 'the gateway', 'staff'];

interface FiltersProps {
  asked: Asked;
  onAsk(changed: Record<string, string>): void;
  onClear(): void;
}

/** What the trail is asked for. */
export function Filters({ asked, onAsk, onClear }: FiltersProps) {
  const { t } = useTranslation();
  const isAny = Object.values(asked).some((it) => it !== '');
  return (
    <SimpleGrid role="search" aria-label={t('audit.filters')} cols={{ base: 1, xs: 2, md: 3, xl: 5 }} spacing="sm" style={{ alignItems: 'end' }}>
      <ActorField value={asked.actor} onChange={(actor) => onAsk({ actor })} />
      <VerbField value={asked.verb} onChange={(verb) => onAsk({ verb })} />
      <OutcomeField value={asked.outcome} onChange={(outcome) => onAsk({ outcome })} />
      <TimeField label={t('audit.from')} value={asked.from} onChange={(from) => onAsk({ from })} />
      <TimeField label={t('audit.to')} value={asked.to} onChange={(to) => onAsk({ to })} />
      {isAny && (
        <Button variant="default" onClick={onClear}>
          {t('audit.clear')}
        </Button>
      )}
    </SimpleGrid>
  );
}

interface FieldProps {
  value: string;
  onChange(value: string): void;
}

function ActorField({ value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const { data: accounts = [] } = useAccounts();
  const { actor: nameOf } = useNames();
  const [typed, type] = useTyped(value, onChange, { meant: (text) => idOf(text, accounts) });
  const names = new Map([...accounts.map(({ id, name }) => [id, name] as const), ...OTHERS.map((id) => [id, nameOf(id) ?? id] as const)]);
  return (
    <Autocomplete
      label={t('audit.actor')}
      placeholder={t('audit.anybody')}
      value={typed}
      onChange={type}
      data={[...names.keys()]}
      limit={50}
      filter={({ options, search }) => {
        const wanted = search.trim().toLowerCase();
        return options.filter((it) => 'value' in it && `${it.value} ${names.get(String(it.value)) ?? ''}`.toLowerCase().includes(wanted));
      }}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{names.get(String(option.value)) ?? option.value}</Text>
          {!OTHERS.includes(String(option.value)) && (
            <Text size="xs" c="dimmed">
              {option.value}
            </Text>
          )}
        </div>
      )}
    />
  );
}

function VerbField({ value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const word = useVerbWord();
  const verbs: string[] = value === '' || (VERBS as readonly string[]).includes(value) ? [...VERBS] : [...VERBS, value];
  return (
    <Select
      label={t('audit.verb_name')}
      placeholder={t('audit.anything')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('audit.clear_verb') }}
      nothingFoundMessage={t('audit.no_verb')}
      value={value === '' ? null : value}
      onChange={(verb) => onChange(verb ?? '')}
      data={verbs.map((verb) => ({ value: verb, label: word(verb) })).sort((a, b) => a.label.localeCompare(b.label))}
    />
  );
}

function OutcomeField({ value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const refusals: string[] = ['', 'done', 'refused', ...REFUSALS].includes(value) ? [...REFUSALS] : [...REFUSALS, value];
  return (
    <NativeSelect
      label={t('audit.outcome_name')}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      data={[
        { value: '', label: t('audit.any_outcome') },
        { value: 'done', label: t('audit.done') },
        { value: 'refused', label: t('audit.any_refusal') },
        {
          group: t('audit.refused'),
          items: refusals.map((it) => ({ value: it, label: t(`audit.refusal.${it}` as 'audit.refusal.forbidden', { defaultValue: it }) })),
        },
      ]}
    />
  );
}

/** A point in time, by the clock of this machine. */
function TimeField({ label, value, onChange }: FieldProps & { label: string }) {
  const [typed, type] = useTyped(value, onChange, { shown: localOf, meant: timeOf });
  return <TextInput type="datetime-local" label={label} value={typed} onChange={({ currentTarget }) => type(currentTarget.value)} />;
}
