import { NativeSelect, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import type { Told } from '../../admin/SecretDialog';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { KEYS } from './all';
import { type Key, OVERLAP_USUAL, type Overlap, OVERLAPS_S } from './keys';

/** Gives a machine a new secret, told once by `onTold`; the old one goes on for as long as is chosen. */
export function RotateKey({ of, onTold, onClose }: { of: Key | undefined; onTold(told: Told): void; onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const [overlap, setOverlap] = useState<Overlap>(OVERLAP_USUAL);
  // What was chosen for one key says nothing of the next.
  useEffect(() => setOverlap(OVERLAP_USUAL), [of]);
  const rotate = async ({ id }: Key) => {
    const made = await act<{ secret: string }>({
      method: 'POST',
      path: `${KEYS}/${encodeURIComponent(id)}/rotate`,
      body: { overlap_s: Number(overlap) },
      label: t('users.key_rotated', { id }),
      renews: [KEYS],
    });
    onClose();
    if (made) onTold({ of: id, secret: made.body.secret });
  };
  return (
    <ConfirmDialog
      title={t('users.rotate_of', { id: of?.id })}
      confirm={t('users.rotate')}
      isOpen={of !== undefined}
      isDangerous={overlap === '0'}
      isBusy={isBusy}
      onConfirm={() => of && void rotate(of)}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text>{t('users.rotate_means')}</Text>
        <NativeSelect
          label={t('users.overlap')}
          value={overlap}
          onChange={({ currentTarget }) => setOverlap(currentTarget.value as Overlap)}
          data={OVERLAPS_S.map((value) => ({ value, label: t(`users.overlap_s.${value}`) }))}
        />
      </Stack>
    </ConfirmDialog>
  );
}
