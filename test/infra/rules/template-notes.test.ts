import { describe, expect, it } from 'vitest';
import { deployed } from '../rules.ts';
import { templateWarnings } from '../../../infra/rules/translate/alarms/template-notes.ts';

const warned = (text: string, where: 'labels' | 'annotations' = 'annotations') =>
  templateWarnings({
    kind: 'alert',
    alert: 'A',
    expr: 'up == 0',
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    annotations: {},
    [where]: { it: text },
  }).map(({ message }) => message);

const written = 'findings show it as it is written';

describe('what of a template is not filled in is told, with what stands there:', () => {
  it.each([
    ['{{ query "up" | first | value }}', "query is Prometheus' own and not known here", 'say "a value"'],
    ['{{ toTime $value }}', "toTime is Prometheus' own and not known here", 'say "a value"'],
    ['{{ graphLink "up" }}', "graphLink is Prometheus' own and not known here", 'say "a value"'],
    ['{{ pathPrefix }}', "pathPrefix is Prometheus' own and not known here", 'say "a value"'],
    ['{{ $externalURL }}', "Prometheus' address is not known here", `say "Prometheus' address"`],
    ['{{ .ExternalURL }}', "Prometheus' address is not known here", `say "Prometheus' address"`],
    ['{{ range $labels }}{{ break }}{{ end }}', 'break is not known here', 'say "a value"'],
    ['{{ if gt $value 1 }}x{{ end }}', 'a float64 and a int cannot be compared', 'leave it out'],
  ])('%s', (text, reason, alarms) => {
    expect(warned(`a ${text} b`)).toEqual([
      `it: ${text} is not filled in: ${reason}; ${written}, alarms' descriptions ${alarms}`,
    ]);
  });

  it('a block, once for all of it', () => {
    expect(warned('{{ block "b" . }}{{ end }}')).toEqual([
      `it: {{ block "b" . }}{{ end }} is not filled in: block is not known here; ${written}, alarms' descriptions leave it out`,
    ]);
  });

  it('external labels, of which a deployment has none', () => {
    expect(warned('{{ $externalLabels.region }}')).toEqual([
      'it: {{ $externalLabels.region }} is not filled in: a deployment has no external labels; it is empty in findings, ' +
        'alarms\' descriptions say "its region"',
    ]);
  });

  it('in a branch that is seldom taken, and in a label', () => {
    expect(warned('{{ if $labels.a }}x{{ else }}{{ toTime $value }}{{ end }}', 'labels')).toEqual([
      `the label it: {{ toTime $value }} is not filled in: toTime is Prometheus' own and not known here; ${written}, alarms' tags say "a value"`,
    ]);
  });

  it.each([
    ...['plain', '{{ $value | humanize }} {{ $labels.server_id }}', '{{ $labels }}', '{{ nope }}'],
    ...['{{ with $labels.x }}{{ . }}{{ end }}', '{{ range $k, $v := $labels }}{{ $k }}{{ end }}'],
    ...['{{ if gt $value 1.0 }}x{{ end }}', '{{ and $value 1 }}', '{{ parseDuration $labels.d }}'],
  ])('nothing of %s', (text) => {
    expect(warned(text)).toEqual([]);
  });
});

const rules = (labels: object, annotations: object, alert = 'Busy') =>
  JSON.stringify({
    groups: [{ name: 'g', rules: [{ alert, expr: 'gnatsd_varz_connections > 3', labels, annotations }] }],
  });
const settings = {
  name: 't',
  clusters: [
    {
      name: 'prod',
      targets: [
        { name: 'hub1', url: 'http://hub1:8222' },
        { name: 'hub2', url: 'http://hub2:8222' },
      ],
    },
  ],
};
const only = (labels: object, annotations: object, alert?: string) => {
  const [rule] = deployed(settings, rules(labels, annotations, alert)).translated.rules;
  return rule ?? expect.fail();
};

describe('an alarm of one server', () => {
  const own = {
    who: '{{ $labels.server_id }}',
    of: '{{ $labels.__name__ }}',
    what: '{{ $labels.stream_name }}',
  };

  it('has tags filled in with what it knows, as its description is, and what it does not know is told', () => {
    const { specs, warnings } = only(own, {
      summary: '{{ $labels.__name__ }} of {{ $labels.server_id }} is high',
    });
    expect(specs.map(({ tags: { who, of, what } }) => [who, of, what])).toEqual([
      ['hub1', 'gnatsd_varz_connections', 'its stream_name'],
      ['hub2', 'gnatsd_varz_connections', 'its stream_name'],
    ]);
    expect(specs[0]?.description).toMatch(
      /^gnatsd_varz_connections of hub1 \(hub1:8222\) is high, as of the last minute\.\n/,
    );
    expect(warnings.filter(({ code }) => code === 'tags')).toEqual([
      { code: 'tags', message: 'what="{{ $labels.stream_name }}" becomes "its stream_name"' },
    ]);
  });

  it('has as much as its description takes of a text, cut at a word or within a long one, and that is reported', () => {
    const words = only({}, { summary: 'ten letters '.repeat(200) });
    expect(words.specs[0]?.description).toMatch(/ten letters \.\.\.|ten \.\.\./);
    const one = only({}, { summary: `https://x/${'y'.repeat(2_000)}` });
    expect(one.specs[0]?.description.length).toBeGreaterThan(1_000);
    expect(one.specs[0]?.description).toMatch(/https:\/\/x\/y{500,}\.\.\./);
    for (const { warnings, specs } of [words, one]) {
      expect(specs[0]?.description.length).toBeLessThanOrEqual(1_024);
      expect(warnings.filter(({ code }) => code === 'description')).toEqual([
        {
          code: 'description',
          message: "an alarm's description has 1,024 characters: summary, expr cut or left out there",
        },
      ]);
    }
    expect(only({}, { summary: 'short' }).warnings.filter(({ code }) => code === 'description')).toEqual([]);
  });

  it('has a name that fits, and what becomes of a longer one is told', () => {
    const long = only({}, {}, 'L'.repeat(300));
    const [id] = long.specs.map(({ tags: { rule } }) => rule);
    expect(long.warnings.filter(({ code }) => code === 'name')).toEqual([
      { code: 'name', message: `alarms' names, their tag rule and nats_rule call it ${id}` },
    ]);
    expect(only({}, {}).warnings.filter(({ code }) => code === 'name')).toEqual([]);
  });
});
