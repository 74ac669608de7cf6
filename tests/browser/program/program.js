// What a page does with the TypeScript package: `?` is followed by the address of the service.
import { Client, edit, EmailTaken, InvalidCredentials, InvalidInput, Unauthorized } from 'colophon-sdk';

const told = [];
const person = { email: 'emmy@example.org', username: 'emmy', password: 'noether-theorem-1918' };

async function thrown(call, kind) {
  const error = await call.then(() => undefined, (reason) => reason);
  if (!(error instanceof kind)) throw new Error(`expected ${kind.name}, not ${error}`);
  return error;
}

async function tell() {
  const client = new Client(decodeURIComponent(location.search.slice(1)));
  await client.users.registerUser({ body: person });
  const again = await thrown(client.users.registerUser({ body: person }), EmailTaken);
  told.push(`${again.status} ${again.code}`);
  await thrown(client.signIn(person.username, 'not her password'), InvalidCredentials);
  await client.signIn(person.username, person.password);

  const post = await client.posts.createPost({ body: { title: 'Ideals', content: 'Rings.', published: true } });
  const path = { post_id: post.id };
  await edit(
    () => client.posts.getPost({ path }),
    (found, tag) =>
      client.posts.updatePost({ path, body: { title: `${found.title}, revised` }, headers: { 'If-Match': tag } }),
  );
  for await (const listed of client.pages.listPosts({ query: { page_size: 1 } })) told.push(listed.title);

  const empty = await thrown(client.posts.createPost({ body: { title: '', content: '.' } }), InvalidInput);
  told.push(`${empty.status} ${empty.errors[0].pointer} ${empty.requestId.length}`);
  await client.signOut();
  await thrown(client.users.getMe(), Unauthorized);
}

const main = document.querySelector('main');
tell().then(
  () => main.append(Object.assign(document.createElement('p'), { textContent: told.join('; ') })),
  (error) => main.append(Object.assign(document.createElement('p'), { textContent: `failed: ${error}` })),
);
