/**
 * Requests that are named by an Idempotency-Key: the service does them once, however often they are
 * sent.
 */
import { KEYED } from './document.gen.js';

const FIELD = 'Idempotency-Key';
const ENDINGS = KEYED.map(([method, path]) => ({ method, ending: ending(path) }));

/** Give a key to a request that takes one and has none; it stays the same with each attempt. */
export function name(request: Request): void {
  if (!request.headers.has(FIELD) && takesKey(request)) {
    request.headers.set(FIELD, uuid());
  }
}

export function isNamed(request: Request): boolean {
  return request.headers.has(FIELD) && takesKey(request);
}

function takesKey({ method, url }: Request): boolean {
  const path = new URL(url).pathname;
  return ENDINGS.some((known) => known.method === method && known.ending.test(path));
}

/** Match where a URL ends in the path of an operation, whatever stands for its parameters. */
function ending(path: string): RegExp {
  const parts = path.split(/\{[^{}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`${parts.join('[^/]+')}/?$`);
}

/** A UUID of version 4 (RFC 9562). A browser has `randomUUID` only where its page came by HTTPS. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
