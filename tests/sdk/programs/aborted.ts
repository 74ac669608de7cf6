import { Client } from 'colophon-sdk';
declare const process: { argv: string[] };
const began = Date.now();
await new Client(process.argv[2]!)
  .users.getUser({ path: { user_id: 7 }, signal: AbortSignal.timeout(100) })
  .catch((error: unknown) => console.log((error as Error).name, Date.now() - began < 1000));
