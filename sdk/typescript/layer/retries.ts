/**
 * Which requests are sent again, and when. Nothing is repeated that might be done twice.
 *
 * - No connection came about, or the answer is 429: all requests, since nothing was done.
 * - The connection broke, no answer came in time, or it is 408, 502, 503 or 504: GET, HEAD, OPTIONS,
 *   PUT and DELETE without a condition, and whatever is named by an Idempotency-Key.
 * - An earlier attempt with the same Idempotency-Key is still being carried out: that one.
 * - Everything else: none.
 *
 * After a broken connection a PUT or DELETE may have been carried out. Sent again with its
 * `If-Match`, it would be answered with 412 as if somebody else had been faster, so a conditional one
 * is left to the caller. A browser does not tell whether a connection came about.
 */
import { isNamed } from './keys.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const IDEMPOTENT = new Set(['PUT', 'DELETE']);
const CONDITIONS = ['if-match', 'if-none-match', 'if-unmodified-since'];
const REFUSED_BEFORE_WORK = new Set([429]);
const PASSING = new Set([408, 502, 503, 504]);
const NEVER_SENT = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** How often and for how long to try. `{ attempts: 1 }` sends each request once. */
export interface Retries {
  /** How often a request is sent at most; 4 unless given. */
  readonly attempts?: number;
  /** The pause before attempt n + 1 is drawn between zero and `firstPause * 2 ** (n - 1)` seconds; 0.25 unless given. */
  readonly firstPause?: number;
  /** No drawn pause is longer than these seconds, 8 unless given; what Retry-After asks for may be. */
  readonly longestPause?: number;
  /** A pause that would end later than these seconds after the call began is not begun; 60 unless given. */
  readonly within?: number;
}

export type Outcome = Response | Error;

/** Return the milliseconds to wait after an attempt, counted from 1, or undefined to leave it at that. */
export function pauseAfter(
  request: Request,
  outcome: Outcome,
  attempt: number,
  began: number,
  retries: Retries,
): number | undefined {
  if (attempt >= (retries.attempts ?? 4) || !repeatable(request, outcome)) {
    return undefined;
  }
  const ceiling = Math.min(retries.longestPause ?? 8, (retries.firstPause ?? 0.25) * 2 ** (attempt - 1));
  const asked = outcome instanceof Response ? askedPause(outcome) : 0;
  const pause = Math.max(asked, ceiling * Math.random()) * 1000;
  return Date.now() + pause > began + (retries.within ?? 60) * 1000 ? undefined : pause;
}

/** Whether sending the request again does no harm, by what is known of its outcome. */
function repeatable(request: Request, outcome: Outcome): boolean {
  if (outcome instanceof Response) {
    const { status } = outcome;
    const isRefused = REFUSED_BEFORE_WORK.has(status) || isInUse(request, outcome);
    return isRefused || (PASSING.has(status) && harmlessTwice(request));
  }
  return neverSent(outcome) || harmlessTwice(request);
}

/** Whether an earlier attempt is still at work. Of a 409 that alone says when to try again. */
function isInUse(request: Request, response: Response): boolean {
  return response.status === 409 && response.headers.has('retry-after') && isNamed(request);
}

function harmlessTwice(request: Request): boolean {
  const conditional = CONDITIONS.some((name) => request.headers.has(name));
  const isIdempotent = IDEMPOTENT.has(request.method) && !conditional;
  return READING.has(request.method) || isIdempotent || isNamed(request);
}

function neverSent(error: unknown): boolean {
  if (error instanceof AggregateError) {
    return error.errors.length > 0 && error.errors.every(neverSent);
  }
  if (!(error instanceof Error)) {
    return false;
  }
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && NEVER_SENT.has(code)) || neverSent(error.cause);
}

/** Return the seconds of Retry-After (RFC 9110, section 10.2.3), 0 without a usable one. */
function askedPause(response: Response): number {
  const value = (response.headers.get('retry-after') ?? '').trim();
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, (date - Date.now()) / 1000);
}
