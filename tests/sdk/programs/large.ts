import { Client, UnsafeInteger } from 'colophon-sdk';
declare const process: { argv: string[] };
await new Client(process.argv[2]!).users.listUsers().catch((error: unknown) => {
  console.log(error instanceof UnsafeInteger && error.pointer);
});
