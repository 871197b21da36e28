import { useTranslation } from 'react-i18next';

import { atTime } from '../../shared/Age';
import type { Endpoint, Why } from './endpoints';

/** Why something was not delivered, in words. */
export function useWhy(): (why: Why) => string {
  const { t } = useTranslation();
  return (why) => {
    if ('status' in why) return t('endpoints.answered', { status: why.status });
    return 'error' in why ? t(`endpoints.error.${why.error}`) : why.text;
  };
}

/** Why an endpoint is not sent anything, or when it is tried again. */
export function StateReason({ endpoint }: { endpoint: Endpoint }) {
  const { t, i18n } = useTranslation();
  const { state, ended, retry_at } = endpoint;
  if (state === 'ended') return ended ? <>{t(`endpoints.ended.${ended}`)}</> : null;
  if (state === 'off') return <>{t('endpoints.off_means')}</>;
  if (retry_at == null) return null;
  return <>{t('endpoints.retry_at', { at: atTime(retry_at, i18n.language) })}</>;
}
