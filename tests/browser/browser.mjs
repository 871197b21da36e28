// Debian's Chromium, and pages in it that are watched: what leaves the box, what a policy forbids, what fails.

import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

import { PASSWORD, SOON_MS } from './gateway.mjs';

/** Asks nobody anything: not its maker, and no name but the gateway's. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** Starts it without a window. */
export function launch() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET, timeout: 3 * SOON_MS });
}

/** What was noticed on the pages of one context. */
export class Watch {
  /** Every address that was asked for, WebSockets too. */
  asked = [];
  /** What the policy forbade. */
  violations = [];
  /** Exceptions that nobody caught. */
  thrown = [];
  /** What the console shows as an error. */
  errors = [];

  /** Follows all pages of `context` from here on. */
  async follow(context) {
    context.on('request', (request) => this.asked.push(request.url()));
    context.on('page', (page) => {
      page.on('websocket', (socket) => this.asked.push(socket.url()));
      page.on('pageerror', (error) => this.thrown.push(String(error.stack ?? error)));
      page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
    });
    await context.exposeBinding('noteViolation', (_, text) => this.violations.push(text));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        // @ts-expect-error: the binding above
        window.noteViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    return this;
  }

  /** Addresses that are not of the gateway at `url`. */
  foreign(url) {
    const { host } = new URL(url);
    return this.asked.filter((address) => !address.startsWith('data:') && new URL(address).host !== host);
  }

  /** Nothing left the box, nothing was forbidden, and nothing was thrown. */
  assertClean(gateway) {
    assert.deepEqual(this.foreign(gateway.url), [], 'addresses that are not of the gateway');
    assert.deepEqual(this.violations, [], 'the policy forbids something that the page does');
    assert.deepEqual(this.thrown, [], 'exceptions of the page');
  }
}

/** A context of its own, as another person's browser, with a page at `path`. */
export async function open(browser, gateway, path = '/', options = {}) {
  const context = await browser.newContext({ baseURL: gateway.url, locale: 'en-US', ...options });
  context.setDefaultTimeout(SOON_MS);
  const watch = await new Watch().follow(context);
  const page = await context.newPage();
  await page.goto(path);
  return { context, page, watch };
}

/** Logs in as `who` on the page that asks for it. */
export async function enter(page, who) {
  await page.locator('input[name=email]').fill(`${who}@demo.local`);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=password]').waitFor({ state: 'detached' });
}

/** A page of `who`, logged in, at `path`. */
export async function openAs(browser, gateway, who, path = '/', options = {}) {
  const opened = await open(browser, gateway, path, options);
  await enter(opened.page, who);
  return opened;
}
