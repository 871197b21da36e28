import { useTranslation } from 'react-i18next';

import { LOOK_AGAIN_MS, useAsked } from '../../admin/asked';
import { type Health, toneOfPart } from '../../admin/health';
import { StatusBadge } from '../../shared/Badge';

/** Whether the agent answers, and why not. */
export function AgentContact() {
  const { t } = useTranslation();
  const { data } = useAsked<Health>('/api/health', LOOK_AGAIN_MS);
  const part = data?.components?.agent;
  if (!part) return <>{t('agent.contact_unknown')}</>;
  return (
    <>
      <StatusBadge tone={toneOfPart(part.status)}>{t(`system.status.${part.status}` as 'system.status.ok')}</StatusBadge>{' '}
      {part.reason}
    </>
  );
}
