import { Client, edit, PreconditionFailed, Tokens } from 'colophon-sdk';
declare const process: { argv: string[] };
const client = new Client(process.argv[2]!, { tokens: new Tokens('access') });
const path = { user_id: 7 };
await edit(
  () => client.users.getUser({ path }),
  (user, tag) =>
    client.users.updateUser({ path, body: { bio: `${user.bio}!` }, headers: { 'If-Match': tag } }),
  { attempts: Number(process.argv[3]) },
).catch((error: unknown) => {
  console.log(error instanceof PreconditionFailed ? 'conflict' : error);
});
