/** Changing what somebody else may be changing too (RFC 9110, section 13.1.1). */
import { etag } from './answers.js';
import { Problem } from './problem.js';

/**
 * Read, and write under the entity tag of what was read.
 *
 * Where somebody else was faster, the problem of status 412 is thrown; with more than one attempt,
 * `read` and `write` are called again first, so `write` has to make the change from what it is given.
 */
export async function edit<Read extends object, Written>(
  read: () => Promise<Read>,
  write: (found: Read, etag: string) => Promise<Written>,
  { attempts = 1 }: { attempts?: number } = {},
): Promise<Written> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await read();
    try {
      return await write(found, etag(found));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412 || attempt >= attempts) {
        throw error;
      }
    }
  }
}
