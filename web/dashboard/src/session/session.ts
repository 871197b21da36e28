// Who is logged in on this machine, and how that ends.

import { ProblemError } from '@caresync/client';
import { create } from 'zustand';

import type { components } from '@caresync/client';

/** A person's account, as the gateway shows it to the person. */
export type User = components['schemas']['User'];
type LoginAnswer = components['schemas']['LoginAnswer'];
type MeAnswer = components['schemas']['MeAnswer'];

/** A proof, and whom it proves. */
export interface Session {
  token: string;
  /** Nobody, for a wall screen. */
  user: User | undefined;
  role: string;
}

/** Why nobody is logged in. */
export type Ended = 'first' | 'left' | 'ended' | 'removed';

interface SessionState {
  session: Session | undefined;
  ended: Ended;
}

/** The name under which the session is kept. */
const SESSION_NAME = 'caresync:session';

/** The session of this page. */
export const useSession = create<SessionState>(() => ({ session: kept(), ended: 'first' }));

/** A tab keeps its session through a reload; a machine only if its user has asked for that. */
function kept(): Session | undefined {
  const text = sessionStorage.getItem(SESSION_NAME) ?? localStorage.getItem(SESSION_NAME);
  try {
    return text ? (JSON.parse(text) as Session) : undefined;
  } catch {
    return undefined;
  }
}

function keep(session: Session, onMachine: boolean): void {
  forget();
  (onMachine ? localStorage : sessionStorage).setItem(SESSION_NAME, JSON.stringify(session));
  useSession.setState({ session });
}

function forget(): void {
  sessionStorage.removeItem(SESSION_NAME);
  localStorage.removeItem(SESSION_NAME);
}

/** Logs in. Throws `ProblemError` when the gateway refuses, `TypeError` when it does not answer. */
export async function logIn(email: string, password: string, onMachine: boolean): Promise<void> {
  const { token, user } = await ask<LoginAnswer>('POST', '/api/auth/login', undefined, { email, password });
  keep({ token, user, role: user.role }, onMachine);
}

/** Takes a wall screen's token, once it is proved to be one that works. */
export async function admitScreen(token: string): Promise<void> {
  const { role, user } = await ask<MeAnswer>('GET', '/api/auth/me', token);
  keep({ token, user: user ?? undefined, role }, true);
}

/** An admin has given this person another role: what is offered from now on is by that one. */
export async function renewSession(): Promise<void> {
  const { session } = useSession.getState();
  if (!session) return;
  const { role, user } = await ask<MeAnswer>('GET', '/api/auth/me', session.token);
  // Meanwhile somebody may have logged out.
  if (useSession.getState().session?.token !== session.token) return;
  keep({ ...session, role, user: user ?? undefined }, localStorage.getItem(SESSION_NAME) !== null);
}

/** Ends the session, here and at the gateway. */
export async function logOut(): Promise<void> {
  const { session } = useSession.getState();
  endSession('left');
  // The token is forgotten here whether or not the gateway hears of it; it ends by itself.
  if (session) await ask('POST', '/api/auth/logout', session.token).catch(() => undefined);
}

/** The gateway does not know this session any more, or it is left. */
export function endSession(ended: Ended): void {
  forget();
  useSession.setState({ session: undefined, ended });
}

async function ask<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw new ProblemError(response.status, answer as Record<string, unknown> | undefined);
  return answer as T;
}

/** Another tab of this machine has logged out, or in as somebody else. */
addEventListener('storage', ({ key, newValue }) => {
  if (key !== SESSION_NAME || sessionStorage.getItem(SESSION_NAME)) return;
  if (newValue === null) useSession.setState({ session: undefined, ended: 'left' });
});
