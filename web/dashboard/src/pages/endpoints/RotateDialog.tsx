import { useTranslation } from 'react-i18next';

import { RotateSecret } from '../../admin/RotateSecret';
import type { Told } from '../../admin/SecretDialog';
import { type Endpoint, endpointPath, ENDPOINTS } from './endpoints';

interface RotateProps {
  endpoint: Endpoint;
  isOpen: boolean;
  onTold(told: Told): void;
  onClose(): void;
}

/** Gives an endpoint a new secret. Deliveries are signed with the old one too, for as long as it takes to change it there. */
export function RotateDialog({ endpoint: { id }, ...rest }: RotateProps) {
  const { t } = useTranslation();
  return (
    <RotateSecret
      of={id}
      path={endpointPath(id)}
      renews={ENDPOINTS}
      title={t('endpoints.rotate_title', { id })}
      means={t('endpoints.rotate_means')}
      meansNow={t('endpoints.overlap_none')}
      confirm={t('endpoints.rotate')}
      label={t('endpoints.rotated', { id })}
      {...rest}
    />
  );
}
