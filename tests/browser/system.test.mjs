// Whoever looks after the gateway: sees an alarm, says so, and ends a connection.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, openAs } from './browser.mjs';
import { Gateway, SOON_MS } from './gateway.mjs';

let gateway, browser;
before(async () => {
  gateway = await Gateway.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gateway?.end();
});

test('an alarm that one has seen says to the other who it was', async () => {
  const opened = await Promise.all([
    openAs(browser, gateway, 'nurse', '/'),
    openAs(browser, gateway, 'admin', '/system'),
  ]);
  const [nurse, admin] = opened.map(({ page }) => page);
  await gateway.publish('zigbee2mqtt/pir-4', '{"occupancy":false,"battery":3}');
  const alarmOn = (page) => page.getByRole('article', { name: /batter/i });
  await Promise.all([nurse, admin].map((page) => alarmOn(page).first().waitFor()));
  await alarmOn(nurse).first().getByRole('button', { name: 'I have seen this' }).click();
  await alarmOn(admin).first().getByText('Seen by Noor Nurse').waitFor();
  // What is seen does not need anybody any more.
  await alarmOn(nurse).waitFor({ state: 'detached' });
  for (const { watch, context } of opened) {
    watch.assertClean(gateway);
    await context.close();
  }
});

test('a connection that an admin ends says so, and does not come back by itself', async () => {
  const opened = await Promise.all([
    openAs(browser, gateway, 'nurse', '/rooms'),
    openAs(browser, gateway, 'admin', '/system'),
  ]);
  const [nurse, admin] = opened.map(({ page }) => page);
  await nurse.getByText('Live', { exact: true }).first().waitFor();
  const connections = async () => {
    const { connections } = await gateway.ask('GET', '/api/connections');
    return connections.map(({ user }) => user).sort();
  };
  const disconnect = admin.getByRole('button', { name: 'Noor Nurse: Disconnect' });
  // The list is asked for anew every ten seconds.
  await disconnect.waitFor({ timeout: 3 * SOON_MS });
  await disconnect.click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
  await nurse.getByText(/ended/i).first().waitFor();
  await disconnect.waitFor({ state: 'detached' });
  assert.deepEqual(await connections(), ['demo-admin'], 'the account of the nurse has no connection');
  for (const { watch, context } of opened) {
    watch.assertClean(gateway);
    await context.close();
  }
});
