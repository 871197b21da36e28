// The page offers what the gateway allows: its table is that of docs/roles.md, which is made from the code.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { PAGES } from '../../src/routes';
import { meOf } from '../../src/session/me';
import { may, type Right, RIGHTS } from '../../src/session/rights';

const PAGE = join(import.meta.dirname, '../../../../docs/roles.md');

/** Who may do what, as the first table of the page says. */
function documented(): Map<string, string[]> {
  const section = readFileSync(PAGE, 'utf8').split('## Role and command')[1]?.split('\n## ')[0] ?? '';
  const [head = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  return new Map(rows.map(([command = '', ...cells]) => [command, head.slice(1).filter((_, at) => cells[at] === 'x')]));
}

it('knows the rights of the documented roles', () => {
  const machines = new Set(['device', 'agent', 'peer']);
  const table = documented();
  expect(table.size).toBeGreaterThan(9);
  for (const right of Object.keys(RIGHTS) as Right[]) {
    const people = table.get(right)?.filter((role) => !machines.has(role));
    expect([...RIGHTS[right]].sort(), right).toEqual(people?.sort());
  }
});

it('allows nothing to a role that it does not know', () => {
  expect(may('janitor', 'rooms')).toBe(false);
});

it('keeps a page below another one for those who have that one', () => {
  const nurse = meOf({ user: undefined, role: 'nurse' });
  const admin = meOf({ user: undefined, role: 'admin' });
  const refused = (me: typeof nurse) => PAGES.filter(({ isFor }) => isFor && !isFor(me)).map(({ path }) => path);
  expect(refused(nurse)).toEqual(['/my-rooms', '/endpoints', '/endpoints/:id', '/users', '/users/:id', '/audit', '/automation']);
  expect(refused(admin)).toEqual(['/my-rooms']);
});
