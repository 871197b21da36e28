// A gateway that hangs without a word: every tile says that it cannot be trusted, and how old it is, by the gateway's time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { enter, launch, open } from './browser.mjs';
import { Gateway, SOON_MS } from './gateway.mjs';

/** Everything is marked this soon after the gateway was heard last. */
const MARKED_MS = 25_000;
const HOUR_MS = 3_600_000;

let gateway, browser;
before(async () => {
  gateway = await Gateway.start();
  browser = await launch();
});
after(async () => {
  gateway?.thaw();
  await browser?.close();
  await gateway?.end();
});

/** A page whose clock is wrong by so much. Only the date is: what measures how long something takes goes on. */
async function pageAt(offset_ms) {
  const opened = await open(browser, gateway);
  await opened.context.addInitScript((offset_ms) => {
    const Right = Date;
    // @ts-expect-error: as much of a Date as a page uses
    globalThis.Date = class extends Right {
      constructor(...given) {
        // @ts-expect-error: passed on as they came
        super(...(given.length > 0 ? given : [Right.now() + offset_ms]));
      }
      static now() {
        return Right.now() + offset_ms;
      }
    };
  }, offset_ms);
  await opened.page.goto('/rooms');
  await enter(opened.page, 'nurse');
  const now_ms = await opened.page.evaluate(() => Date.now());
  assert.ok(Math.abs(now_ms - Date.now() - offset_ms) < 60_000, 'the clock is wrong');
  await opened.page.getByRole('article').first().waitFor();
  return opened;
}

const marks = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('article')].map((tile) => ({
      name: tile.getAttribute('aria-label'),
      isStale: tile.dataset.stale === 'true',
      says: tile.querySelector('[data-stale-mark]')?.textContent ?? '',
    })),
  );

test('every tile of a gateway that hangs is marked with its age within 25 s, whatever the clock says', async () => {
  const opened = [await pageAt(HOUR_MS), await pageAt(-HOUR_MS)];
  for (const { page } of opened) {
    const fresh = await marks(page);
    assert.ok(fresh.length >= 5 && fresh.every(({ isStale, says }) => !isStale && says === ''), JSON.stringify(fresh));
  }
  gateway.freeze();
  const frozen = performance.now();
  await Promise.all(
    opened.map(async ({ page }) => {
      await page.waitForFunction(
        () => [...document.querySelectorAll('article')].every((tile) => tile.dataset.stale === 'true'),
        undefined,
        { timeout: MARKED_MS, polling: 200 },
      );
      const took_s = (performance.now() - frozen) / 1_000;
      console.log(`a gateway that hangs is marked after ${took_s.toFixed(1)} s (goal: 25)`);
      const stale = await marks(page);
      for (const { says } of stale) {
        const [, age] = /As of (\d+) s ago/.exec(says) ?? assert.fail(JSON.stringify(stale));
        assert.ok(Math.abs(Number(age) - took_s) <= 12, `${says} after ${took_s} s`);
      }
      await page.locator('[data-stale-banner]').waitFor();
    }),
  );
  // It counts on.
  const [{ page }] = opened;
  const before = (await marks(page))[0].says;
  await page.waitForFunction((before) => document.querySelector('[data-stale-mark]')?.textContent !== before, before);
  gateway.thaw();
  for (const { page, watch, context } of opened) {
    await page.locator('[data-stale-banner]').waitFor({ state: 'detached', timeout: 3 * SOON_MS });
    assert.ok((await marks(page)).every(({ isStale }) => !isStale), 'it is heard again');
    watch.assertClean(gateway);
    await context.close();
  }
});
