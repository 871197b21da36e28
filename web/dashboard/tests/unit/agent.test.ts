// What the agent did lately, and how the parts of the gateway are told apart.

import type { Action, Task } from '@caresync/client';
import { describe, expect, it } from 'vitest';

import { partsOf, toneOfPart } from '../../src/admin/health';
import { RECENT_MAX, recentWork } from '../../src/pages/agent/recent';

const task = (id: string, minute: number, more: Partial<Task> = {}) =>
  ({ id, created_by: 'agent claw', status: 'pending', start_time: at(minute), ...more }) as Task;
const action = (id: string, minute: number, more: Partial<Action> = {}) =>
  ({ id, created_by: 'agent claw', created_at: at(minute), ...more }) as Action;
const at = (minute: number) => `2026-02-06T14:${String(minute).padStart(2, '0')}:00Z`;
const idsOf = (work: ReturnType<typeof recentWork>) => work.map(({ it: { id } }) => id);

describe('recent work', () => {
  it('has tasks and items together, the newest first', () => {
    expect(idsOf(recentWork([task('t1', 1), task('t3', 3)], [action('a2', 2)]))).toEqual(['t3', 'a2', 't1']);
  });

  it('leaves out what people and other machines made', () => {
    const others = ['demo-nurse', 'the gateway', 'agents-friend'].map((created_by, n) => task(created_by, n, { created_by }));
    expect(idsOf(recentWork([...others, task('mine', 9)], [action('hers', 8, { created_by: 'demo-nurse' })]))).toEqual(['mine']);
  });

  it('leaves proposals to those who decide', () => {
    expect(idsOf(recentWork([task('asked', 2, { status: 'proposed' }), task('done', 1)], []))).toEqual(['done']);
  });

  it('ends somewhere, and drops the oldest', () => {
    const many = Array.from({ length: RECENT_MAX + 1 }, (_, n) => task(`t${n}`, n));
    const kept = idsOf(recentWork(many, []));
    expect(kept).toHaveLength(RECENT_MAX);
    expect(kept).not.toContain('t0');
  });
});

describe('parts of the gateway', () => {
  it('puts what needs somebody first', () => {
    const components = { mqtt: { status: 'ok' }, agent: { status: 'ok' }, ledger: { status: 'unavailable' } };
    expect(partsOf({ status: 'degraded', components }).map(([name]) => name)).toEqual(['ledger', 'agent', 'mqtt']);
  });

  it('takes no unknown word for good news', () => {
    expect(['ok', 'degraded', 'unavailable', 'brewing'].map(toneOfPart)).toEqual(['good', 'attention', 'danger', 'unknown']);
  });
});
