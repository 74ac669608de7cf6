/**
 * Signing in with a user name and a password (RFC 6749, section 4.3), and staying signed in.
 *
 * An access token that is about to expire is renewed before it is used, one that the service refuses
 * after that. However many requests notice it at once, one of them renews and the others wait for it.
 */
import { Problem, SdkError, unexpected } from './problem.js';

export interface SignInAddresses {
  readonly tokenUrl: string;
  readonly refreshUrl: string;
  readonly revocationUrl: string | undefined;
}

const MARGIN = 30;

/** What a sign-in gave. Keep them as you keep a password; they are not shown when this is logged. */
export class Tokens {
  declare readonly accessToken: string;
  declare readonly refreshToken: string | undefined;
  /** In seconds since 1970. */
  readonly expiresAt: number | undefined;
  readonly lifetime: number | undefined;

  constructor(accessToken: string, refreshToken?: string, expiresAt?: number, lifetime?: number) {
    Object.defineProperty(this, 'accessToken', { value: accessToken, enumerable: false });
    Object.defineProperty(this, 'refreshToken', { value: refreshToken, enumerable: false });
    this.expiresAt = expiresAt;
    this.lifetime = lifetime;
  }

  /** Whether to renew it: a tenth of its lifetime, 30 seconds at most, before the end. */
  get due(): boolean {
    if (this.expiresAt === undefined || this.refreshToken === undefined) {
      return false;
    }
    return Date.now() / 1000 >= this.expiresAt - Math.min(MARGIN, (this.lifetime ?? MARGIN) / 10);
  }

  get expired(): boolean {
    return this.expiresAt !== undefined && Date.now() / 1000 >= this.expiresAt;
  }
}

type Post = (address: string, form: Record<string, string>) => Promise<Response>;

/** The tokens of one client. */
export class Session {
  readonly #addresses: SignInAddresses | undefined;
  readonly #post: Post;
  readonly #onTokens: ((tokens: Tokens) => void) | undefined;
  #tokens: Tokens | undefined;
  #renewing: Promise<Tokens> | undefined;
  #ended: SdkError | undefined;

  constructor(
    addresses: SignInAddresses | undefined,
    post: Post,
    tokens: Tokens | undefined,
    onTokens: ((tokens: Tokens) => void) | undefined,
  ) {
    this.#addresses = addresses;
    this.#post = post;
    this.#tokens = tokens;
    this.#onTokens = onTokens;
  }

  get tokens(): Tokens | undefined {
    return this.#tokens;
  }

  /** Exchange a user name and a password for tokens, and use them from now on. */
  async begin(username: string, password: string): Promise<Tokens> {
    const form = { grant_type: 'password', username, password };
    return await this.#exchange(this.#declared().tokenUrl, form);
  }

  /** Forget the tokens, after revoking them (RFC 7009) where the document says how. */
  async end(): Promise<void> {
    const { revocationUrl } = this.#declared();
    const tokens = this.#tokens;
    this.#tokens = this.#ended = undefined;
    if (tokens !== undefined && revocationUrl !== undefined) {
      await this.#post(revocationUrl, { token: tokens.refreshToken ?? tokens.accessToken });
    }
  }

  /** Return the token for a request, undefined without a sign-in. */
  async token(): Promise<string | undefined> {
    if (this.#ended !== undefined) {
      throw this.#ended;
    }
    const tokens = this.#tokens;
    if (tokens === undefined || !tokens.due) {
      return tokens?.accessToken;
    }
    try {
      return (await this.#renewed(tokens)).accessToken;
    } catch (error) {
      if (this.#ended !== undefined || tokens.expired) {
        throw error;
      }
      return tokens.accessToken;
    }
  }

  /** Return another token than the one that was refused, undefined if there is none to be had. */
  async instead(refused: string): Promise<string | undefined> {
    const tokens = this.#tokens;
    if (tokens !== undefined && tokens.accessToken !== refused) {
      return tokens.accessToken;
    }
    return tokens?.refreshToken === undefined ? undefined : (await this.#renewed(tokens)).accessToken;
  }

  #renewed(tokens: Tokens): Promise<Tokens> {
    this.#renewing ??= this.#renew(tokens).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(tokens: Tokens): Promise<Tokens> {
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refreshToken ?? '' };
    try {
      return await this.#exchange(this.#declared().refreshUrl, form);
    } catch (error) {
      if (error instanceof Problem && error.body['error'] === 'invalid_grant') {
        // Without this the next call would go out anonymously, as if nobody had signed in.
        this.#ended = error;
      }
      throw error;
    }
  }

  async #exchange(address: string, form: Record<string, string>): Promise<Tokens> {
    this.#tokens = await tokensOf(await this.#post(address, form), form['refresh_token']);
    this.#ended = undefined;
    this.#onTokens?.(this.#tokens);
    return this.#tokens;
  }

  #declared(): SignInAddresses {
    if (this.#addresses === undefined) {
      throw new SdkError('the document declares no password flow to sign in with');
    }
    return this.#addresses;
  }
}

/** Read a token answer (RFC 6749, section 5.1); the former refresh token may live on. */
async function tokensOf(response: Response, former: string | undefined): Promise<Tokens> {
  const text = await response.text();
  const answer = parsed(text) as Record<string, unknown> | null | undefined;
  const { access_token: access, refresh_token: refresh, expires_in: lifetime } = answer ?? {};
  if (typeof access !== 'string') {
    throw unexpected(response, text);
  }
  const seconds = typeof lifetime === 'number' ? lifetime : undefined;
  const expiresAt = seconds === undefined ? undefined : Date.now() / 1000 + seconds;
  return new Tokens(access, typeof refresh === 'string' ? refresh : former, expiresAt, seconds);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
