// The languages of the dashboard. Every sentence that people read is in the message files beside this one.

import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

import en from './en.json';

/** The languages that there are messages for, each by its own name. */
export const LANGUAGES = { en: 'English', es: 'Español' } as const;

/** One of them. */
export type Language = keyof typeof LANGUAGES;

/** English is there at once, and stands in for what is missing. Any other language is fetched when somebody speaks it. */
const FETCHED: Partial<Record<string, () => Promise<{ default: object }>>> = { es: () => import('./es.json') };

const messages: BackendModule = {
  type: 'backend',
  init: () => undefined,
  // Both parameters are named: the library takes a promise of no function that has another number of them.
  read: async (language, _namespace) => (await FETCHED[language]?.())?.default ?? {},
};

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

/** The messages of the first language are here: what is shown before would be in another one. */
export const ready = i18next
  .use(messages)
  .use(initReactI18next)
  .init({
    resources: { en: { translation: en } },
    partialBundledLanguages: true,
    lng: firstLanguage(),
    fallbackLng: 'en',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
  });

export { i18next };
