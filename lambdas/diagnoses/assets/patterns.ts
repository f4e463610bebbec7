import type { AssetPattern } from '../../define.ts';
import type { StreamRow } from '../../readings/decoders/assets.ts';

type Names = Pick<StreamRow, 'account' | 'accountName' | 'name'>;

/** `*` stands for any characters. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = rest.at(-1) ?? '';
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const fitsStream = ({ account = '*', stream }: AssetPattern, names: Names): boolean =>
  (fits(account, names.account) || fits(account, names.accountName)) && fits(stream, names.name);

/** Whether a pattern means a stream as a whole. */
export const meansStream = (pattern: AssetPattern, names: Names): boolean =>
  pattern.consumer === undefined && fitsStream(pattern, names);

/** Whether a pattern means a consumer, by its own name or with its stream. */
export const meansConsumer = (pattern: AssetPattern, names: Names, consumer: string): boolean =>
  fitsStream(pattern, names) && fits(pattern.consumer ?? '*', consumer);
