// What the core promises of itself: its size, when it comes back, types that are those of the documents.

import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { expect, test, vi } from 'vitest';

import { backoffMs } from '../src/core/backoff.js';
import { Emitter } from '../src/core/emitter.js';

/** 8 KiB of gzip: what a tablet on a slow link loads before it shows anything. */
const CORE_BYTES_MAX = 8 * 1024;

async function bundled(entry: string): Promise<Uint8Array> {
  const made = await build({
    entryPoints: [new URL(`../src/${entry}`, import.meta.url).pathname],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    // The core may not even name a package.
    packages: 'bundle',
    plugins: [
      {
        name: 'no-packages',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' ? undefined : { errors: [{ text: `${path} is no part of the core` }] },
          ),
      },
    ],
  });
  return (made.outputFiles[0] as { contents: Uint8Array }).contents;
}

test('the core needs no package, and is at most 8 KiB', async () => {
  const bytes = gzipSync(await bundled('index.ts'), { level: 9 }).length;
  expect(bytes).toBeLessThanOrEqual(CORE_BYTES_MAX);
  await expect(bundled('store/index.ts')).rejects.toThrow('zustand');
});

test.each(['openapi.ts', 'frames.ts'] as const)('%s is made from the documents as they are', async (name) => {
  const { generate } = (await import('../scripts/generate.mjs' as string)) as {
    generate(): Promise<Record<string, string>>;
  };
  const written = await readFile(new URL(`../src/generated/${name}`, import.meta.url), 'utf8');
  // Compared as a whole, told in a sentence.
  expect(written === (await generate())[name], 'stale: run `npm run generate` in web/client').toBe(true);
});

test('the client comes back after a random part of 1 s, then 2 s, up to 30 s, for ever', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 1_000_000].map((failures) => backoffMs(failures, () => 1));
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(backoffMs(5, () => 0)).toBe(0);
});

test('a handler that throws disturbs no other one, and is heard of', () => {
  vi.useFakeTimers();
  const emitter = new Emitter();
  const heard: string[] = [];
  emitter.on('*', () => {
    throw new Error('a fault of the application');
  });
  emitter.on('*', (event: { type: string }) => heard.push(event.type));
  emitter.emit({ type: 'connected' });
  expect(heard).toEqual(['connected']);
  expect(() => vi.runAllTimers()).toThrow('a fault of the application');
  vi.useRealTimers();
});
