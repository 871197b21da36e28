// The examples of the README, as a stranger would copy them: compiled against the package as it is built, and those without
// React run against the real gateway.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { transform } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Gateway, HEAD, until } from './gateway.js';

const root = join(import.meta.dirname, '..');
/** Inside the package, so that its own name leads to what is built. */
const folder = join(root, 'dist/examples');

let gateway: Gateway;
const examples: Record<string, string[]> = { ts: [], tsx: [] };
const running: ChildProcess[] = [];

beforeAll(async () => {
  gateway = await Gateway.start();
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  for (const [, language, code] of readme.matchAll(/^```(tsx?)\n(.*?)^```$/gms)) examples[language as string]?.push(code as string);
  await mkdir(folder, { recursive: true });
});
afterEach(() => running.splice(0).forEach((child) => child.kill()));
afterAll(() => gateway.end());

test('every example compiles', async () => {
  const all = Object.entries(examples).flatMap(([language, codes]) => codes.map((code, at) => [`${at}.${language}`, code]));
  expect(all.length).toBe(5);
  for (const [name, code] of all) await writeFile(join(folder, name as string), code as string);
  const config = { extends: '../../tsconfig.json', include: ['*.ts', '*.tsx'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const outcome = await promisify(execFile)(process.execPath, [compiler, '-p', folder]).catch((error: { stdout: string }) => error);
  expect(outcome.stdout).toBe('');
});

/** Runs an example, and returns what it logs. */
async function run(at: number): Promise<string[]> {
  const code = (examples.ts?.[at] ?? '').replaceAll('http://localhost:3000', gateway.url).replaceAll('TOKEN', HEAD);
  const file = join(folder, `${at}.mjs`);
  await writeFile(file, (await transform(code, { loader: 'ts', format: 'esm' })).code);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const said: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  return said;
}

test('the example of connecting', async () => {
  const said = await run(0);
  await until('the state', () => said.some((line) => /^there are \d+ rooms$/.test(line)));
  await gateway.setRoom('room-1', 'occupied');
  await until('the event', () => said.includes('Exam Room 1 is occupied'));
  await gateway.kill();
  await until('the loss', () => said.includes('lost: the connection was lost'));
  await gateway.restart();
});

test('the example of a change', async () => {
  const said = await run(1);
  await until('it is done', () => said.includes('done: occupied'));
});

test('the example of the store', async () => {
  const said = await run(2);
  await until('the rooms', () => said.some((line) => /^it knows ([6-9]|\d\d) rooms$/.test(line)));
});
