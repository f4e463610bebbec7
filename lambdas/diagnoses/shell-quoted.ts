/** A text as one word of a shell, whatever it holds. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A text as a value in a URL's query, which may stand between single quotes. */
export const inQuery = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');

/** The query that asks for one account: `acc=APP`. */
export const accountQuery = (account: string): string => `acc=${inQuery(account)}`;
