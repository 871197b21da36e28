// Two people, one clinic: what one does or a sensor sees, the other sees, and what the gateway refuses goes back.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { launch, openAs } from './browser.mjs';
import { Gateway, SOON_MS } from './gateway.mjs';

let gateway, browser;
/** What the current test has opened. */
let opened = [];
before(async () => {
  gateway = await Gateway.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gateway?.end();
});
afterEach(async () => {
  for (const { context, watch } of opened.splice(0)) {
    watch.assertClean(gateway);
    await context.close();
  }
});

/** Pages of these people, at `path`. */
async function pagesOf(path, ...people) {
  const all = await Promise.all(people.map((who) => openAs(browser, gateway, who, path)));
  opened.push(...all);
  return all.map(({ page }) => page);
}

/** The tile that is named, or says, `text`. */
const tile = (page, text) => page.getByRole('article').filter({ hasText: text });
const roomAs = (page, name, status) =>
  page.getByRole('article', { name, exact: true }).locator(`[data-room-status=${status}]`);

/** A task for whoever of the staff is free; its description is its own. */
async function newTask(description) {
  const { task } = await gateway.ask('POST', '/api/tasks', { type: 'restock', description, room_id: 'room-5' });
  return task;
}

test('who enters a room is seen on every page at once', async () => {
  const pages = await pagesOf('/rooms', 'nurse', 'doctor');
  await Promise.all(pages.map((page) => roomAs(page, 'Exam Room 4', 'available').waitFor()));
  const began = performance.now();
  const shown = pages.map((page) => roomAs(page, 'Exam Room 4', 'occupied').waitFor());
  await gateway.see('room-4', true);
  await Promise.all(shown);
  const took_ms = performance.now() - began;
  // From the sensor's report to the last page. The goal is 1 s; three times that says no more than that it is live.
  console.log(`an occupied room on two pages: ${Math.round(took_ms)} ms (goal: 1000)`);
  assert.ok(took_ms < 3_000, `${took_ms} ms`);
});

test('whoever takes a task is named to the others', async () => {
  const [nurse, doctor] = await pagesOf('/tasks', 'nurse', 'doctor');
  await newTask('Fill the glove boxes');
  await tile(doctor, 'Fill the glove boxes').waitFor();
  await tile(nurse, 'Fill the glove boxes').getByRole('button', { name: 'Take', exact: true }).click();
  await tile(doctor, 'Fill the glove boxes').getByText('With Noor Nurse').waitFor();
  await tile(nurse, 'Fill the glove boxes').getByText('With you').waitFor();
});

test('what is refused because somebody was first goes back', async () => {
  const [nurse] = await pagesOf('/tasks', 'nurse');
  const task = await newTask('Sharpen the pencils');
  const card = tile(nurse, 'Sharpen the pencils');
  await card.getByText('With anybody of the staff').waitFor();
  // Only the revision that the request rests on is another; it is the gateway that refuses.
  let letPass = () => {};
  const gate = new Promise((resolve) => (letPass = () => resolve(undefined)));
  let status = 0;
  nurse.on('response', (answer) => {
    if (answer.url().endsWith(task.id) && answer.request().method() === 'PATCH') status = answer.status();
  });
  await nurse.route(`**/api/tasks/${task.id}`, async (route) => {
    const headers = await route.request().allHeaders();
    assert.match(headers['if-match'] ?? '', /\d/, 'a change rests on a revision');
    await gate;
    await route.continue({ headers: { ...headers, 'if-match': '"999999"' } });
  });
  await card.getByRole('button', { name: 'Take', exact: true }).click();
  await card.getByText('With you').waitFor();
  assert.equal(status, 0, 'it shows before the gateway has answered');
  letPass();
  await card.getByText('With anybody of the staff').waitFor();
  await nurse.getByText('somebody else was first').first().waitFor();
  assert.equal(status, 412);
  const now = await gateway.ask('GET', `/api/tasks/${task.id}`);
  assert.equal(now.task.assignee, 'staff', 'nothing has changed at the gateway');
});

test('a gateway that dies and comes back is told of, and nothing is missed', async () => {
  const pages = await pagesOf('/rooms', 'nurse', 'doctor');
  await Promise.all(pages.map((page) => roomAs(page, 'Exam Room 1', 'available').waitFor()));
  await gateway.kill();
  await Promise.all(pages.map((page) => page.locator('[data-stale-banner]').waitFor()));
  await Promise.all(pages.map((page) => page.locator('article[data-stale=true]').first().waitFor()));
  await gateway.restart();
  // While the pages still wait before they try again.
  const rooms = ['room-1', 'room-5', 'room-6'];
  for (const room of rooms) await gateway.ask('PUT', `/api/rooms/${room}/status`, { status: 'maintenance' });
  for (const room of rooms) await gateway.ask('PUT', `/api/rooms/${room}/status`, { status: 'occupied' });
  for (const page of pages) {
    await page.locator('[data-stale-banner]').waitFor({ state: 'detached', timeout: 3 * SOON_MS });
    const { rooms: truth } = await gateway.ask('GET', '/api/rooms');
    for (const { name, status } of truth) await roomAs(page, name, status).waitFor();
    assert.equal(await page.locator('article[data-stale=true]').count(), 0);
    assert.equal(await page.locator('input[name=password]').count(), 0, 'the session goes on');
  }
  for (const room of rooms) await gateway.ask('PUT', `/api/rooms/${room}/status`, { status: 'available' });
});

test('a revoked token and a closed account log out at once', async () => {
  const [nurse, doctor] = await pagesOf('/rooms', 'nurse', 'doctor');
  await Promise.all([nurse, doctor].map((page) => roomAs(page, 'Exam Room 1', 'available').waitFor()));
  const { tokens } = await gateway.ask('GET', '/api/tokens');
  const sessions = tokens.filter(({ user_id, kind }) => user_id === 'demo-doctor' && kind !== 'personal');
  assert.ok(sessions.length > 0, JSON.stringify(tokens));
  for (const { id } of sessions) await gateway.ask('DELETE', `/api/tokens/${id}`);
  await doctor.locator('input[name=password]').waitFor();
  await doctor.getByText('Your session has ended').waitFor();
  assert.equal(await nurse.locator('input[name=password]').count(), 0, 'nobody else is concerned');
  await gateway.ask('DELETE', '/api/users/demo-nurse');
  await nurse.locator('input[name=password]').waitFor();
  for (const page of [nurse, doctor]) {
    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    assert.doesNotMatch(kept, /token/, 'nothing of the session is left');
  }
});
