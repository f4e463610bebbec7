import {
  LiteralError,
  metricName,
  stringOf,
  type Edition,
  type Labels,
} from '../../../lambdas/promql/index.ts';
import { NotationError } from './notation.ts';

/** Words of PromQL that Prometheus takes as no metric's name. */
const reserved = ['atan2', 'bool', 'group_left', 'group_right', 'ignoring', 'inf', 'nan', 'on'];

const tokens = {
  blank: /[ \t\r\n]*/y,
  blankOrComment: /(?:[ \t\r\n]|#[^\n]*)*/y,
  name: /[a-zA-Z_:][\w:]*/y,
  label: /[a-zA-Z_]\w*/y,
  text: /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`/y,
} as const;

/**
 * A series' labels as promtool reads them: `name{label="value", other="value"}`; quoted names since Prometheus 3. Labels
 * with an empty value are left out, as they mean the same as none. Those of an input series have values behind them in
 * promtool's eyes: no comment, and no blank before the brace.
 * @throws NotationError
 */
export function labelsOf(text: string, edition: Edition, of: 'input' | 'sample'): Labels {
  const blank = of === 'input' ? tokens.blank : tokens.blankOrComment;
  let at = 0;
  const take = (token: RegExp): string | undefined => {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const sign = (wanted: string): boolean => {
    take(blank);
    if (!text.startsWith(wanted, at)) return false;
    at += wanted.length;
    return true;
  };
  const expected = (what: string): NotationError =>
    new NotationError(
      `${text}: expected ${what} ${at < text.length ? `where ${text.slice(at)} stands` : 'at its end'}`,
      at,
    );
  const quoted = (): string => {
    take(blank);
    const start = at;
    const literal = take(tokens.text);
    if (literal === undefined) throw expected('a quoted text');
    try {
      return stringOf(literal);
    } catch (error) {
      throw error instanceof LiteralError ? new NotationError(`${text}: ${error.message}`, start) : error;
    }
  };
  const pair = (): Pair => {
    take(blank);
    const isQuoted = edition === 3 && /["'`]/.test(text.charAt(at));
    const label = isQuoted ? quoted() : take(tokens.label);
    if (label === undefined) throw expected('a label or }');
    if (sign('=')) return [label, quoted()];
    if (isQuoted) return [metricName, label];
    throw expected('= and a quoted text');
  };

  take(blank);
  const name = take(tokens.name);
  if (name !== undefined && reserved.includes(name.toLowerCase()))
    throw new NotationError(`${text}: ${name} is a word of PromQL and no metric's name`, 0);
  if (of === 'input' && /^\s+\S/.test(text.slice(at)))
    throw expected('{ right behind the name, or nothing more');
  const pairs: Pair[] = [];
  if (sign('{')) {
    while (!sign('}')) {
      pairs.push(pair());
      if (!sign(',') && !text.startsWith('}', at)) throw expected(', or }');
    }
  }
  take(blank);
  if (at < text.length) throw expected('nothing more');
  return labelsOfPairs(name, pairs, text);
}

type Pair = readonly [label: string, value: string];

/** A name before the braces wins over any in them. */
function labelsOfPairs(name: string | undefined, pairs: readonly Pair[], text: string): Labels {
  const all: readonly Pair[] =
    name === undefined ? pairs : [[metricName, name], ...pairs.filter(([label]) => label !== metricName)];
  const labels = new Map(all.filter(([, value]) => value !== ''));
  const distinct = new Set(all.map(([label]) => label));
  if (distinct.size < all.length) throw new NotationError(`${text}: a label stands twice`, 0);
  return Object.fromEntries(labels);
}
