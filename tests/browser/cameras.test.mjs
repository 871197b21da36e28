// Who enters a room in front of a camera: on every page within a second of the event.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { launch, openAs } from './browser.mjs';
import { Gateway, SOON_MS } from './gateway.mjs';

/** The clip's first person is there for 21 s, the drawn room waits longer for its first; the rest is for a busy machine. */
const ENTERS_MS = 120_000;

let gateway, browser;
before(async () => {
  gateway = await Gateway.start({ cameras: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gateway?.end();
});

/**
 * Whether a person detector looks at the clip: the footage is there, and the gateway was built with OpenCV. A camera that
 * has not judged its first frame yet has no method.
 */
async function isClipWatched() {
  const has_clip = existsSync(join(process.env.CARESYNC_ASSETS ?? '', 'one-by-one-person-detection.mp4'));
  const until_ms = Date.now() + SOON_MS;
  do {
    const { components } = await gateway.ask('GET', '/api/health');
    const clip = components.cameras.items.find(({ id }) => id === 'cam-1');
    if (clip?.method) return clip.method === 'model';
    await delay(100);
  } while (has_clip && Date.now() < until_ms);
  assert.ok(process.env.CI !== 'true' || !has_clip, 'the clip is there, and is not watched');
  return false;
}

/** Waits until both pages show that this room is occupied, and asserts that it was soon after the event. */
async function entered(room, name, pages) {
  const shown = pages.map(async (page) => {
    const tile = page.getByRole('article', { name, exact: true });
    await tile.locator('[data-room-status=occupied]').waitFor({ timeout: ENTERS_MS });
    return Date.now();
  });
  const last_ms = Math.max(...(await Promise.all(shown)));
  const { room: now } = await gateway.ask('GET', `/api/rooms/${room}`);
  const took_ms = last_ms - Date.parse(now.since);
  // The same machine's clock at both ends. The goal is 1 s; three times that says no more than that it is live.
  console.log(`${now.occupancy.why}: on two pages after ${took_ms} ms (goal: 1000)`);
  assert.ok(took_ms >= 0 && took_ms < 3_000, `${took_ms} ms`);
}

test('whoever a camera sees is on both pages within a second', async (t) => {
  const opened = await Promise.all(['nurse', 'doctor'].map((who) => openAs(browser, gateway, who, '/rooms')));
  const pages = opened.map(({ page }) => page);
  const rooms = [entered('room-3', 'Exam Room 3', pages)];
  if (await isClipWatched()) rooms.push(entered('room-2', 'Exam Room 2', pages));
  else t.diagnostic('SKIPPED: the clip; it takes the footage (make assets) and OpenCV');
  await Promise.all(rooms);
  for (const { watch, context } of opened) {
    watch.assertClean(gateway);
    await context.close();
  }
});
