/** The credentials of security schemes other than the sign-in, which are given by the schemes' names. */
import type { Auth } from './api/core/auth.gen.js';
import { SCHEMES } from './document.gen.js';

/** In the form that their header or parameter has; `name:password` for HTTP's basic scheme. */
export type Credential = string | (() => string | Promise<string>);
export type Credentials = { readonly [Name in keyof typeof SCHEMES]?: Credential };

/** Return what is given for the scheme that a generated operation asks for, undefined without it. */
export async function credential(asked: Auth, given: Credentials): Promise<string | undefined> {
  const named = given as Readonly<Record<string, Credential | undefined>>;
  const wanted = [asked.scheme ?? asked.type, asked.in ?? 'header', asked.name ?? 'Authorization'];
  for (const [name, place] of Object.entries<readonly string[]>(SCHEMES)) {
    const secret = named[name];
    if (secret !== undefined && place.join() === wanted.join()) {
      return typeof secret === 'function' ? secret() : secret;
    }
  }
  return undefined;
}
