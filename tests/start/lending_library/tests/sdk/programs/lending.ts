// What a clerk's program does with the TypeScript package, at the running service.
// Its arguments: the address of the service, and the key of a clerk.
import {
  BookNotFound,
  Client,
  CopyLent,
  etag,
  InvalidInput,
  InvalidToken,
  LoanEnded,
  Unauthorized,
  type Credentials,
} from 'lending-library-sdk';

declare const process: { readonly argv: readonly string[] };

const [url, key] = process.argv.slice(2) as [string, string];
const picture = new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0xff])], { type: 'image/png' });

type ErrorClass<E> = abstract new (...members: never[]) => E;

async function thrown<E extends Error>(call: Promise<unknown>, kind: ErrorClass<E>): Promise<E> {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof kind) return error;
  throw new Error(`expected ${kind.name}`, { cause: error });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function beAClerkEitherWay(): Promise<void> {
  const body = { title: 'Middlemarch', author: 'George Eliot' };
  const ways: Credentials[] = [{ bearer: key }, { api_key: () => Promise.resolve(key) }];
  for (const credentials of ways) {
    must((await new Client(url, { credentials }).books.createBook({ body })).id > 0, 'an id');
  }
  must((await thrown(new Client(url).books.createBook({ body }), Unauthorized)).status === 401, '401');
  const wrong = new Client(url, { credentials: { api_key: 'wrong' } });
  must((await thrown(wrong.books.exportBooks(), InvalidToken)).code === 'invalid_token', 'the code');
  must((await thrown(wrong.signIn('a', 'b'), Error)).message.includes('no password flow'), 'no sign-in');
}

async function borrow(client: Client): Promise<void> {
  const book = await client.books.createBook({ body: { title: 'Emma', author: 'Jane Austen' } });
  must(etag(book).startsWith('"'), 'an entity tag');
  const copy = await client.copies.addCopy({ path: { book_id: book.id }, body: { shelf: 'A 1' } });
  const body = { copy_id: copy.id, borrower: 'Harriet Smith' };
  const path = { loan_id: (await client.loans.lendCopy({ body })).id };
  const lent = await thrown(client.loans.lendCopy({ body }), CopyLent);
  must(lent.status === 409 && lent.requestId !== undefined, 'a 409 that can be found again');
  must(!(await client.loans.returnCopy({ path })).is_open, 'the copy to be back');
  must((await thrown(client.loans.returnCopy({ path }), LoanEnded)).code === 'loan_ended', 'the code');
}

async function beRefused(client: Client): Promise<void> {
  const untitled = client.books.createBook({ body: { title: '', author: 'Nobody' } });
  must((await thrown(untitled, InvalidInput)).errors[0]?.pointer === '#/title', 'the place');
  const missing = client.books.getBook({ path: { book_id: Number.MAX_SAFE_INTEGER } });
  must((await thrown(missing, BookNotFound)).status === 404, '404');
}

async function uploadAndExport(client: Client): Promise<void> {
  const { id } = await client.books.createBook({ body: { title: 'Ulysses', author: 'James Joyce' } });
  await client.books.setCover({ path: { book_id: id }, body: { cover: picture } });
  must((await client.books.getBook({ path: { book_id: id } })).has_cover, 'a cover');
  const whole = await client.books.exportBooks();
  const stream = (await client.books.exportBooks({ parseAs: 'stream' })) as unknown as ReadableStream<Uint8Array>;
  const streamed = await new Response(stream).text();
  must(whole === streamed && whole.endsWith(`${id},Ulysses,James Joyce\r\n`), 'the export');
}

await beAClerkEitherWay();
const clerk = new Client(url, { credentials: { bearer: key } });
await borrow(clerk);
await beRefused(clerk);
await uploadAndExport(clerk);
console.log('told');
