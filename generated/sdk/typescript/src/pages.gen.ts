// Generated; not to be edited.
import type { Operations } from './api/sdk.gen.js';
import { iterate } from './paging.js';

type Call = (options: never) => Promise<unknown>;
type Given<Method extends Call> = Omit<NonNullable<Parameters<Method>[0]>, 'throwOnError'>;
type Page<Method extends Call> = NonNullable<Awaited<ReturnType<Method>>>;

/** The lists that go on, as asynchronous iterations over all their entries. */
export class Pages {
  readonly #operations: Operations;

  constructor(operations: Operations) {
    this.#operations = operations;
  }

  listUsers(options: Given<Operations['users']['listUsers']> = {}): AsyncGenerator<Page<Operations['users']['listUsers']>["users"][number], void, undefined> {
    return iterate(
      options,
      (given): Promise<Page<Operations['users']['listUsers']>> => this.#operations.users.listUsers<true>(given),
      "cursor",
      (page) => page["next_cursor"],
      (page) => page["users"],
    );
  }

  listPosts(options: Given<Operations['posts']['listPosts']> = {}): AsyncGenerator<Page<Operations['posts']['listPosts']>["posts"][number], void, undefined> {
    return iterate(
      options,
      (given): Promise<Page<Operations['posts']['listPosts']>> => this.#operations.posts.listPosts<true>(given),
      "cursor",
      (page) => page["next_cursor"],
      (page) => page["posts"],
    );
  }
}
