import { NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '../shared/ConfirmDialog';
import { useAct } from './asked';
import type { Told } from './SecretDialog';

/** How long the old secret goes on, in seconds: no longer, an hour, a day, a week, and the most that there is. */
const OVERLAPS_S = ['0', '3600', '86400', '604800', '2592000'] as const;

type Overlap = (typeof OVERLAPS_S)[number];

/** What the gateway takes itself: a day to change the secret on the other side. */
const OVERLAP_USUAL: Overlap = '86400';

interface RotateSecretProps {
  /** Whose secret it is. */
  of: string;
  /** Where that is at the REST door. */
  path: string;
  /** Whose answers it makes old. */
  renews: string;
  title: string;
  /** What will happen. */
  means: string;
  /** What happens where the old secret ends at once. */
  meansNow?: string;
  /** The verb on the button. */
  confirm: string;
  /** What it is once it is done. */
  label: string;
  isOpen: boolean;
  onTold(told: Told): void;
  onClose(): void;
}

/** Gives something a new secret, told once by `onTold`; the old one goes on for as long as is chosen. */
export function RotateSecret(props: RotateSecretProps) {
  const { of, path, renews, title, means, meansNow, confirm, label, isOpen, onTold, onClose } = props;
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const [overlap, setOverlap] = useState<Overlap>(OVERLAP_USUAL);
  const close = () => {
    // What was chosen for one secret says nothing of the next.
    setOverlap(OVERLAP_USUAL);
    onClose();
  };
  const rotate = async () => {
    const done = await act<{ secret: string }>({ method: 'POST', path: `${path}/rotate`, body: { overlap_s: Number(overlap) }, label, renews: [renews] });
    close();
    if (done) onTold({ of, secret: done.body.secret });
  };
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      isOpen={isOpen}
      isDangerous={overlap === '0'}
      isBusy={isBusy}
      onConfirm={() => void rotate()}
      onClose={close}
    >
      <Stack gap="sm">
        <Text>{means}</Text>
        <NativeSelect
          label={t('admin.overlap')}
          description={overlap === '0' && meansNow}
          value={overlap}
          onChange={({ currentTarget }) => setOverlap(currentTarget.value as Overlap)}
          data={OVERLAPS_S.map((value) => ({ value, label: t(`admin.overlap_s.${value}`) }))}
        />
      </Stack>
    </ConfirmDialog>
  );
}
