// Accounts: which of them are shown, what may be written in one, and what an edit changes.

import type { components } from '@caresync/client';
import type { TFunction } from 'i18next';

import { isSameSet } from '../../admin/rules';
import type { User } from '../../session/session';

/** A bearer token, without its secret. */
export type Token = components['schemas']['Token'];

/** What a person can be in the clinic, from the widest to the narrowest. */
export const PERSON_ROLES = ['admin', 'head_doctor', 'doctor', 'nurse', 'medical_assistant', 'operator', 'viewer'] as const;

/** One of them. */
export type PersonRole = (typeof PERSON_ROLES)[number];

/** The gateway's own limits: what is over them is said before it is sent. */
export const PASSWORD_CHARS_MIN = 10;
const PASSWORD_BYTES_MAX = 256;
const NAME_BYTES_MAX = 128;
/** So many doctors an account can work for. */
export const MANAGED_MAX = 64;

/** What is written about an account, as the fields of a form hold it. */
export interface Written {
  name: string;
  email: string;
  role: PersonRole;
  /** Empty for nobody. */
  doctor_id: string;
  manages: string[];
}

/** An account as the fields of a form hold it. */
export function writtenOf({ name, email, role, doctor_id, manages }: User): Written {
  return { name, email, role: role as PersonRole, doctor_id: doctor_id ?? '', manages: [...manages] };
}

/** What an edit changes: what stays is not sent, and somebody else's edit of it is not undone. */
export function changesOf(before: Written, after: Written): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  const name = after.name.trim();
  const email = after.email.trim();
  if (name !== before.name) changes.name = name;
  // The gateway keeps addresses in small letters.
  if (email.toLowerCase() !== before.email) changes.email = email;
  if (after.role !== before.role) changes.role = after.role;
  if (after.doctor_id !== before.doctor_id) changes.doctor_id = after.doctor_id === '' ? null : after.doctor_id;
  if (!isSameSet(before.manages, after.manages)) changes.manages = after.manages;
  return changes;
}

/** Whether the gateway would refuse to close it, or to take its role away: nobody could let anybody in any more. */
export function isLastAdmin(user: User, all: readonly User[]): boolean {
  const isOpenAdmin = (it: User) => it.role === 'admin' && !it.disabled_at;
  return isOpenAdmin(user) && !all.some((it) => it.id !== user.id && isOpenAdmin(it));
}

/** Which accounts are shown. */
export const STANDINGS = ['open', 'closed', 'all'] as const;

/** One of them. */
export type Standing = (typeof STANDINGS)[number];

/** The accounts that are asked for, by name. */
export function found(all: readonly User[], standing: Standing, text: string): User[] {
  const wanted = plain(text);
  return all
    .filter((it) => standing === 'all' || Boolean(it.disabled_at) === (standing === 'closed'))
    .filter(({ name, email, id }) => wanted === '' || [name, email, id].some((it) => plain(it).includes(wanted)))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** Small letters without accents: whoever looks for "Lucia" finds Lucía. */
function plain(text: string): string {
  return text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The live tokens of somebody, the newest first. */
export function sessionsOf(tokens: readonly Token[], user_id: string): Token[] {
  return tokens.filter((it) => it.user_id === user_id).sort((a, b) => b.created_at.localeCompare(a.created_at));
}

/** What is wrong with a name, if anything. */
export function nameFault(t: TFunction, name: string): string | null {
  if (name.trim() === '') return t('users.fault.empty');
  return bytesOf(name.trim()) > NAME_BYTES_MAX ? t('users.fault.too_long', { max: NAME_BYTES_MAX }) : null;
}

/** What is wrong with an address, if anything. */
export function emailFault(t: TFunction, email: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? null : t('users.fault.email');
}

/** What is wrong with a password, if anything. */
export function passwordFault(t: TFunction, password: string): string | null {
  // Counted as the gateway counts: a letter is one, whatever it takes to write it.
  if ([...password].length < PASSWORD_CHARS_MIN) return t('users.fault.short', { min: PASSWORD_CHARS_MIN });
  return bytesOf(password) > PASSWORD_BYTES_MAX ? t('users.fault.too_long', { max: PASSWORD_BYTES_MAX }) : null;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
