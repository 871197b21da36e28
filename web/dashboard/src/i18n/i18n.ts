// The languages of the dashboard. Every sentence that people read is in the message files beside this one.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import en from './en.json';
import es from './es.json';

/** The languages that there are messages for, each by its own name. */
export const LANGUAGES = { en: 'English', es: 'Español' } as const;

/** One of them. */
export type Language = keyof typeof LANGUAGES;

/** The name under which this machine remembers its language. */
const LANGUAGE_NAME = 'caresync:language';

const isLanguage = (name: string | undefined | null): name is Language => Boolean(name && Object.hasOwn(LANGUAGES, name));

/** What was chosen on this machine, else what its browser speaks, else English. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(LANGUAGE_NAME);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((it) => it.split('-')[0]).find(isLanguage) ?? 'en';
}

/** Speaks another language from now on, on this machine. */
export function speak(language: Language): void {
  localStorage.setItem(LANGUAGE_NAME, language);
  void i18next.changeLanguage(language);
}

i18next.on('languageChanged', (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, es: { translation: es } },
  lng: firstLanguage(),
  fallbackLng: 'en',
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  returnNull: false,
});

export { i18next };
