import { useTranslation } from 'react-i18next';

import { RotateSecret } from '../../admin/RotateSecret';
import type { Told } from '../../admin/SecretDialog';
import { KEYS } from './all';
import type { Key } from './keys';

/** Gives a machine a new secret. */
export function RotateKey({ of, ...rest }: { of: Key | undefined; onTold(told: Told): void; onClose(): void }) {
  const { t } = useTranslation();
  const id = of?.id ?? '';
  return (
    <RotateSecret
      of={id}
      path={`${KEYS}/${encodeURIComponent(id)}`}
      renews={KEYS}
      title={t('users.rotate_of', { id })}
      means={t('users.rotate_means')}
      confirm={t('users.rotate')}
      label={t('users.key_rotated', { id })}
      isOpen={of !== undefined}
      {...rest}
    />
  );
}
