// What a program does with the TypeScript package: compiled and run in a project without this repository.
// Its arguments: the address of the service and a password.
import {
  Client,
  edit,
  etag,
  InvalidInput,
  NotModified,
  PostNotFound,
  PreconditionFailed,
  type Post,
} from 'colophon-sdk';

declare const process: { readonly argv: readonly string[] };

const [url, password] = process.argv.slice(2) as [string, string];

type ErrorClass<E> = abstract new (...members: never[]) => E;

async function thrown<E extends Error>(call: Promise<unknown>, ...kinds: ErrorClass<E>[]): Promise<E> {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  for (const kind of kinds) if (error instanceof kind) return error;
  throw new Error(`expected ${kinds.map((kind) => kind.name).join(' or ')}`, { cause: error });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function registerAndSignIn(client: Client): Promise<void> {
  const username = `t${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const email = `${username}@example.org`;
  await client.users.registerUser({ body: { email, username, password } });
  await client.signIn(username, password);
}

async function writeAndEdit(client: Client): Promise<Post> {
  const { id } = await client.posts.createPost({ body: { title: 'Note G', content: 'It can.' } });
  const path = { post_id: id };
  const first = await client.posts.getPost({ path });
  const same = client.posts.getPost({ path, headers: { 'If-None-Match': etag(first) } });
  must((await thrown(same, NotModified)).etag === etag(first), 'the tag that was sent');
  const headers = { 'If-Match': etag(first) };
  await client.posts.updatePost({ path, body: { title: 'Note G, revised' }, headers });
  const late = client.posts.updatePost({ path, body: { title: 'Too late' }, headers });
  must((await thrown(late, PreconditionFailed)).code === 'precondition_failed', 'the code');
  return edit(
    () => client.posts.getPost({ path }),
    (found, tag) =>
      client.posts.updatePost({
        path,
        body: { title: `${found.title}, again`, published: true },
        headers: { 'If-Match': tag },
      }),
  );
}

async function refuse(client: Client): Promise<void> {
  const empty = client.posts.createPost({ body: { title: '', content: 'Something.' } });
  const [fault] = (await thrown(empty, InvalidInput)).errors;
  must(fault?.pointer === '#/title' && fault.code === 'too_short', 'the place of the fault');
  const missing = client.posts.getPost({ path: { post_id: Number.MAX_SAFE_INTEGER } });
  must((await thrown(missing, PostNotFound)).status === 404, '404');
}

async function pageThrough(client: Client): Promise<void> {
  const titles = new Set<string>();
  for await (const post of client.pages.listPosts({ query: { page_size: 100 } })) {
    if (post.title.startsWith('Note ')) titles.add(post.title);
  }
  must(titles.size >= 1000, 'every post');
  const drafts = await client.posts.listPosts({ query: { published: false, page: 1 } });
  must(drafts.posts.every((post) => !post.published), 'drafts alone');
}

const client = new Client(url);
await registerAndSignIn(client);
must((await writeAndEdit(client)).title === 'Note G, revised, again', 'the edited title');
await refuse(client);
await pageThrough(client);
console.log('told');
