import { useTranslation } from 'react-i18next';

/** The words for how a part does; a word that is not known stays as the gateway says it. */
export function useStatusWord(): (status: string) => string {
  const { t } = useTranslation();
  return (status) => t(`system.status.${status}` as 'system.status.ok', { defaultValue: status });
}
