/** The client: the generated operations, by tag, on a `fetch` that signs in, repeats and throws. */
import { createClient, createConfig } from './api/client/index.js';
import { Operations } from './api/sdk.gen.js';
import { remembering } from './answers.js';
import { credential, type Credentials } from './credentials.js';
import { PARSE_AS, SIGN_IN, USER_AGENT } from './document.gen.js';
import { Pages } from './pages.gen.js';
import { unexpected } from './problem.js';
import type { Retries } from './retries.js';
import { send, type Fetch, type Sending } from './sending.js';
import { Session, type Tokens } from './session.js';

export interface ClientOptions {
  /** Continues an earlier sign-in. */
  readonly tokens?: Tokens;
  /** Called with each new pair of tokens, to keep it. */
  readonly onTokens?: (tokens: Tokens) => void;
  /** Those of security schemes other than the sign-in, by the scheme's name. */
  readonly credentials?: Credentials;
  /** Of each attempt, in seconds; 30 unless given. */
  readonly timeout?: number;
  readonly retries?: Retries;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another `fetch`, for proxies and the like. */
  readonly fetch?: Fetch;
}

/** Calls the API at `baseUrl`. It holds no connection, so there is nothing to close. */
export class Client extends Operations {
  /** The lists that go on, as asynchronous iterations over all their entries. */
  readonly pages: Pages;
  readonly #session: Session;

  constructor(baseUrl: string, options: ClientOptions = {}) {
    const base = baseUrl.replace(/\/+$/, '');
    const headers = { ...ownHeaders(), ...options.headers };
    const sending: Sending = {
      fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
      timeout: options.timeout ?? 30,
      retries: options.retries ?? {},
      instead: (refused) => session.instead(refused),
    };
    const session = new Session(SIGN_IN, poster(base, headers, sending), options.tokens, options.onTokens);
    const client = createClient(
      createConfig({
        baseUrl: base,
        headers,
        throwOnError: true,
        parseAs: PARSE_AS,
        auth: async (asked) =>
          (asked.scheme === 'bearer' ? await session.token() : undefined) ??
          (await credential(asked, options.credentials ?? {})),
        fetch: (input, init) => parseable(send(new Request(input, init), sending)),
      }),
    );
    super({ client: remembering(client) });
    this.#session = session;
    this.pages = new Pages(this);
  }

  /** The tokens in use, undefined without a sign-in. */
  get tokens(): Tokens | undefined {
    return this.#session.tokens;
  }

  /** Sign in: from now on calls are this user's. Throws what the service says against it. */
  signIn(username: string, password: string): Promise<Tokens> {
    return this.#session.begin(username, password);
  }

  /** Forget the tokens, and revoke them where the API can: from now on calls are anonymous. */
  signOut(): Promise<void> {
    return this.#session.end();
  }
}

/** What is no JSON is no answer of an API that answers JSON alone. */
async function parseable(sent: Promise<Response>): Promise<Response> {
  const response = await sent;
  const type = response.headers.get('content-type');
  const isEmpty = response.status === 204 || response.headers.get('content-length') === '0';
  if (PARSE_AS === 'json' && !isEmpty && !/^application\/([^;]+\+)?json\b/i.test(type ?? '')) {
    throw unexpected(response, await response.text());
  }
  return response;
}

function poster(base: string, headers: Readonly<Record<string, string>>, sending: Sending) {
  return (address: string, form: Record<string, string>): Promise<Response> => {
    const url = /^https?:/.test(address) ? address : base + address;
    const body = new URLSearchParams(form);
    const accepting = { ...headers, Accept: 'application/json' };
    return send(new Request(url, { method: 'POST', body, headers: accepting }), sending);
  };
}

/** A browser sends its own User-Agent, and asks the service's leave for another. */
function ownHeaders(): Record<string, string> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node === undefined ? {} : { 'User-Agent': USER_AGENT };
}
