// Generated; not to be edited.
import type { SignInAddresses } from './session.js';

export const VERSION = "0.1.0";
export const USER_AGENT = `colophon-sdk-typescript/${VERSION}`;
export const PARSE_AS: 'auto' | 'json' = "json";
export const SIGN_IN: SignInAddresses | undefined = {
  tokenUrl: "/api/v1/auth/login",
  refreshUrl: "/api/v1/auth/refresh",
  revocationUrl: "/api/v1/auth/revoke",
};
export const SCHEMES = {
} as const;
/** Method and path of the operations that take an Idempotency-Key. */
export const KEYED: readonly (readonly [string, string])[] = [["POST", "/api/v1/users"], ["POST", "/api/v1/posts"]];
