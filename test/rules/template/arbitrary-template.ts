import fc from 'fast-check';

const quoted = fc.constantFrom('"a b"', '"nats"', '""', '`x"y`', '"é\\n"', '"1.5"');
const verb = fc
  .tuple(
    fc.constantFrom('', '-', '+', '0', ' ', '-+'),
    fc.constantFrom('', '1', '8'),
    fc.constantFrom('', '.0', '.2', '.'),
    fc.constantFrom('v', 's', 'd', 'q', 'f', 'e', 'g', 't', '%', 'G'),
  )
  .map((parts) => `%${parts.join('')}`);
const humanizing = fc.constantFrom(
  'humanize',
  'humanize1024',
  'humanizeDuration',
  'humanizePercentage',
  'humanizeTimestamp',
);

type Kinds = { float: string; int: string; text: string; bool: string; any: string };

/** Operands by their types, as Go has them. */
const operand = fc.letrec<Kinds>((tie) => ({
  float: fc.oneof(
    fc.constantFrom('$value', '.Value', '$.Value', '1.5', '1e3', '-0.25'),
    tie('float').map((inner) => `(or ${inner} 2.5)`),
  ),
  int: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('5', '-3', '0', '0x10', "'a'"),
    tie('text').map((text) => `(len ${text})`),
  ),
  text: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('$labels.job', '.Labels.job', '$labels.none', '(index $labels "job")'),
    quoted,
    fc
      .tuple(fc.constantFrom('toUpper', 'toLower', 'html', 'urlquery', 'stripPort'), tie('text'))
      .map(([name, text]) => `(${name} ${text})`),
    fc.tuple(humanizing, fc.oneof(tie('float'), tie('int'))).map(([name, number]) => `(${name} ${number})`),
    fc.tuple(verb, tie('any')).map(([format, value]) => `(printf "${format}" ${value})`),
    fc.tuple(tie('any'), tie('any')).map(([left, right]) => `(print ${left} ${right})`),
    tie('text').map((text) => `(reReplaceAll "[aeiou]+" "<$0>" ${text})`),
  ),
  bool: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('true', 'false'),
    fc
      .tuple(
        fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'),
        fc.oneof(
          fc.tuple(tie('float'), tie('float')),
          fc.tuple(tie('int'), tie('int')),
          fc.tuple(tie('text'), tie('text')),
          fc.tuple(tie('float'), tie('int')),
        ),
      )
      .map(([name, [left, right]]) => `(${name} ${left} ${right})`),
    tie('any').map((value) => `(not ${value})`),
    fc.tuple(fc.constantFrom('and', 'or'), tie('bool'), tie('bool')).map((parts) => `(${parts.join(' ')})`),
    tie('text').map((text) => `(match "a.*s" ${text})`),
  ),
  any: fc.oneof({ depthSize: 'small' }, tie('float'), tie('int'), tie('text'), tie('bool')),
}));

const text = fc.constantFrom('', ' ', 'a ', ' b', '\n', ' } ', '%');
const [open, close] = [fc.constantFrom('{{', '{{ ', '{{- '), fc.constantFrom('}}', ' }}', ' -}}')];
const action = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(open, inner, close).map((parts) => parts.join(''));

const { statement } = fc.letrec<{ statement: string; block: string }>((tie) => ({
  block: fc.array(fc.oneof(text, tie('statement')), { maxLength: 3 }).map((parts) => parts.join('')),
  statement: fc.oneof(
    { depthSize: 'small' },
    action(operand.any),
    action(
      fc
        .tuple(operand.any, fc.constantFrom('print', 'printf "%v"', 'len', 'humanize', 'toUpper'))
        .map(([value, call]) => `${value} | ${call}`),
    ),
    fc
      .tuple(
        action(operand.any.map((value) => `if ${value}`)),
        tie('block'),
        action(fc.constant('else')),
        tie('block'),
        action(fc.constant('end')),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(
        action(operand.bool.map((value) => `if ${value}`)),
        tie('block'),
        action(operand.bool.map((value) => `else if ${value}`)),
        tie('block'),
        action(fc.constant('end')),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(
        action(operand.text.map((value) => `with ${value}`)),
        tie('block'),
        action(fc.constantFrom('.', '$.Value', 'len .')),
        action(fc.constant('end')),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(
        action(fc.constantFrom('range $labels', 'range $k, $v := $labels', 'range $v := .Labels')),
        tie('block'),
        action(fc.constant('$value')),
        action(fc.constant('end')),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(
        action(operand.any.map((value) => `$x := ${value}`)),
        tie('block'),
        action(fc.constant('$x')),
        action(operand.any.map((value) => `$x = ${value}`)),
        action(fc.constant('print $x')),
      )
      .map((parts) => parts.join('')),
    action(fc.constant('/* note */')).map((comment) => comment.replace('{{ ', '{{').replace(' }}', '}}')),
  ),
}));

/** Templates that promtool parses; some of them fail when they are expanded. */
export const template: fc.Arbitrary<string> = fc
  .array(fc.oneof(text, statement), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
  .filter((made) => made.includes('{{'));
