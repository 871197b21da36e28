// Webhook endpoints as the gateway tells of them: what needs somebody first, and what its words mean.

import type { Alarm, components } from '@caresync/client';

import type { Tone } from '../../shared/tones';

/** Another system that is told what happens. */
export type Endpoint = components['schemas']['Endpoint'];
/** One try to deliver something. */
export type Attempt = components['schemas']['Attempt'];
/** An event that an endpoint will not get by itself. */
export type DeadLetter = components['schemas']['DeadLetter'];

/** Where they are at the REST door. Everything about one of them is below. */
export const ENDPOINTS = '/api/endpoints';

/** Where one of them is at the REST door. */
export const endpointPath = (id: string): string => `${ENDPOINTS}/${encodeURIComponent(id)}`;

/** The colour of each state. One that is off is so on purpose. */
export const STATE_TONES: Record<Endpoint['state'], Tone> = { active: 'good', failing: 'attention', off: 'unknown', ended: 'danger' };

/** The more somebody has to act, the lower. */
const STATE_ORDER: Record<Endpoint['state'], number> = { ended: 0, failing: 1, active: 2, off: 3 };

/** Those that need somebody first: what ended, what fails, what has dead letters. Then by name. */
export function byNeed(a: Endpoint, b: Endpoint): number {
  const deadFirst = Number(b.dead_letters > 0) - Number(a.dead_letters > 0);
  return STATE_ORDER[a.state] - STATE_ORDER[b.state] || deadFirst || a.id.localeCompare(b.id);
}

/** Host, and port if there is one. The rest of an address may be a secret: it is no matter of a list. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Whether it was added here, and can be changed here: what the configuration names is changed there. */
export const isAdded = ({ kept_in }: Endpoint): boolean => kept_in === 'store';

/** Whether events can be sent to it again: the gateway refuses while it is off or ended. */
export const takesReplays = ({ state }: Endpoint): boolean => state === 'active' || state === 'failing';

/** The cursor of the newest event: everything that waits is after the endpoint's own. */
export function headOf({ cursor, lag_events }: Endpoint): string | undefined {
  const [epoch, seq] = cursor.split(':');
  const at = Number(seq) + lag_events;
  return epoch && seq && Number.isSafeInteger(at) ? `${epoch}:${at}` : undefined;
}

/** What the gateway's words for a try that got no answer are called here. */
const ERRORS = ['unreached', 'untrusted', 'timed_out', 'garbled'] as const;

/** Why something was not delivered: a status, a word that this page knows, or the gateway's own. */
export type Why = { status: number } | { error: (typeof ERRORS)[number] } | { text: string };

/** What a dead letter says of its last try. */
export function whyDead(outcome: string): Why {
  const status = /^status (\d{3})$/.exec(outcome)?.[1];
  return status ? { status: Number(status) } : whyNot(outcome);
}

/** What came of a try. */
export function whyTried({ status, error }: Pick<Attempt, 'status' | 'error'>): Why {
  return status != null ? { status } : whyNot(error ?? '');
}

function whyNot(word: string): Why {
  const error = ERRORS.find((it) => it === word);
  return error ? { error } : { text: word };
}

/** What came of a try, of those that this page has a word for. */
const OUTCOMES = { delivered: 'good', failed: 'attention', refused: 'danger', gone: 'danger' } as const satisfies Record<string, Tone>;

/** An outcome that this page has a word for. */
export type Outcome = keyof typeof OUTCOMES;

/** Whether this page has a word for it. A newer gateway may have more. */
export const isKnownOutcome = (outcome: string): outcome is Outcome => Object.hasOwn(OUTCOMES, outcome);

/** The colour of an outcome. */
export const toneOfOutcome = (outcome: string): Tone => (isKnownOutcome(outcome) ? OUTCOMES[outcome] : 'unknown');

/** The newest try that failed, of tries that come newest first. */
export const lastFailure = (attempts: readonly Attempt[]): Attempt | undefined => attempts.find((it) => it.outcome !== 'delivered');

/** Whether the event is still to be had: what the journal has lost cannot be sent again. */
export const canReplay = ({ type }: DeadLetter): boolean => type !== 'journal:trimmed';

/** The alarms that are about an endpoint. */
const CAUSES: readonly string[] = ['endpoint_failing', 'endpoint_ended', 'dead_letters'];

/** Another text whenever an alarm about this endpoint has come or gone; none while there is none. */
export function newsOf(alarms: readonly Pick<Alarm, 'id' | 'cause' | 'subject' | 'cleared_at'>[], id: string): string {
  const about = alarms.filter(({ cause, subject }) => subject === id && CAUSES.includes(cause));
  return about.map((it) => `${it.id} ${it.cleared_at ?? ''}`).join();
}

/** What an endpoint can be told of, as `docs/webhooks.md` has it. */
export const EVENT_TYPES = [
  'room:*',
  'room:created',
  'room:updated',
  'room:deleted',
  'equipment:*',
  'equipment:created',
  'equipment:updated',
  'equipment:deleted',
  'action:*',
  'action:created',
  'action:updated',
  'action:deleted',
  'task:*',
  'task:created',
  'task:updated',
  'task:deleted',
  'alarm:*',
  'alarm:raised',
  'alarm:cleared',
  'alarm:acknowledged',
  'camera:updated',
  'device:updated',
] as const;
