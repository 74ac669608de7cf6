// Makes calls that a test asks for, in JSON, and prints what came of each.
import { Client, Problem, Tokens } from 'colophon-sdk';

declare const process: { readonly argv: readonly string[] };

interface Call {
  readonly tag: string;
  readonly operation: string;
  readonly given: object;
}

interface Asked {
  readonly url: string;
  readonly tokens: [string, string, number | null, number | null] | null;
  readonly timeout: number;
  readonly attempts: number;
  readonly within: number;
  readonly together: boolean;
  readonly calls: readonly Call[];
}

const asked = JSON.parse(process.argv[2]!) as Asked;
const given = asked.tokens?.map((value) => value ?? undefined) as ConstructorParameters<typeof Tokens> | undefined;
const client = new Client(asked.url, {
  ...(given === undefined ? {} : { tokens: new Tokens(...given) }),
  timeout: asked.timeout,
  retries: { attempts: asked.attempts, firstPause: 0.01, within: asked.within },
});

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

async function outcome({ tag, operation, given }: Call): Promise<object> {
  const operations = (client as unknown as Record<string, Record<string, (given: object) => Promise<unknown>>>)[tag]!;
  try {
    return { data: await operations[camel(operation)]!(given) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = error instanceof Problem ? error.code : null;
    return { error: error.name, code, message: error.message };
  }
}

const results: object[] = [];
if (asked.together) {
  results.push(...(await Promise.all(asked.calls.map(outcome))));
} else {
  for (const call of asked.calls) results.push(await outcome(call));
}
console.log(JSON.stringify(results));
console.log(client, client.tokens);
