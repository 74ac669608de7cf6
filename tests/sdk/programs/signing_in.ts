// What a program does with the TypeScript package to be somebody, and to stay it.
// Its arguments: the address of the service, a password, tokens whose access token has expired.
import {
  Client,
  EmailTaken,
  InvalidCredentials,
  InvalidToken,
  Tokens,
  Unauthorized,
  UsernameTaken,
} from 'colophon-sdk';

declare const process: { readonly argv: readonly string[] };

const [url, password, expiredTokens] = process.argv.slice(2) as [string, string, string];

type ErrorClass<E> = abstract new (...members: never[]) => E;

async function thrown<E extends Error>(call: Promise<unknown>, ...kinds: ErrorClass<E>[]): Promise<E> {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  for (const kind of kinds) if (error instanceof kind) return error;
  throw new Error(`expected ${kinds.map((kind) => kind.name).join(' or ')}`, { cause: error });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function registerAndSignIn(client: Client): Promise<string> {
  const username = `t${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const email = `${username}@example.org`;
  const user = await client.users.registerUser({ body: { email, username, password } });
  const again = client.users.registerUser({ body: { email, username: `${username}2`, password } });
  const taken = await thrown<EmailTaken | UsernameTaken>(again, EmailTaken, UsernameTaken);
  must(taken.status === 409 && taken.detail.includes('already exists'), 'a 409 that says so');
  const refused = await thrown(client.signIn(username, 'not the password'), InvalidCredentials);
  must(refused.requestId !== undefined, 'a request id');
  await client.signIn(username, password);
  must((await client.users.getMe()).id === user.id, 'to be who registered');
  return username;
}

async function staySignedIn(): Promise<void> {
  const old = JSON.parse(expiredTokens) as { access_token: string; refresh_token: string };
  const kept: Tokens[] = [];
  const client = new Client(url, {
    tokens: new Tokens(old.access_token, old.refresh_token),
    onTokens: (tokens) => kept.push(tokens),
  });
  const answers = await Promise.all([client.users.getMe(), client.users.getMe(), client.users.getMe()]);
  must(answers.every((me) => me.username === 'grace'), 'to be grace');
  must(kept.length === 1 && client.tokens === kept[0], 'to have renewed once');
  const revoked = kept[0]!.accessToken;
  await client.signOut();
  must((await thrown(client.users.getMe(), Unauthorized)).status === 401, '401');
  const withoutRenewal = new Client(url, { tokens: new Tokens(revoked) });
  must((await thrown(withoutRenewal.users.getMe(), InvalidToken)).code === 'invalid_token', 'the code');
}

await registerAndSignIn(new Client(url));
await staySignedIn();
console.log('told');
