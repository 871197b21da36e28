// Who may come in: an admin adds somebody, hangs up a screen, and closes the account again, all by the pages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, open, openAs } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const EMAIL = 'robin@demo.local';
const SECRET = 'a-password-of-robin';

let gateway, browser, admin;
before(async () => {
  gateway = await Gateway.start();
  browser = await launch();
  admin = await openAs(browser, gateway, 'admin', '/users');
});
after(async () => {
  await browser?.close();
  await gateway?.end();
});

const dialog = (page) => page.getByRole('dialog');
/** The pages that somebody's menu leads to. */
const menu = (page) => page.getByRole('navigation', { name: 'Pages', exact: true });
/** An entry of the trail, by what it says of the act and what it was about. */
const entry = (page, act, about) => page.getByRole('row').filter({ hasText: act }).filter({ hasText: about });

/** Logs somebody in who is none of the demo's people. */
async function logIn(page, email, password) {
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
}

let robin;

test('an admin adds an account, and the person gets in and finds no page of admins', async () => {
  const { page } = admin;
  await page.getByRole('button', { name: 'Add an account' }).click();
  const form = dialog(page);
  await form.getByRole('textbox', { name: 'Name' }).fill('Robin Nurse');
  await form.getByRole('textbox', { name: 'Email' }).fill(EMAIL);
  await form.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Nurse' });
  await form.getByLabel('First password').fill('too-short');
  await form.getByRole('button', { name: 'Add an account' }).click();
  await form.getByText('At least 10 characters.', { exact: true }).waitFor();
  await form.getByLabel('First password').fill(SECRET);
  await form.getByRole('button', { name: 'Add an account' }).click();
  await page.getByRole('link', { name: 'Robin Nurse' }).waitFor();
  robin = await open(browser, gateway, '/');
  await logIn(robin.page, EMAIL, SECRET);
  await menu(robin.page).getByRole('link', { name: 'Rooms', exact: true }).waitFor();
  for (const name of ['People and access', 'Audit']) assert.equal(await menu(robin.page).getByRole('link', { name }).count(), 0, name);
  // Whoever knows the address gets no further.
  for (const path of ['/users', '/users/demo-admin', '/audit']) {
    await robin.page.goto(path);
    await robin.page.getByRole('heading', { level: 1, name: 'Not for this account' }).waitFor();
    assert.equal(await robin.page.getByText('admin@demo.local').count(), 0, path);
    assert.equal(await robin.page.getByRole('button', { name: 'Add an account' }).count(), 0, path);
  }
});

test('an edit that rests on what is no more is refused, and told', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: 'Robin Nurse' }).click();
  await page.getByRole('heading', { level: 1, name: 'Robin Nurse' }).waitFor();
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  await gateway.ask('PATCH', `/api/users/${id}`, { role: 'medical_assistant' });
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Robin N.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('somebody else was first').first().waitFor();
  await page.getByRole('button', { name: 'Show how it is now' }).click();
  assert.equal(await name.inputValue(), 'Robin Nurse');
  await name.fill('Robin N.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Robin N.' }).waitFor();
  const { user } = await gateway.ask('GET', `/api/users/${id}`);
  assert.deepEqual([user.name, user.role], ['Robin N.', 'medical_assistant'], 'what somebody else has changed stays');
});

test('a wall screen shows the rooms by the address that is told once', async () => {
  const { page } = admin;
  await page.goto('/users');
  await page.getByRole('button', { name: 'New wall screen' }).click();
  await dialog(page).getByRole('textbox', { name: 'Where it hangs' }).fill('Corridor');
  await dialog(page).getByRole('button', { name: 'Make its address' }).click();
  const told = dialog(page).locator('code');
  await told.waitFor();
  const address = new URL((await told.textContent()) ?? '');
  assert.match(address.pathname + address.hash, /^\/kiosk#token=csk_\w+/);
  await dialog(page).getByRole('button', { name: 'I have kept it' }).click();
  await told.waitFor({ state: 'detached' });
  const secret = address.hash.slice('#token='.length);
  assert.ok(!(await page.content()).includes(secret), 'the secret is not in the page any more');
  await page.getByRole('cell', { name: 'Corridor', exact: true }).waitFor();
  const wall = await open(browser, gateway, address.pathname + address.hash);
  await wall.page.getByRole('article', { name: 'Exam Room 1', exact: true }).waitFor();
  assert.equal(new URL(wall.page.url()).pathname + new URL(wall.page.url()).hash, '/kiosk/rooms');
  wall.watch.assertClean(gateway);
  await wall.context.close();
});

test('a closed account is logged out at once', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: 'Robin N.' }).click();
  await page.getByRole('button', { name: 'Close the account' }).click();
  await dialog(page).getByRole('button', { name: 'Close the account' }).click();
  await robin.page.getByText('Your session has ended').waitFor();
  await page.getByRole('button', { name: 'Open the account again' }).waitFor();
  await logIn(robin.page, EMAIL, SECRET);
  await robin.page.getByText('The email or the password is wrong').waitFor();
  await robin.context.close();
});

test('the last open account of an admin says why it stays', async () => {
  const { page } = admin;
  await page.goto('/users/demo-admin');
  await page.getByText('This is the last open account of an administrator').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Close the account' }).count(), 0);
  assert.ok(await page.getByRole('combobox', { name: 'Role' }).isDisabled());
});

test('the trail has all of it, by name', async () => {
  const { page, watch } = admin;
  await page.goto('/users');
  const find = page.getByRole('searchbox');
  await page.getByText('All', { exact: true }).click();
  await find.pressSequentially('robin n.');
  assert.equal(await find.inputValue(), 'robin n.', 'no letter is lost');
  await page.getByRole('link', { name: 'Robin N.' }).waitFor();
  await page.waitForURL(/show=all&find=robin/);
  await page.goto('/audit');
  await entry(page, 'Add an account', 'Robin N.').waitFor();
  await entry(page, 'Change an account', 'Robin N.').first().waitFor();
  await entry(page, 'Log in', 'Robin N.').filter({ hasText: 'Wrong email or password' }).waitFor();
  await entry(page, 'Begin a session or screen', 'Corridor').waitFor();
  const closed = entry(page, 'Close an account', 'Robin N.');
  await closed.getByText('Alex Admin').waitFor();
  await closed.getByText('Done').waitFor();
  watch.assertClean(gateway);
});
