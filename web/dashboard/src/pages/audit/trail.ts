// The audit trail: what is asked of it, and how its entries name whom and what they are about.

import type { components } from '@caresync/client';

/** An entry of the trail: ids only. */
export type Entry = components['schemas']['AuditEntry'];
/** A page of it. */
export type AuditAnswer = components['schemas']['AuditAnswer'];

/** Which entries are wanted. The names are those of the gateway's own parameters, in the page's address too. */
export type Asked = Record<(typeof NAMES)[number], string>;

/** `from` and `to` are points in time as RFC 3339 writes them. */
const NAMES = ['actor', 'verb', 'outcome', 'from', 'to'] as const;

/** Every entry. */
export const NOTHING: Asked = { actor: '', verb: '', outcome: '', from: '', to: '' };

/** So many entries make a page. */
export const ENTRIES_PER_PAGE = 100;

/** What this page has words for. A newer gateway may have more: those are shown by their own word. */
export const VERBS = [
  'log_in', 'set_up', 'set_password', 'create_user', 'edit_user', 'disable_user', 'open_token', 'revoke_token',
  'create_key', 'rotate_key', 'revoke_key', 'dismiss_connection', 'receive_about_patients',
  'set_room_status', 'pause_sensing', 'forget_source', 'observe',
  'set_equipment_status', 'report_equipment', 'log_maintenance',
  'create_action', 'update_action', 'edit_action', 'delete_action',
  'create_task', 'set_task_status', 'edit_task', 'add_task_note', 'delete_task',
  'decide_proposal', 'answer_task', 'rate_agent', 'set_agent_phase', 'acknowledge_alarm',
  'patient_arrived', 'patient_moved', 'patient_departed',
  'create_room', 'edit_room', 'retire_room', 'create_equipment', 'edit_equipment', 'retire_equipment',
  'create_doctor', 'edit_doctor', 'retire_doctor', 'set_automation', 'revert_automation',
  'create_endpoint', 'edit_endpoint', 'rotate_endpoint_secret', 'resume_endpoint', 'delete_endpoint', 'dismiss_dead_letters', 'replay_to_endpoint',
  'import_clinic', 'bind_devices', 'audit_repaired',
] as const;

/** Why something was refused, of what the gateway puts into the trail: not every mistake is in there. */
export const REFUSALS = ['forbidden', 'over_limit', 'wrong_login', 'wrong_password', 'wrong_code'] as const;

/** What an address asks for. What cannot be asked is left out: a link with a typing error shows more, and no error. */
export function askedIn(question: URLSearchParams): Asked {
  // As the gateway wants it, with an offset: a link may hold no more than a day.
  const time = (name: string) => timeOf(question.get(name) ?? '');
  const word = (name: string) => (question.get(name) ?? '').trim();
  return { actor: word('actor'), verb: word('verb'), outcome: word('outcome'), from: time('from'), to: time('to') };
}

/** The same as an address holds it, without what is not asked. */
export function questionOf(asked: Asked): URLSearchParams {
  return new URLSearchParams(NAMES.filter((name) => asked[name] !== '').map((name) => [name, asked[name]]));
}

/** Where the gateway answers that, a page at a time. */
export function pathOf(asked: Asked, cursor?: string): string {
  const question = questionOf(asked);
  question.set('limit', String(ENTRIES_PER_PAGE));
  if (cursor !== undefined) question.set('cursor', cursor);
  return `/api/audit?${question.toString()}`;
}

/** A point in time in a field of this machine's own clock: `2026-02-06T14:30`. */
export function localOf(time: string): string {
  const at = new Date(time);
  if (time === '' || Number.isNaN(at.getTime())) return '';
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** And back, for whoever opens the address elsewhere. Nothing where the field holds no time yet, or none that RFC 3339 has. */
export function timeOf(text: string): string {
  const at = new Date(text);
  const isTime = text !== '' && at.getUTCFullYear() >= 0 && at.getUTCFullYear() <= 9999;
  return isTime ? at.toISOString() : '';
}

/** A person's id, where somebody has typed the name or the address; else what was typed. */
export function idOf(typed: string, accounts: readonly { id: string; name: string; email: string }[]): string {
  const text = typed.trim();
  const small = text.toLowerCase();
  const named = accounts.filter(({ name, email }) => name.toLowerCase() === small || email === small);
  // Two people of one name are nobody in particular.
  return named.length === 1 ? (named[0]?.id ?? text) : text;
}

/** What an entry is about: `room:room-1` is the room `room-1`. Ids may hold colons themselves. */
export function subjectOf(subject: string): { kind: string; id: string } {
  const at = subject.indexOf(':');
  return at < 0 ? { kind: '', id: subject } : { kind: subject.slice(0, at), id: subject.slice(at + 1) };
}

/** The page of what an entry is about. */
export function placeOf(kind: string, id: string): string | undefined {
  const places: Record<string, string> = { room: '/rooms', task: '/tasks', user: '/users', endpoint: '/endpoints', delivery: '/endpoints' };
  const place = Object.hasOwn(places, kind) ? places[kind] : undefined;
  return place && `${place}/${encodeURIComponent(id)}`;
}

/** What kind of actor it is, where it is no account: `agent claw` is the agent `claw`. */
export function machineOf(actor: string): { kind: 'kiosk' | 'device' | 'agent' | 'peer' | 'camera' | 'sensor'; id: string } | undefined {
  const found = /^(kiosk|device|agent|peer|camera|sensor) (.+)$/.exec(actor);
  return found ? { kind: found[1] as 'kiosk', id: found[2] as string } : undefined;
}
