/** All entries of a list that goes on, page after page. */
export async function* iterate<Options extends { query?: object }, Page, Item>(
  options: Options,
  list: (options: Options) => Promise<Page>,
  parameter: string,
  next: (page: Page) => unknown,
  items: (page: Page) => readonly Item[],
): AsyncGenerator<Item, void, undefined> {
  let here = options;
  for (;;) {
    const page = await list(here);
    yield* items(page);
    const following = next(page);
    if (following === null || following === undefined || following === '') {
      return;
    }
    here = { ...options, query: { ...options.query, [parameter]: following } };
  }
}
