import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reword } from '../../../lambdas/rules/template/template.ts';
import { template } from './arbitrary-template.ts';
import { ofLabels, ofValue } from './corpus.ts';
import { grammar } from './grammar.ts';

const known = { server_id: 'n1', job: 'nats' };

describe("a template of an alarm's description reads as a sentence:", () => {
  it.each([
    ['{{ $labels.server_id }} has {{ $value }} routes', 'n1 has the value routes'],
    ['Stream {{ .Labels.stream_name }} of {{ $labels.job | toUpper }}', 'Stream its stream_name of NATS'],
    ['{{ $value | humanizePercentage }} used', 'the value used'],
    ['{{ printf "%.1f%% of %s (%s)" $value $labels.tier $labels.job }}', 'the value% of its tier (nats)'],
    ['{{ index $labels "stream_name" | title }}', 'its stream_name'],
    ['VALUE = {{ $value }}\n  LABELS = {{ $labels }}', 'VALUE = the value\n  LABELS = its labels'],
    ['{{ if gt $value 5.0 }}high{{ else }}low{{ end }}', 'high'],
    ['{{ if eq $labels.job "nats" }}NATS{{ else }}another{{ end }}', 'NATS'],
    ['{{ if $labels.tier }}tier {{ $labels.tier }}{{ end }}', 'tier its tier'],
    ['{{ with $labels.stream_name }}stream {{ . }}{{ end }}', 'stream its stream_name'],
    ['{{ range $k, $v := $labels }}{{ $k }}={{ $v }} {{ end }}', 'its labels'],
    ['{{ query "up" | first | value | humanize }} are up', 'a value are up'],
    ['{{ with query "up" }}{{ . | first | value }}{{ end }} are up', 'a value are up'],
    ['{{ $x := query "up" }}{{ $x }} are up', 'a value are up'],
    ['{{ $x := $labels.stream_name }}{{ $x | toUpper }}', 'its stream_name'],
    ['{{ $externalLabels.region }}: {{ $externalURL }}', "its region: Prometheus' address"],
    ['{{ template "x" }}Look here.', 'Look here.'],
    ['a  {{- /* note */ -}}  b', 'ab'],
    ['no template', 'no template'],
  ])('%j', (text, words) => {
    expect(reword(text, known)).toBe(words);
  });
});

describe('no {{ is left', () => {
  it.each([
    ['{{ "{{" }}', '{ {'],
    ['{{ "{" }}{ $value', '{ { $value'],
    ['{{ $valu }} high {{', 'a value high { {'],
    ['{{{ $value }}', 'a value'],
  ])('%s', (text, words) => {
    expect(reword(text, known)).toBe(words);
  });

  it('of any template', () => {
    const any = fc.oneof(
      template,
      fc.constantFrom(...grammar, ...ofValue, ...ofLabels),
      fc
        .array(fc.constantFrom('{', '{{', '}}', '"', '$value', ' '), { maxLength: 8 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.tuple(any, any), ([one, two]) => !reword(one + two, known).includes('{{')),
      {
        numRuns: 1_000,
      },
    );
  });
});
