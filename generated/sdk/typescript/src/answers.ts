/** What came with the data of an answer: its headers, its entity tag. */
import type { Client } from './api/client/index.js';
import { SdkError, UnsafeInteger } from './problem.js';

const responses = new WeakMap<object, Response>();

const METHODS = ['connect', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'trace'] as const;

/** Return the response that an object returned by an operation came with; its body has been read. */
export function responseOf(data: object): Response {
  const response = responses.get(data);
  if (response === undefined) {
    throw new SdkError('this object was not returned by an operation');
  }
  return response;
}

/** Return the entity tag of what an operation returned, for `If-Match` and `If-None-Match`. */
export function etag(data: object): string {
  const tag = responseOf(data).headers.get('etag');
  if (tag === null) {
    throw new SdkError('the answer carries no ETag');
  }
  return tag;
}

/** Let the generated client return the data alone, remembering the response. */
export function remembering(client: Client): Client {
  const wrapped = { ...client } as Record<string, unknown>;
  for (const method of METHODS) {
    const call = client[method] as unknown as (options: object) => Promise<Fields>;
    wrapped[method] = async (options: object) => {
      const { data, response } = await call({ ...options, responseStyle: 'fields' }).catch(ofOurs);
      if (typeof data === 'object' && data !== null) {
        requireExact(data, '#');
        responses.set(data, response);
      }
      return data;
    };
  }
  return wrapped as unknown as Client;
}

function ofOurs(error: unknown): never {
  throw error instanceof SyntaxError ? new SdkError('the answer is no JSON', { cause: error }) : error;
}

interface Fields {
  readonly data: unknown;
  readonly response: Response;
}

function requireExact(value: unknown, pointer: string): void {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new UnsafeInteger(pointer);
  }
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      requireExact(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  }
}
