// What is written into the forms of this page, checked and turned into what the gateway takes.

import type { components } from '@caresync/client';

import { isId, isSameSet } from '../../admin/rules';
import type { Endpoint } from './endpoints';

type NewEndpoint = components['schemas']['NewEndpointBody'];
type Edit = Partial<components['schemas']['EndpointEditBody']>;
type ReplayBody = Partial<components['schemas']['ReplayBody']>;

/** The form of an endpoint, new or not. */
export interface EndpointValues {
  id: string;
  url: string;
  kind: Endpoint['kind'];
  bearer: string;
  events: string[];
  rooms: string[];
  urgency: string[];
  payload: Endpoint['payload'];
  rate_per_s: number | string;
  enabled: boolean;
  start: 'newest' | 'after';
  after: string;
}

/** The names of what can be wrong in a form; a message stands behind each. */
export type Wrong = 'id' | 'url' | 'bearer' | 'rate' | 'after' | 'seq' | 'order' | 'nothing';

/** The usual limit on requests a second. */
const RATE_USUAL = 1_000;
const RATE_MAX = 10_000;
const URL_MAX = 512;

/** An empty form, or an endpoint's. */
export function valuesOf(endpoint?: Endpoint): EndpointValues {
  return {
    id: endpoint?.id ?? '',
    url: endpoint?.url ?? '',
    kind: endpoint?.kind ?? 'standard',
    // It is never told: an empty field leaves it as it is.
    bearer: '',
    events: [...(endpoint?.events ?? [])],
    rooms: [...(endpoint?.rooms ?? [])],
    urgency: [...(endpoint?.urgency ?? [])],
    payload: endpoint?.payload ?? 'thin',
    rate_per_s: endpoint?.rate_per_s ?? RATE_USUAL,
    enabled: endpoint?.enabled ?? true,
    start: 'newest',
    after: '',
  };
}

/** What is wrong with a name. */
export const wrongId = (id: string): Wrong | undefined => (isId(id.trim()) ? undefined : 'id');

/** What is wrong with an address. The gateway looks at it once more, and at its own list of hosts. */
export function wrongUrl(text: string): Wrong | undefined {
  const url = text.trim();
  if (url.length > URL_MAX || !/^https?:\/\/[^\s#\\@]+$/.test(url)) return 'url';
  return URL.canParse(url) ? undefined : 'url';
}

/** What is wrong with a token: OpenClaw takes nothing without one. Of what exists, an empty field leaves it as it is. */
export function wrongBearer(bearer: string, kind: Endpoint['kind'], isNew: boolean): Wrong | undefined {
  if (bearer === '') return isNew && kind === 'openclaw' ? 'bearer' : undefined;
  return /^[\x21-\x7e]{1,4096}$/.test(bearer) ? undefined : 'bearer';
}

/** What is wrong with a rate. */
export function wrongRate(rate: number | string): Wrong | undefined {
  return typeof rate === 'number' && Number.isInteger(rate) && rate >= 1 && rate <= RATE_MAX ? undefined : 'rate';
}

/** What is wrong with a cursor. */
export const wrongCursor = (text: string): Wrong | undefined => (/^[A-Za-z0-9]{1,32}:\d{1,15}$/.test(text.trim()) ? undefined : 'after');

/** Agents and phones get ids, never names or texts. */
const payloadFor = ({ kind, payload }: EndpointValues): Endpoint['payload'] => (kind === 'standard' ? payload : 'thin');

/** What the gateway takes as a new endpoint. */
export function newBody(values: EndpointValues): NewEndpoint {
  const { kind, bearer, events, rooms, urgency, rate_per_s, enabled, start, after } = values;
  return {
    id: values.id.trim(),
    url: values.url.trim(),
    kind,
    events,
    rooms,
    urgency: urgency as Endpoint['urgency'],
    payload: payloadFor(values),
    enabled,
    rate_per_s: Number(rate_per_s),
    ...(bearer !== '' && { bearer }),
    ...(start === 'after' && { after: after.trim() }),
  };
}

/** What changes of `endpoint`: what a colleague may change meanwhile is not named unless it changes here. */
export function editBody(endpoint: Endpoint, values: EndpointValues): Edit {
  const wanted = {
    url: values.url.trim(),
    events: values.events,
    rooms: values.rooms,
    urgency: values.urgency as Endpoint['urgency'],
    payload: payloadFor(values),
    enabled: values.enabled,
    rate_per_s: Number(values.rate_per_s),
  };
  const changed = Object.entries(wanted).filter(([name, value]) => !isSame(value, endpoint[name as keyof typeof wanted]));
  return { ...Object.fromEntries(changed), ...(values.bearer !== '' && { bearer: values.bearer }) };
}

/** Lists name the same things in any order. */
function isSame(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? isSameSet(a, b) : a === b;
}

/** Which events are sent again. */
export interface ReplayValues {
  by: 'seq' | 'range' | 'time';
  seq: number | string;
  from_seq: number | string;
  to_seq: number | string;
  /** Points in time as a browser's field gives them, by the clock of this machine. */
  since: string;
  until: string;
}

/** The field that is wrong, and what is; nothing if the gateway can be asked. */
export function wrongReplay(values: ReplayValues): { field: keyof ReplayValues; wrong: Wrong } | undefined {
  const { by, seq, from_seq, to_seq, since, until } = values;
  if (by === 'seq') return isSeq(seq) ? undefined : { field: 'seq', wrong: 'seq' };
  const [first, last] = by === 'range' ? ([from_seq, to_seq] as const) : ([since, until] as const);
  const [from, to] = by === 'range' ? (['from_seq', 'to_seq'] as const) : (['since', 'until'] as const);
  if (first === '' && last === '') return { field: from, wrong: 'nothing' };
  if (by === 'range' && first !== '' && !isSeq(first)) return { field: from, wrong: 'seq' };
  if (by === 'range' && last !== '' && !isSeq(last)) return { field: to, wrong: 'seq' };
  const at = (it: number | string) => (by === 'range' ? Number(it) : Date.parse(String(it)));
  return first !== '' && last !== '' && at(first) > at(last) ? { field: to, wrong: 'order' } : undefined;
}

const isSeq = (it: number | string): boolean => typeof it === 'number' && Number.isSafeInteger(it) && it >= 1;

/** What the gateway takes. What is left open has no end on that side. */
export function replayBody({ by, seq, from_seq, to_seq, since, until }: ReplayValues): ReplayBody {
  if (by === 'seq') return { seq: Number(seq) };
  if (by === 'range') return { ...(from_seq !== '' && { from_seq: Number(from_seq) }), ...(to_seq !== '' && { to_seq: Number(to_seq) }) };
  return { ...(since !== '' && { since: instant(since) }), ...(until !== '' && { until: instant(until) }) };
}

const instant = (local: string): string => new Date(local).toISOString();
