// Takes the pictures of docs/screenshots from the demo, with the clinic in the middle of its day. Run by scripts/screenshots.

import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { launch, openAs } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const folder = join(import.meta.dirname, '../../docs/screenshots');
/** A picture is in the repository for ever. */
const BYTES_MAX = 150_000;

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/**
 * Name, who looks at it, where, and on what.
 *
 * @type {[name: string, who: string, path: string, screen: object][]}
 */
const PICTURES = [
  ['needs-you', 'nurse', '/', DESKTOP],
  ['rooms', 'nurse', '/rooms', DESKTOP],
  ['rooms-dark', 'nurse', '/rooms', { ...DESKTOP, colorScheme: 'dark' }],
  ['tasks', 'doctor', '/tasks', DESKTOP],
  ['my-rooms-phone', 'doctor', '/my-rooms', PHONE],
];

/** A clinic in the middle of its day. */
async function live(gateway) {
  const status = (room, said, who = 'nurse') => gateway.ask('PUT', `/api/rooms/${room}/status`, said, who);
  await gateway.see('room-4', true);
  await status('room-1', { status: 'occupied', current_doctor_id: 'doc-001' }, 'doctor');
  await status('room-5', { status: 'needs_cleaning' });
  await status('room-6', { status: 'maintenance' });
  await gateway.ask('PUT', '/api/equipment/eq-3/status', { status: 'offline' });
  const made = await gateway.ask('POST', '/api/tasks', {
    type: 'room_cleaning',
    description: 'Clean Treatment Room 1 before the next patient',
    room_id: 'room-5',
    priority: 'urgent',
  });
  await gateway.ask('PATCH', `/api/tasks/${made.task.id}`, { assignee: 'demo-nurse', status: 'in_progress' }, 'nurse');
  await gateway.ask('POST', '/api/tasks', { type: 'restock', description: 'Fill the glove boxes', room_id: 'room-1' });
}

const gateway = await Gateway.start();
const browser = await launch();
try {
  await mkdir(folder, { recursive: true });
  await live(gateway);
  for (const [name, who, path, screen] of PICTURES) {
    const { page, context } = await openAs(browser, gateway, who, path, { ...screen, reducedMotion: 'reduce' });
    await page.locator('h1').first().waitFor();
    await page.waitForLoadState('networkidle');
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    const { size } = await stat(file);
    console.log(`${name}.png: ${Math.round(size / 1_000)} kB`);
    if (size > BYTES_MAX) throw new Error(`${name}.png is too large for the repository`);
    await context.close();
  }
} finally {
  await browser.close();
  await gateway.end();
}
