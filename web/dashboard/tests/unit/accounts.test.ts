// Accounts: who is found, what an edit sends, and what is said before the gateway refuses it.

import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';

import { isId } from '../../src/admin/rules';
import { changesOf, emailFault, found, isLastAdmin, nameFault, passwordFault, sessionsOf, type Token, writtenOf } from '../../src/pages/users/accounts';
import { type Key, oldSecretEnd } from '../../src/pages/users/keys';
import { addressOfScreen } from '../../src/pages/users/NewScreen';
import type { User } from '../../src/session/session';

const user = (id: string, more: Partial<User> = {}): User => ({
  id,
  email: `${id}@clinic.example`,
  name: id,
  role: 'nurse',
  doctor_id: null,
  manages: [],
  disabled_at: null,
  created_at: '2026-02-06T14:30:00Z',
  revision: 3,
  ...more,
});

/** The key alone is looked at. */
const t = ((key: string) => key) as unknown as TFunction;

describe('an edit', () => {
  const before = writtenOf(user('noor', { doctor_id: 'doc-1', manages: ['doc-1', 'doc-2'] }));

  it('sends what is changed, and nothing else', () => {
    expect(changesOf(before, { ...before, role: 'viewer' })).toEqual({ role: 'viewer' });
    expect(changesOf(before, { ...before, name: 'Noor B.' })).toEqual({ name: 'Noor B.' });
  });

  it('takes the doctor away with null: an absent field would leave it', () => {
    expect(changesOf(before, { ...before, doctor_id: '' })).toEqual({ doctor_id: null });
    expect(changesOf(before, { ...before, manages: [] })).toEqual({ manages: [] });
  });

  it('is none where only spaces, capitals or an order differ', () => {
    const same = { ...before, name: ' noor ', email: 'NOOR@clinic.example ', manages: ['doc-2', 'doc-1'] };
    expect(changesOf(before, same)).toEqual({});
  });
});

describe('the last admin', () => {
  const admin = user('ada', { role: 'admin' });

  it('is the only open one', () => {
    const closed = user('old', { role: 'admin', disabled_at: '2026-01-01T00:00:00Z' });
    expect(isLastAdmin(admin, [admin, closed, user('noor')])).toBe(true);
    expect(isLastAdmin(admin, [admin, user('eve', { role: 'admin' })])).toBe(false);
  });

  it('is nobody who is closed, or no admin', () => {
    expect(isLastAdmin(user('noor'), [user('noor')])).toBe(false);
    expect(isLastAdmin(user('old', { role: 'admin', disabled_at: '2026-01-01T00:00:00Z' }), [])).toBe(false);
  });
});

describe('a search', () => {
  const all = [user('z', { name: 'Zoe' }), user('l', { name: 'Lucía Herrera' }), user('gone', { name: 'Ann', disabled_at: '2026-01-01T00:00:00Z' })];
  const names = (shown: User[]) => shown.map(({ name }) => name);

  it('shows those of one standing, by name', () => {
    expect(names(found(all, 'open', ''))).toEqual(['Lucía Herrera', 'Zoe']);
    expect(names(found(all, 'closed', ''))).toEqual(['Ann']);
    expect(names(found(all, 'all', ''))).toEqual(['Ann', 'Lucía Herrera', 'Zoe']);
  });

  it('minds neither accents nor capitals, and looks at addresses too', () => {
    expect(names(found(all, 'open', ' LUCIA'))).toEqual(['Lucía Herrera']);
    expect(names(found(all, 'open', 'z@clinic'))).toEqual(['Zoe']);
  });
});

describe('what is typed', () => {
  it('has a password of ten letters, each counted once', () => {
    expect(passwordFault(t, '123456789')).toBe('users.fault.short');
    expect(passwordFault(t, '1234567890')).toBeNull();
    expect(passwordFault(t, '😀'.repeat(9))).toBe('users.fault.short');
    expect(passwordFault(t, 'é'.repeat(129))).toBe('users.fault.too_long');
  });

  it('has a name, and an address', () => {
    expect([nameFault(t, '  '), nameFault(t, 'Noor'), nameFault(t, 'é'.repeat(65))]).toEqual(['users.fault.empty', null, 'users.fault.too_long']);
    expect(['noor@clinic', ' noor@clinic.example '].map((it) => emailFault(t, it))).toEqual([null, null]);
    expect(['noor', 'a@b@c', 'a b@c', '@c'].map((it) => emailFault(t, it))).toEqual(Array(4).fill('users.fault.email'));
  });

  it('names a machine so that the gateway takes it', () => {
    expect(['opencv', 'door.2:left', '', 'a b', 'ñ', 'x'.repeat(97)].map(isId)).toEqual([true, true, false, false, false, false]);
  });
});

describe('tokens and keys', () => {
  it('puts the newest session of one person first', () => {
    const token = (id: string, user_id: string | null, created_at: string): Token => ({ id, kind: 'user', user_id, created_at });
    const all = [token('a', 'noor', '2026-02-06T10:00:00Z'), token('b', 'ada', '2026-02-06T12:00:00Z'), token('c', 'noor', '2026-02-06T11:00:00Z')];
    expect(sessionsOf(all, 'noor').map(({ id }) => id)).toEqual(['c', 'a']);
  });

  it('puts the token of a screen behind the sign that is sent to nobody', () => {
    expect(addressOfScreen('https://gateway.local', 'csk_a+b')).toBe('https://gateway.local/kiosk#token=csk_a%2Bb');
  });

  it('tells when the last of the old secrets ends', () => {
    const key: Key = { id: 'opencv', role: 'device', scopes: ['observe'], kept_in: 'store', old_secrets_end_at: ['2026-02-07T00:00:00Z', '2026-02-08T00:00:00Z'] };
    expect(oldSecretEnd(key)).toBe('2026-02-08T00:00:00Z');
    expect(oldSecretEnd({ ...key, old_secrets_end_at: [] })).toBeUndefined();
  });
});
