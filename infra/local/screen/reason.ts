import type { Failure } from '../../../lambdas/readings/reading.ts';

/** Why a server could not be read, codes first: `unreachable, ECONNREFUSED: no connection, http://n1:8222 (server down)`. */
export function reasonOf(
  { code, message }: Failure,
  { name, url }: { readonly name: string; readonly url: string },
): string {
  const request = `${name} /varz: `;
  const sentence = message.startsWith(request) ? message.slice(request.length) : message;
  const [what = sentence, hint = ''] = sentence.split(/(?= \([^()]*\)$)/);
  const [before, after] = what.split(url);
  if (before === undefined || after === undefined) return `${code}: ${sentence}`;
  const fault = `${before.replace(/(^| )(to|from|by|for)? ?$/, '')}${after}`.trim();
  const [, told = fault, errorCode] = /^(.*): ([A-Z][A-Z0-9_]+)$/.exec(fault) ?? [];
  return `${code}${errorCode === undefined ? '' : `, ${errorCode}`}: ${told}, ${url}${hint}`;
}
