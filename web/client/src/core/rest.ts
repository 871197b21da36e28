// Requests to the REST door, and the two ways in which they fail: with an answer, and without.

/** How long an answer may take, in milliseconds. */
export const REQUEST_MAX_MS = 15_000;

/** A value for `Authorization`, or nothing where the gateway is an open demo. */
export type GetToken = () => string | undefined | null | Promise<string | undefined | null>;

/** What besides method and path a request has. */
export interface RequestOptions {
  body?: unknown;
  /** The ETag, or the revision, that the edit rests on. Somebody else's edit since then makes it a 412. */
  ifMatch?: string | number;
  /** A repeat with the same key does nothing twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** How long the answer may take, in milliseconds. */
  within_ms?: number;
}

/** An answer of success. */
export interface Answer<T> {
  status: number;
  /** Nothing where the answer has no body. */
  body: T;
  etag?: string;
  /** The cursor that contains what was written: what comes after it is by others. */
  cursor?: string;
}

/** The gateway's refusal. Its message names codes only: `detail` is for people, and no log. */
export class ProblemError extends Error {
  readonly status: number;
  /** A word for programs. */
  readonly code: string;
  readonly field: string | undefined;
  readonly detail: string | undefined;
  /** Asking the same again may succeed. */
  readonly retryable: boolean;
  /** What is there now, where an edit rested on something else. */
  readonly current: unknown;

  constructor(status: number, problem: Record<string, unknown> = {}) {
    const code = typeof problem.code === 'string' ? problem.code : 'unexpected';
    super(`the gateway refused: ${status} ${code}`);
    this.name = 'ProblemError';
    this.status = status;
    this.code = code;
    this.field = problem.field as string | undefined;
    this.detail = problem.detail as string | undefined;
    this.retryable = problem.retryable === true || (problem.retryable === undefined && status >= 502);
    this.current = problem.current;
  }
}

/** No answer came: the network, the gateway, or time was against it. What was asked may or may not have been done. */
export class UnansweredError extends Error {
  constructor(cause?: unknown) {
    super('the gateway did not answer', { cause });
    this.name = 'UnansweredError';
  }
}

/** The gateway behind one address, asked as whoever `getToken` proves. */
export class Rest {
  readonly #url: string;
  readonly #getToken: GetToken | undefined;
  readonly #fetch: typeof fetch;

  constructor(url: string, getToken: GetToken | undefined, send: typeof fetch) {
    this.#url = url;
    this.#getToken = getToken;
    this.#fetch = send;
  }

  /** The bearer token of now, if there is one. */
  async token(): Promise<string | undefined> {
    return (await this.#getToken?.()) ?? undefined;
  }

  /** A single-use proof for a WebSocket, which cannot have headers in a browser. */
  async ticket(): Promise<string | undefined> {
    if ((await this.token()) === undefined) return undefined;
    return (await this.request<{ ticket: string }>('POST', '/api/auth/ticket')).body.ticket;
  }

  /** Sends with the token; throws `UnansweredError` where nothing comes back. When to give up is the caller's. */
  async send(path: string, init: RequestInit): Promise<Response> {
    const token = await this.token();
    const headers = { ...(init.headers as Record<string, string>), ...(token && { Authorization: `Bearer ${token}` }) };
    try {
      return await this.#fetch(this.#url + path, { ...init, headers, cache: 'no-store' });
    } catch (error) {
      throw new UnansweredError(error);
    }
  }

  /** Asks, and reads the answer. Throws `ProblemError` or `UnansweredError`. */
  async request<T = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const { body, ifMatch, idempotencyKey, signal, within_ms = REQUEST_MAX_MS } = options;
    const match = typeof ifMatch === 'number' ? `"${ifMatch}"` : ifMatch;
    const abort = new AbortController();
    const giveUp = () => abort.abort();
    const timer = setTimeout(giveUp, within_ms);
    signal?.addEventListener('abort', giveUp);
    try {
      const response = await this.send(path, {
        method,
        headers: {
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(match !== undefined && { 'If-Match': match }),
          ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: abort.signal,
      });
      return await read<T>(response);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Whether something answers there at all. */
  async answers(): Promise<boolean> {
    return this.request('GET', '/api/health', { within_ms: 5_000 }).then(
      () => true,
      (error: unknown) => error instanceof ProblemError && error.status < 500,
    );
  }
}

/** The answer with its body, or the refusal. */
async function read<T>(response: Response): Promise<Answer<T>> {
  const body = await readJson(response);
  if (!response.ok) throw new ProblemError(response.status, body as Record<string, unknown> | undefined);
  const etag = response.headers.get('ETag');
  const cursor = response.headers.get('Caresync-Cursor');
  return { status: response.status, body: body as T, ...(etag && { etag }), ...(cursor && { cursor }) };
}

/** The body as JSON; nothing where there is none, or where somebody on the way answered in something else. */
async function readJson(response: Response): Promise<unknown> {
  let text;
  try {
    text = await response.text();
  } catch (error) {
    throw new UnansweredError(error);
  }
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
