/**
 * What can go wrong with a call, as errors. All are an `SdkError`:
 *
 * - `Problem`: the service answers with a problem (RFC 9457); one class for each `code`
 * - `NotModified`: 304, what you hold is current
 * - `UnexpectedAnswer`: something answers that is not the API: a proxy, another service
 * - `Unreachable`: nothing answers
 * - `UnsafeInteger`: a number in an answer is too large for JavaScript to hold exactly
 *
 * A code that this version does not know is thrown as `Problem` itself.
 */
export class SdkError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One fault of the input and its place: JSON pointer into the body, parameter or header. */
export interface Fault {
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
}

interface ProblemBody {
  readonly [member: string]: unknown;
}

/** The service refuses a request, or fails at it. Decide by class or `code`, show `detail`. */
export class Problem extends SdkError {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly Fault[];
  readonly body: ProblemBody;
  readonly headers: Headers;

  constructor(status: number, body: ProblemBody, headers: Headers) {
    const code = String(body['code'] ?? 'unknown');
    const detail = String(body['detail'] ?? body['title'] ?? '');
    const errors = faultsOf(body['errors']);
    const faults = errors.map((fault) => ` ${placeOf(fault)}: ${fault.detail}`).join('');
    const requestId = body['request_id'] ?? headers.get('x-request-id');
    const traced = body['trace_id'] == null ? '' : `, trace ${body['trace_id']}`;
    const knownAs = requestId ? ` [request ${requestId}${traced}]` : '';
    super(`${code} (${status}): ${detail}${faults}${knownAs}`);
    this.code = code;
    this.status = status;
    this.title = String(body['title'] ?? '');
    this.detail = detail;
    this.errors = errors;
    this.body = body;
    this.headers = headers;
  }

  /** By which the request can be found in the logs of the service. */
  get requestId(): string | undefined {
    const value = this.body['request_id'] ?? this.headers.get('x-request-id');
    return value == null ? undefined : String(value);
  }

  /** The trace (W3C Trace Context) that the request was a part of, if it was one of any. */
  get traceId(): string | undefined {
    const value = this.body['trace_id'];
    return value == null ? undefined : String(value);
  }

  /** The seconds to wait that the answer asks for, where it gives them as a number. */
  get retryAfter(): number | undefined {
    const value = this.headers.get('retry-after') ?? '';
    return /^\d+$/.test(value) ? Number(value) : undefined;
  }
}

/** 304: what was asked for is still what its entity tag names. */
export class NotModified extends SdkError {
  readonly etag: string | undefined;

  constructor(etag: string | null) {
    super('not modified');
    this.etag = etag ?? undefined;
  }
}

/** An answer that is neither the operation's nor a problem: a proxy's page, another service. */
export class UnexpectedAnswer extends SdkError {
  readonly status: number;
  readonly url: string;

  constructor(status: number, url: string, start: string) {
    super(`${url} answered ${status} with what is no answer of this API: ${JSON.stringify(start)}`);
    this.status = status;
    this.url = url;
  }
}

/** No answer: the service is down, the address is wrong, or the time was up. */
export class Unreachable extends SdkError {
  readonly url: string;
  readonly attempts: number;

  constructor(url: string, attempts: number, cause: unknown) {
    super(`${url} gave no answer in ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${reasonOf(cause)}`, {
      cause,
    });
    this.url = url;
    this.attempts = attempts;
  }
}

/** JavaScript holds integers exactly up to 2^53 - 1; a larger one would silently become another. */
export class UnsafeInteger extends SdkError {
  readonly pointer: string;

  constructor(pointer: string) {
    super(`the answer has an integer at ${pointer} that JavaScript cannot hold exactly`);
    this.pointer = pointer;
  }
}

type ProblemClass = new (status: number, body: ProblemBody, headers: Headers) => Problem;

/** Return what an answer that is no success means. */
export async function errorOf(
  response: Response,
  known: Readonly<Record<string, ProblemClass>>,
): Promise<SdkError> {
  if (response.status === 304) {
    return new NotModified(response.headers.get('etag'));
  }
  const text = await response.text();
  const body = problemBody(response, text);
  if (body === undefined) {
    return unexpected(response, text);
  }
  const code = String(body['code']);
  const Known = Object.hasOwn(known, code) ? known[code] : undefined;
  return new (Known ?? Problem)(response.status, body, response.headers);
}

/** Return the error for an answer that makes no sense. */
export function unexpected(response: Response, text: string): UnexpectedAnswer {
  return new UnexpectedAnswer(response.status, withoutQuery(response.url), text.slice(0, 200));
}

export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '');
}

function problemBody(response: Response, text: string): ProblemBody | undefined {
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (mediaType !== 'application/problem+json') {
    return undefined;
  }
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as ProblemBody) : undefined;
  } catch {
    return undefined;
  }
}

function faultsOf(errors: unknown): Fault[] {
  const entries: unknown[] = Array.isArray(errors) ? errors : [];
  return entries.filter((entry): entry is Fault => typeof entry === 'object' && entry !== null);
}

function placeOf(fault: Fault): string {
  return fault.pointer ?? fault.parameter ?? fault.header ?? 'request';
}

/** `fetch` says only that it failed; the reason is in its causes. */
function reasonOf(cause: unknown): string {
  let error = cause;
  while (error instanceof Error && error.cause instanceof Error) {
    error = error.cause;
  }
  const code = (error as { code?: unknown } | undefined)?.code;
  const message = error instanceof Error ? error.message : String(error);
  return message || (typeof code === 'string' ? code : 'no reason given');
}
