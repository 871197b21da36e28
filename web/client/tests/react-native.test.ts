// The core under React Native's Jest preset (tests/react-native), against the real gateway.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { Gateway, HEAD } from './gateway.js';

test('the core works in React Native', async () => {
  const folder = join(import.meta.dirname, 'react-native');
  const gateway = await Gateway.start();
  onTestFinished(() => gateway.end());
  const jest = join(folder, 'node_modules/jest/bin/jest.js');
  const outcome = await promisify(execFile)(
    process.execPath,
    [jest, '--config', join(folder, 'jest.config.js'), '--ci', '--runInBand', '--no-cache', '--forceExit'],
    { cwd: folder, env: { ...process.env, NODE_ENV: 'test', GATEWAY_URL: gateway.url, GATEWAY_TOKEN: HEAD } },
  ).catch((error: { stdout: string; stderr: string }) => error);
  expect(outcome.stderr).toMatch(/Tests: +4 passed, 4 total/);
}, 240_000);
