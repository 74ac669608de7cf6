/** The `fetch` under the generated operations: it repeats what is safe and throws what went wrong. */
import { name } from './keys.js';
import { errorOf, Unreachable, withoutQuery } from './problem.js';
import { KNOWN } from './problems.gen.js';
import { pauseAfter, type Outcome, type Retries } from './retries.js';

export type Fetch = (request: Request) => Promise<Response>;

export interface Sending {
  readonly fetch: Fetch;
  /** Of each attempt, in seconds. */
  readonly timeout: number;
  readonly retries: Retries;
  /** Return another token than the one that was refused, undefined if there is none to be had. */
  readonly instead: (refused: string) => Promise<string | undefined>;
}

/** Return the first success. Throws Problem, NotModified, UnexpectedAnswer and Unreachable. */
export async function send(request: Request, sending: Sending): Promise<Response> {
  name(request);
  const response = await sent(request, sending);
  const refused = refusedToken(request, response);
  const token = refused === undefined ? undefined : await sending.instead(refused);
  if (token === undefined) {
    return settled(response);
  }
  const again = new Request(request.clone(), { headers: new Headers(request.headers) });
  again.headers.set('Authorization', `Bearer ${token}`);
  return settled(await sent(again, sending));
}

async function settled(response: Response): Promise<Response> {
  if (!response.ok) {
    throw await errorOf(response, KNOWN);
  }
  return response;
}

async function sent(request: Request, sending: Sending): Promise<Response> {
  const began = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attempted(request, sending);
    const pause = pauseAfter(request, outcome, attempt, began, sending.retries);
    if (pause === undefined) {
      if (outcome instanceof Response) {
        return outcome;
      }
      throw new Unreachable(withoutQuery(request.url), attempt, outcome);
    }
    if (outcome instanceof Response) {
      await outcome.body?.cancel();
    }
    await sleep(pause, request.signal);
  }
}

async function attempted(request: Request, sending: Sending): Promise<Outcome> {
  const patience = AbortSignal.timeout(sending.timeout * 1000);
  const signal = AbortSignal.any([request.signal, patience]);
  try {
    return await sending.fetch(new Request(request.clone(), { signal }));
  } catch (error) {
    request.signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}

function refusedToken(request: Request, response: Response): string | undefined {
  const challenge = response.headers.get('www-authenticate') ?? '';
  const given = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  return response.status === 401 && /\berror="?invalid_token\b/.test(challenge) ? given : undefined;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
