// Every sentence is there in every language, and none is there for nothing.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import en from '../../src/i18n/en.json';
import es from '../../src/i18n/es.json';

const SOURCES = join(import.meta.dirname, '../../src');

/** Suffixes by which i18next tells numbers apart. */
const PLURAL = /_(zero|one|two|few|many|other)$/;

function keysOf(messages: object, prefix = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`),
  );
}

function textOf(messages: object, key: string): string {
  return key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], messages) as string;
}

/** The names of what is put into a text. */
const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

/** All sources as one text. */
function sources(folder = SOURCES): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((it) => {
      const path = join(folder, it.name);
      if (it.isDirectory()) return sources(path);
      return /\.tsx?$/.test(it.name) ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

describe('messages', () => {
  it('has the same keys in both languages', () => {
    expect(keysOf(es).sort()).toEqual(keysOf(en).sort());
  });

  it('puts the same things into the same sentences', () => {
    for (const key of keysOf(en)) expect(holes(textOf(es, key)), key).toEqual(holes(textOf(en, key)));
  });

  it('has no sentence that is empty, or was left in the other language', () => {
    // Words that both languages have.
    const same = new Set(['shell.schemes.auto', 'urgency.normal']);
    for (const key of keysOf(en).filter((it) => !it.startsWith('age.') && !same.has(it))) {
      expect(textOf(es, key).trim(), key).not.toBe('');
      expect(textOf(es, key), key).not.toBe(textOf(en, key));
    }
  });

  it('uses every key', () => {
    const text = sources();
    const exact = new Set([...text.matchAll(/['"`]([a-z_]+(?:\.[a-z_]+)+)['"`]/g)].map(([, key]) => key as string));
    // `room.status.${…}` uses everything below.
    const below = [...text.matchAll(/`([a-z_]+(?:\.[a-z_]+)*\.)\$\{/g)].map(([, prefix]) => prefix as string);
    const isUsed = (key: string) => {
      const name = key.replace(PLURAL, '');
      return exact.has(name) || below.some((prefix) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'));
    };
    expect(keysOf(en).filter((key) => !isUsed(key))).toEqual([]);
  });
});
