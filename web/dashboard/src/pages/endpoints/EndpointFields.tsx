import { MultiSelect, NumberInput, PasswordInput, Radio, Select, Stack, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useThings } from '../../live/hooks';
import { Notice } from '../../shared/Notice';
import { EVENT_TYPES } from './endpoints';
import type { EndpointValues } from './forms';

const KINDS = ['standard', 'openclaw', 'ntfy'] as const;
const URGENCIES = ['urgent', 'normal', 'low'] as const;

interface FieldsProps {
  form: UseFormReturnType<EndpointValues>;
  isNew: boolean;
}

/** Everything that can be said of an endpoint. */
export function EndpointFields({ form, isNew }: FieldsProps) {
  const { t } = useTranslation();
  const { kind } = form.values;
  return (
    <>
      {isNew && <TextInput label={t('endpoints.name')} description={t('endpoints.name_why')} required data-autofocus {...form.getInputProps('id')} />}
      <TextInput
        label={t('endpoints.url')}
        description={t('endpoints.url_why')}
        type="url"
        required
        autoComplete="off"
        {...form.getInputProps('url')}
      />
      {isNew && (
        <Select
          label={t('endpoints.kind_name')}
          data={KINDS.map((value) => ({ value, label: t(`endpoints.kind.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('kind')}
        />
      )}
      <PasswordInput
        label={t('endpoints.bearer')}
        description={isNew ? t('endpoints.bearer_why') : t('endpoints.bearer_stays')}
        required={isNew && kind === 'openclaw'}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': t('endpoints.bearer_show') }}
        {...form.getInputProps('bearer')}
      />
      <FilterFields form={form} isNew={isNew} />
      {kind === 'standard' && <PayloadChoice form={form} />}
      <NumberInput label={t('endpoints.rate')} min={1} max={10_000} allowDecimal={false} {...form.getInputProps('rate_per_s')} />
      {isNew ? (
        <StartChoice form={form} />
      ) : (
        <Switch label={t('endpoints.enabled')} description={t('endpoints.enabled_why')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
      )}
    </>
  );
}

type Part = Pick<FieldsProps, 'form'>;

function FilterFields({ form }: FieldsProps) {
  const { t } = useTranslation();
  const rooms = useThings('rooms');
  const { kind, events, rooms: chosen } = form.values;
  // What it names already can be kept, also where this page does not know it, or the room is gone.
  const types = useMemo(() => [...new Set<string>([...EVENT_TYPES, ...events])], [events]);
  const places = useMemo(() => {
    const gone = chosen.filter((id) => !rooms.some((room) => room.id === id));
    return [...rooms.map(({ id, name }) => ({ value: id, label: name ?? id })), ...gone.map((id) => ({ value: id, label: id }))];
  }, [rooms, chosen]);
  return (
    <>
      <MultiSelect
        label={t('endpoints.events')}
        description={kind === 'ntfy' ? t('endpoints.events_phone') : t('endpoints.events_why')}
        data={types}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('endpoints.clear') }}
        nothingFoundMessage={t('endpoints.no_match')}
        {...form.getInputProps('events')}
      />
      <MultiSelect
        label={t('endpoints.rooms')}
        description={t('endpoints.rooms_why')}
        data={places}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('endpoints.clear') }}
        nothingFoundMessage={t('endpoints.no_match')}
        {...form.getInputProps('rooms')}
      />
      <MultiSelect
        label={t('endpoints.urgency')}
        description={t('endpoints.urgency_why')}
        data={URGENCIES.map((value) => ({ value, label: t(`urgency.${value}`) }))}
        {...form.getInputProps('urgency')}
      />
    </>
  );
}

function PayloadChoice({ form }: Part) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t('endpoints.payload_name')} {...form.getInputProps('payload')}>
      <Stack gap="xs" mt="xs">
        <Radio value="thin" label={t('endpoints.payload.thin')} description={t('endpoints.payload_means.thin')} />
        <Radio value="full" label={t('endpoints.payload.full')} description={t('endpoints.payload_means.full')} />
        {form.values.payload === 'full' && <Notice tone="attention">{t('endpoints.full_warns')}</Notice>}
      </Stack>
    </Radio.Group>
  );
}

function StartChoice({ form }: Part) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t('endpoints.start_name')} {...form.getInputProps('start')}>
      <Stack gap="xs" mt="xs">
        <Radio value="newest" label={t('endpoints.start.newest')} />
        <Radio value="after" label={t('endpoints.start.after')} />
        {form.values.start === 'after' && (
          <TextInput label={t('endpoints.cursor')} description={t('endpoints.cursor_why')} required {...form.getInputProps('after')} />
        )}
      </Stack>
    </Radio.Group>
  );
}
