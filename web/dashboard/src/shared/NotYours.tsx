import { useTranslation } from 'react-i18next';

import { Missing } from './Missing';

/** In place of a page that is not for whoever came to it by its address. */
export function NotYours() {
  const { t } = useTranslation();
  return <Missing title={t('shared.not_yours')}>{t('shared.not_yours_remedy')}</Missing>;
}
