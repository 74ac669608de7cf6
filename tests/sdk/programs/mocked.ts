// What a program does with the TypeScript package while there is no service yet, only a mock.
// Its argument is the address of a mock that keeps what is created.
import { Client, etag, InvalidInput, PostNotFound, PreconditionFailed, Unauthorized } from 'colophon-sdk';

declare const process: { readonly argv: readonly string[] };

const [url] = process.argv.slice(2) as [string];

type ErrorClass<E> = abstract new (...members: never[]) => E;

async function thrown<E extends Error>(call: Promise<unknown>, kind: ErrorClass<E>): Promise<E> {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof kind) return error;
  throw new Error(`expected ${kind.name}`, { cause: error });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const client = new Client(url);
must((await thrown(client.users.getMe(), Unauthorized)).status === 401, 'nobody to be nobody');
await client.signIn('ada', 'analytical engine');

const { id } = await client.posts.createPost({ body: { title: 'Note G', content: 'It can.' } });
const path = { post_id: id };
const headers = { 'If-Match': etag(await client.posts.getPost({ path })) };
await client.posts.updatePost({ path, body: { title: 'Note H' }, headers });
const late = client.posts.updatePost({ path, body: { title: 'Too late' }, headers });
must((await thrown(late, PreconditionFailed)).code === 'precondition_failed', 'the code');

const untitled = client.posts.createPost({ body: { title: '', content: 'Something.' } });
must((await thrown(untitled, InvalidInput)).errors?.[0]?.pointer === '#/title', 'the place');
await client.posts.deletePost({ path });
must((await thrown(client.posts.getPost({ path }), PostNotFound)).status === 404, 'it to be gone');
console.log('told');
