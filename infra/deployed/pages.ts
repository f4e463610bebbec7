type Page<T> = { readonly items: readonly T[]; readonly next: string | undefined };

/** All of a list that AWS gives in pages. */
export async function allOf<T>(read: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await read(token);
    all.push(...items);
    token = next;
  } while (token !== undefined);
  return all;
}
