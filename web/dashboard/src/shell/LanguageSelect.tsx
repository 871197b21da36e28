import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Language, LANGUAGES, speak } from '../i18n/i18n';

/** Chooses the language of this machine. */
export function LanguageSelect() {
  const { t, i18n } = useTranslation();
  return (
    <NativeSelect
      aria-label={t('shell.language')}
      value={i18n.language}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      onChange={(event) => speak(event.currentTarget.value as Language)}
    />
  );
}
