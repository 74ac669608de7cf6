import { Client, Unreachable } from 'colophon-sdk';
declare const process: { argv: string[] };
const client = new Client(process.argv[2]!, { retries: { attempts: 2 } });
try {
  await client.health.getLiveness();
} catch (error) {
  if (error instanceof Unreachable) console.log(error.message);
}
