import { NumberInput, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { type Endpoint, endpointPath } from './endpoints';
import { replayBody, type ReplayValues, wrongReplay } from './forms';

const WAYS = ['time', 'range', 'seq'] as const;

interface ReplayProps {
  endpoint: Endpoint;
  isOpen: boolean;
  onClose(): void;
}

/** Sends events again: one, a stretch of the journal, or of time. */
export function ReplayDialog({ endpoint, isOpen, onClose }: ReplayProps) {
  const { t } = useTranslation();
  return (
    <FormDialog title={t('endpoints.replay_title', { id: endpoint.id })} isOpen={isOpen} onClose={onClose}>
      <ReplayForm id={endpoint.id} onClose={onClose} />
    </FormDialog>
  );
}

function ReplayForm({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const form = useForm<ReplayValues>({
    initialValues: { by: 'time', seq: '', from_seq: '', to_seq: '', since: '', until: '' },
    validate: (values) => {
      const found = wrongReplay(values);
      return found ? { [found.field]: t(`endpoints.wrong.${found.wrong}`) } : {};
    },
  });
  const { by } = form.values;
  const send = async (values: ReplayValues) => {
    const path = endpointPath(id);
    const done = await act({ method: 'POST', path: `${path}/replay`, body: replayBody(values), label: t('endpoints.replayed', { id }), renews: [path] });
    if (done) onClose();
  };
  const seq = { min: 1, allowDecimal: false, allowNegative: false, hideControls: true };
  return (
    <form onSubmit={form.onSubmit((values) => void send(values), (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus())} noValidate>
      <Stack gap="md">
        <Text size="sm">{t('endpoints.replay_means')}</Text>
        <SegmentedControl
          fullWidth
          aria-label={t('endpoints.replay_by_name')}
          data={WAYS.map((value) => ({ value, label: t(`endpoints.replay_by.${value}`) }))}
          {...form.getInputProps('by')}
        />
        {by === 'seq' && <NumberInput label={t('endpoints.seq')} description={t('endpoints.seq_why')} {...seq} {...form.getInputProps('seq')} />}
        {by === 'range' && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput label={t('endpoints.from_seq')} {...seq} {...form.getInputProps('from_seq')} />
            <NumberInput label={t('endpoints.to_seq')} {...seq} {...form.getInputProps('to_seq')} />
          </SimpleGrid>
        )}
        {by === 'time' && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput type="datetime-local" label={t('endpoints.since')} {...form.getInputProps('since')} />
            <TextInput type="datetime-local" label={t('endpoints.until')} {...form.getInputProps('until')} />
          </SimpleGrid>
        )}
        {by !== 'seq' && (
          <Text size="sm" c="dimmed">
            {t('endpoints.open_end')}
          </Text>
        )}
        <FormButtons isBusy={isBusy} onCancel={onClose}>
          {t('endpoints.send_again')}
        </FormButtons>
      </Stack>
    </form>
  );
}
