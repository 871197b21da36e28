// For everybody: no serious violation that axe knows, everything by keyboard, dark and light, in Spanish too.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { launch, open, openAs } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let gateway, browser;
before(async () => {
  gateway = await Gateway.start();
  browser = await launch();
  await gateway.ask('POST', '/api/tasks', { type: 'restock', description: 'Fill the glove boxes', room_id: 'room-5' });
  await gateway.ask('POST', '/api/actions', {
    title: 'The lift stands still',
    description: 'Somebody has to call.',
    urgency: 'urgent',
    room_id: 'room-5',
  });
});
after(async () => {
  await browser?.close();
  await gateway?.end();
});

/** What axe calls serious or worse on a page, each with where it is. */
async function serious(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    // @ts-expect-error: axe is there now
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html.slice(0, 200)) }));
  });
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

/** Waits until the page shows what it has. */
async function settled(page) {
  await page.locator('h1').first().waitFor().catch(() => assert.fail(`${page.url()} has no heading`));
  await page.waitForLoadState('networkidle');
  // Transitions of colour would be measured halfway.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
}

/** The address of every page that this person's menu leads to. */
const pagesOf = async (page) => {
  await page.getByRole('navigation').first().waitFor();
  const all = await page.evaluate(() =>
    [...document.querySelectorAll('nav a')].map((a) => (/** @type {HTMLAnchorElement} */ (a).pathname)),
  );
  return [...new Set(all)];
};

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`axe finds nothing serious on any page, ${colorScheme}`, async () => {
    const still = { colorScheme, reducedMotion: /** @type {const} */ ('reduce') };
    const first = await open(browser, gateway, '/', still);
    await settled(first.page);
    assert.deepEqual(await serious(first.page), [], 'the login');
    await first.context.close();
    const { page, context, watch } = await openAs(browser, gateway, 'admin', '/', still);
    const paths = await pagesOf(page);
    assert.ok(paths.length >= 5, paths.join(' '));
    const { tasks } = await gateway.ask('GET', '/api/tasks');
    const found = {};
    for (const path of [...paths, '/rooms/room-5', `/tasks/${tasks[0].id}`, '/no-such-page']) {
      await page.goto(path);
      await settled(page);
      const violations = await serious(page);
      if (violations.length > 0) found[path] = violations;
    }
    assert.deepEqual(found, {}, JSON.stringify(found, undefined, 1));
    watch.assertClean(gateway);
    await context.close();
  });
}

test('a narrow screen is not scrolled sideways, and axe finds nothing serious there', async () => {
  const { page, context } = await openAs(browser, gateway, 'doctor', '/', {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    reducedMotion: 'reduce',
  });
  for (const path of await pagesOf(page)) {
    await page.goto(path);
    await settled(page);
    const over_px = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over_px <= 0, `${path} is ${over_px} px too wide`);
    assert.deepEqual(await serious(page), [], path);
  }
  await context.close();
});

test('the dashboard can be worked by keyboard alone', async () => {
  const { page, context } = await open(browser, gateway, '/rooms');
  await page.getByRole('textbox', { name: 'Email' }).waitFor();
  await page.keyboard.type('nurse@demo.local');
  await page.keyboard.press('Tab');
  await page.keyboard.type('demo-caresync');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'Exam Room 1', exact: true }).waitFor();
  await page.evaluate(() => (/** @type {HTMLElement} */ (document.activeElement)?.blur()));
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /Skip to the content/);
  await page.keyboard.press('Enter');
  for (let presses = 0; !/^Exam Room 1: Occupied/.test(await focused(page)); presses++) {
    assert.ok(presses < 60, 'the button is reached');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement ?? document.body);
      return { isSeen: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' };
    });
    assert.ok(outline.isSeen, `the focus is seen on ${await focused(page)}`);
  }
  await page.keyboard.press('Enter');
  // It shows at once, and is confirmed when the gateway has answered.
  await page.locator('article[aria-label="Exam Room 1"][aria-busy=false] [data-room-status=occupied]').waitFor();
  const { room } = await gateway.ask('GET', '/api/rooms/room-1');
  assert.equal(room.status, 'occupied', 'the gateway has heard of it');
  await context.close();
});

/** What has the focus, by its name. */
const focused = (page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

test('a browser that speaks Spanish gets Spanish, and says so to screen readers', async () => {
  const { page, context, watch } = await openAs(browser, gateway, 'nurse', '/rooms', { locale: 'es-ES' });
  await page.getByText('Exam Room 1').first().waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  const said = await page.locator('body').innerText();
  for (const english of ['Rooms', 'Tasks', 'Occupied', 'Available', 'Live']) {
    assert.ok(!new RegExp(`^${english}$`, 'm').test(said), `"${english}" in:\n${said}`);
  }
  watch.assertClean(gateway);
  await context.close();
});
