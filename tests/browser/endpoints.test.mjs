// Where events are forwarded: an admin adds an endpoint, sees what it does not take, and sends it again.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { launch, openAs } from './browser.mjs';
import { Gateway, SOON_MS } from './gateway.mjs';

/** Another system of the clinic: it keeps what it gets, and answers as it is told. */
class Receiver {
  status = 200;
  /** @type {{ headers: import('node:http').IncomingHttpHeaders, text: string, body: any }[]} */
  got = [];
  #waiting = new Set();
  #server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    this.got.push({ headers: request.headers, text, body: JSON.parse(text) });
    response.writeHead(this.status).end();
    for (const look of this.#waiting) look();
  });

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a server has a port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** The first message that `fits`, as soon as it is here. */
  has(fits) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not among: ${this.got.map(({ text }) => text).join('\n')}`)), SOON_MS);
      const look = () => {
        const found = this.got.find(fits);
        if (!found) return;
        clearTimeout(late);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let gateway, browser, url;
const receiver = new Receiver();
before(async () => {
  url = await receiver.listen();
  // A list within a section that the demo has already; only the environment can add to it.
  process.env.CARESYNC_CLAW__ALLOWED_HOSTS = '["127.0.0.1"]';
  const phones = `\n[[claw.endpoints]]\nid = "phones"\nkind = "ntfy"\nurl = "${url}/topic"\nenabled = false\n`;
  gateway = await Gateway.start({ more: phones });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gateway?.end();
  receiver.close();
});

/** Whether a message is signed with `secret`, as Standard Webhooks 1.0.0 says. */
function isSigned({ headers, text }, secret) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  return String(headers['webhook-signature']).split(' ').includes(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
}

/** Adds "emr" by the form, told of one room alone; the secret that the page shows once. */
async function addByForm(page) {
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  const form = page.getByRole('dialog', { name: 'A new endpoint' });
  await form.getByRole('textbox', { name: 'Name' }).fill('emr');
  await form.getByRole('textbox', { name: 'Address' }).fill('http://elsewhere.lan/hook');
  await form.getByRole('combobox', { name: 'Events' }).fill('room:up');
  await page.getByRole('option', { name: 'room:updated' }).click();
  await form.getByRole('combobox', { name: 'Rooms' }).fill('Exam Room 2');
  await page.getByRole('option', { name: 'Exam Room 2', exact: true }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Add an endpoint' }).click();
  await page.getByRole('status').filter({ hasText: 'claw.allowed_hosts' }).getByRole('button', { name: 'Close' }).click();
  await form.getByRole('textbox', { name: 'Address' }).fill(`${url}/hook`);
  await form.getByRole('button', { name: 'Add an endpoint' }).click();
  const told = page.getByRole('dialog', { name: 'The secret of emr' });
  // Neither of these takes away what cannot be read again.
  await told.locator('code:focus').waitFor();
  for (const key of ['Enter', 'Escape']) await page.keyboard.press(key);
  const secret = (await told.locator('code').textContent()) ?? '';
  await told.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('heading', { name: 'emr', level: 1 }).waitFor();
  return secret;
}

const setRoom = (status) => gateway.ask('PUT', '/api/rooms/room-2/status', { status });
const isRoom = (status, id = /:/) => ({ body, headers }) => body.data.status === status && id.test(String(headers['webhook-id']));

test('an endpoint is added, tested, refuses, is gone, is resumed, and gets what it missed', async () => {
  const { page, watch, context } = await openAs(browser, gateway, 'admin', '/endpoints');
  const secret = await addByForm(page);
  assert.match(secret, /^whsec_/);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.body.innerHTML, location.href]));
  assert.ok(!kept.includes(secret), 'the secret is shown once, and kept nowhere');

  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText(/Status 200, after/).waitFor();
  const ping = await receiver.has(({ body }) => body.type === 'test:ping');
  assert.ok(isSigned(ping, secret), 'the test is signed with the secret that was shown');

  const dead = page.getByRole('region', { name: 'Dead letters' });
  receiver.status = 400;
  await setRoom('occupied');
  const row = dead.getByRole('row').filter({ hasText: 'Status 400' });
  await row.waitFor();
  assert.match(await row.innerText(), /room:updated/);

  receiver.status = 410;
  await setRoom('maintenance');
  await page.getByText('It answered that it is gone for good (410).').waitFor();
  assert.ok(await row.getByRole('button').isDisabled(), 'nothing is sent again to what is stopped');

  receiver.status = 200;
  receiver.got.length = 0;
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  const late = await receiver.has(isRoom('maintenance'));
  assert.ok(isSigned(late, secret), 'it goes on where it stopped');
  await row.getByRole('button', { name: /^Send again: event \d+$/ }).click();
  const again = await receiver.has(isRoom('occupied', /^replay_/));
  assert.ok(again.body.replay_of && isSigned(again, secret), again.text);
  await dead.getByText('There are none.').waitFor();
  watch.assertClean(gateway);
  await context.close();
});

test('who changes what a colleague has changed meanwhile is told so; what is removed is gone', async () => {
  const { page, watch, context } = await openAs(browser, gateway, 'admin', '/endpoints/emr');
  await page.getByRole('button', { name: 'Change' }).click();
  const form = page.getByRole('dialog', { name: 'Change emr' });
  await form.getByRole('textbox', { name: 'Requests a second, at most' }).fill('7');
  await gateway.ask('PATCH', '/api/endpoints/emr', { rate_per_s: 9 });
  await form.getByText(/Somebody has changed this endpoint/).waitFor();
  assert.ok(await form.getByRole('button', { name: 'Save' }).isDisabled());
  await form.getByRole('button', { name: 'Cancel' }).click();
  const question = page.getByRole('dialog', { name: 'Remove emr?' });
  await page.getByRole('button', { name: 'Remove' }).click();
  await gateway.ask('PATCH', '/api/endpoints/emr', { rate_per_s: 11 });
  // The page has learnt of it, but who is asked has not.
  await page.locator('dd').filter({ hasText: /^11$/ }).waitFor();
  await question.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('status').filter({ hasText: 'Not done: somebody else was first' }).waitFor();
  assert.equal((await gateway.ask('GET', '/api/endpoints/emr')).endpoint.rate_per_s, 11, 'what was changed meanwhile is not removed');
  await question.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Remove' }).click();
  await question.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('link', { name: 'phones' }).waitFor();
  await page.getByRole('link', { name: 'emr' }).waitFor({ state: 'detached' });
  watch.assertClean(gateway);
  await context.close();
});

test('what the configuration names is shown, and not changed here', async () => {
  const { page, watch, context } = await openAs(browser, gateway, 'admin', '/endpoints');
  await page.getByRole('row').filter({ hasText: 'phones' }).getByText('Off', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'phones' }).click();
  await page.getByText(/stands in the configuration file/).waitFor();
  for (const name of ['Change', 'Remove', 'New secret', 'Resume']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
  watch.assertClean(gateway);
  await context.close();
});

test('nobody but admins is offered the page, and nothing of it is sent to others', async () => {
  const { page, context } = await openAs(browser, gateway, 'nurse', '/endpoints');
  await page.getByRole('heading', { level: 1, name: 'Not for this account' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Endpoints' }).count(), 0);
  assert.ok(!(await page.locator('body').innerText()).includes('phones'));
  await context.close();
});
