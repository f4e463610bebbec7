import type { AssetNames, AssetPattern } from '../define.ts';

/** `*` stands for any characters. */
export function fits(pattern: string, text: string): boolean {
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

const fitsStream = ({ account = '*', stream }: AssetPattern, names: AssetNames): boolean =>
  (fits(account, names.account) || fits(account, names.accountName)) && fits(stream, names.stream);

/** Whether a pattern means a stream with its consumers, or a consumer by its own name or with its stream. */
export const means = (pattern: AssetPattern, names: AssetNames): boolean =>
  fitsStream(pattern, names) &&
  (pattern.consumer === undefined ||
    (names.consumer !== undefined && fits(pattern.consumer, names.consumer)));
