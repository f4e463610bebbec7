import { deepestNesting } from './limits.ts';
import { PromqlError } from './problem.ts';

const quotedOrComment = /"(?:[^\\"\n]|\\.)*"|'(?:[^\\'\n]|\\.)*'|`[^`]*`|#[^\r\n]*/g;

/** A character outside strings and comments that Prometheus' lexer refuses and the grammar takes for a space. */
export function strangeCharacter(text: string): PromqlError | undefined {
  const blanked = text.replace(quotedOrComment, (whole) => ' '.repeat(whole.length));
  const at = blanked.search(/[^\t\n\r\x20-\x7e]/);
  if (at === -1) return undefined;
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return new PromqlError(`the character U+${code} may only stand in a string or a comment`, {
    from: at,
    to: at + 1,
  });
}

/** Says what is wrong where the grammar stopped. */
export function faultOf(text: string, stopped: number): PromqlError {
  const blanked = text.replace(quotedOrComment, (whole) =>
    whole.startsWith('#') ? ' '.repeat(whole.length) : `"${'s'.repeat(whole.length - 2)}"`,
  );
  const open = /["'`]/.exec(blanked.replace(/"s*"/g, (whole) => ' '.repeat(whole.length)));
  if (open !== null) {
    return new PromqlError('the string has no closing quote', { from: open.index, to: text.length });
  }
  const from = stopped + (/^\s*/.exec(blanked.slice(stopped))?.[0].length ?? 0);
  const before = blanked.slice(0, stopped).trimEnd();
  const token = /^(?:[A-Za-z0-9_:.]+|"s*"|[=!<>~]+|[^])/.exec(blanked.slice(from))?.[0];
  if (token === undefined) {
    const empty = before === '';
    return new PromqlError(empty ? 'the expression is empty' : 'the expression ends too early', {
      from,
      to: from,
    });
  }
  const place = { from, to: from + token.length };
  const name = /(?:^|[^A-Za-z0-9_:.])([A-Za-z_:][A-Za-z0-9_:]*)$/.exec(before)?.[1];
  if (token === '(' && name !== undefined) {
    const start = before.length - name.length;
    return new PromqlError(`there is no function ${name}`, { from: start, to: start + name.length });
  }
  const written = text.slice(place.from, place.to);
  // The grammar's parser also gives up where operators and brackets pile up.
  const piled = (before.match(/[-+*/%^=<>([]|\b(?:and|or|unless)\b/gi) ?? []).length;
  return piled < deepestNesting
    ? new PromqlError(`unexpected ${written}`, place)
    : new PromqlError(
        `the expression nests deeper than ${deepestNesting}, or ${written} is unexpected`,
        place,
      );
}
