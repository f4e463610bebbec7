import type { ClosedConnection } from '../define.ts';
import { clientName, shown } from './client-name.ts';

/** JSON keeps the parts of a key apart, whatever a name holds. */
export const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);
export const partsOf = (key: string): readonly string[] => JSON.parse(key) as string[];

/** Key of a client by its kind, account and whole name, of one without a name by its address. */
export function clientKey(row: ClosedConnection): string {
  const name = clientName(row);
  return keyOf(row.kind, row.account ?? '', ...(name === undefined ? [row.ip, 'unnamed'] : [name]));
}

/** The kind of a client, as the server says it. */
export const kindOf = (key: string): string => partsOf(key)[0] ?? '';

/** Names of keyed clients as rows show them, with more than that where two would look alike. */
export function clientNames(keys: readonly string[]): readonly string[] {
  const forms = keys.map((key) => {
    const [, account = '', name = ''] = partsOf(key);
    return [shown(name), `${shown(name)} of account ${account === '' ? '$G' : shown(account)}`, name];
  });
  const isAlone = (text: string, form: number) => forms.filter((other) => other[form] === text).length === 1;
  return forms.map((own) => own.find(isAlone) ?? own.at(-1) ?? '');
}
