import { Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { type Endpoint, endpointPath, ENDPOINTS } from './endpoints';

/** How long two secrets may overlap, in seconds, by its name. The gateway takes 30 days at most. */
const OVERLAPS = { none: 0, hour: 3_600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const;

type Overlap = keyof typeof OVERLAPS;

interface RotateProps {
  endpoint: Endpoint;
  isOpen: boolean;
  onRotated(secret: string): void;
  onClose(): void;
}

/** Gives an endpoint a new secret. Deliveries are signed with the old one too, for as long as it takes to change it there. */
export function RotateDialog({ endpoint: { id }, isOpen, onRotated, onClose }: RotateProps) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const [overlap, setOverlap] = useState<Overlap>('day');
  const rotate = async () => {
    const done = await act<{ secret?: string }>({
      method: 'POST',
      path: `${endpointPath(id)}/rotate`,
      body: { overlap_s: OVERLAPS[overlap] },
      label: t('endpoints.rotated', { id }),
      renews: [ENDPOINTS],
    });
    setOverlap('day');
    if (done?.body.secret === undefined) onClose();
    else onRotated(done.body.secret);
  };
  return (
    <ConfirmDialog
      title={t('endpoints.rotate_title', { id })}
      confirm={t('endpoints.rotate')}
      isOpen={isOpen}
      isDangerous={overlap === 'none'}
      isBusy={isBusy}
      onConfirm={() => void rotate()}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text>{t('endpoints.rotate_means')}</Text>
        <Select
          label={t('endpoints.overlap_name')}
          {...(overlap === 'none' && { description: t('endpoints.overlap_none') })}
          data={(Object.keys(OVERLAPS) as Overlap[]).map((value) => ({ value, label: t(`endpoints.overlap.${value}`) }))}
          value={overlap}
          onChange={(value) => value && setOverlap(value as Overlap)}
          allowDeselect={false}
        />
      </Stack>
    </ConfirmDialog>
  );
}
