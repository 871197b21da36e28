// Another language is fetched, and spoken when it is there.

import { afterAll, expect, it } from 'vitest';

import es from '../../src/i18n/es.json';
import { i18next, ready, speak } from '../../src/i18n/i18n';

afterAll(() => localStorage.clear());

it('begins in English, and speaks Spanish once it is fetched', async () => {
  await ready;
  expect(i18next.t('login.title')).toBe('Log in');
  const changed = new Promise((resolve) => i18next.on('languageChanged', resolve));
  speak('es');
  expect(await changed).toBe('es');
  expect(i18next.t('login.title')).toBe(es.login.title);
  expect(document.documentElement.lang).toBe('es');
});
