import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What was asked, in words; a verb that is not known stays as the gateway says it. */
export function useVerbWord(): (verb: string) => string {
  const { t } = useTranslation();
  return useCallback((verb) => t(`audit.verb.${verb}` as 'audit.verb.log_in', { defaultValue: verb }), [t]);
}
