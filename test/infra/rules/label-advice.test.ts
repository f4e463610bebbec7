import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rulesTable } from '../../../infra/rules/table.ts';
import { sampleOf } from '../../../infra/rules/translate/sample-value.ts';
import { matches, type Matcher } from '../../../lambdas/promql/index.ts';
import { deployed } from '../rules.ts';

const fileOf = (exprs: readonly string[]): string =>
  JSON.stringify({
    groups: [
      {
        name: 'g',
        rules: exprs.map((expr, index) => ({ alert: `A${index}`, expr, labels: { severity: 'critical' } })),
      },
    ],
  });
const targets = [1, 2].map((n) => ({ name: `hub${n}`, url: `http://hub${n}:8222` }));

const translated = (exprs: readonly string[], labels: object = {}, more: object = {}) =>
  deployed({ clusters: [{ name: 'prod', targets, labels }], ...more }, fileOf(exprs)).translated;
const refused = (...given: Parameters<typeof translated>): readonly string[] =>
  translated(...given)
    .rules.filter(({ status }) => status === 'refused')
    .map(({ alert }) => alert);

describe('labels by which rules select servers', () => {
  it.each<[exprs: readonly string[], labels: Readonly<Record<string, string>>]>([
    [['up{job="nats-exporter"} == 0'], { job: 'nats-exporter' }],
    [
      ['up{job=~"nats-.*"} == 0', 'gnatsd_varz_mem{namespace=~"messaging|events",pod=~"nats-[0-9]+"} > 5'],
      { job: 'nats-', namespace: 'messaging', pod: 'nats-0' },
    ],
    [['absent(up{job=~"nats.*",job!="nats"})', 'up{job!~"test.*"} == 0'], { job: 'natsx' }],
    [
      [
        'up{job=~".*nats.*"} == 0',
        'up{job="nats-exporter",instance=~"10\\\\.0\\\\.\\\\d+\\\\.\\\\d+:7777"} == 0',
      ],
      { job: 'nats-exporter', instance: '10.0.1.1:7777' },
    ],
    [['sum(rate(gnatsd_varz_in_msgs{cluster_name="a",env!=""}[5m])) > 1'], { cluster_name: 'a', env: 'x' }],
    [['gnatsd_varz_mem{env="a"} > 1 and on (server_id) gnatsd_varz_cpu{env=~"(?i:A|B)"} > 5'], { env: 'a' }],
  ])('%j are told, and given to the cluster nothing is refused', (exprs, labels) => {
    const { labels: advice } = translated(exprs);
    expect(refused(exprs)).not.toEqual([]);
    expect(advice).toEqual({ cluster: 'prod', labels, unmet: [] });
    expect(refused(exprs, advice?.labels)).toEqual([]);
  });

  it('are none of the series’ own, such as the filter that tells sources apart', () => {
    const exprs = ['jetstream_stream_source_lag{source_filter_subject="orders.eu"} > 100'];
    expect([translated(exprs).labels, refused(exprs)]).toEqual([null, []]);
  });

  it('are told of by the table at synth, once, with the command that prints them', () => {
    const lines = (exprs: readonly string[]) =>
      rulesTable(translated(exprs)).filter((line) => line.includes('npm run rules -- check FILE'));
    expect(lines(['up{job="a"} == 0', 'up{job="a"} == 1'])).toEqual([
      '  For rules that select no server: `npm run rules -- check FILE` prints the labels to give a cluster in settings.',
    ]);
    expect(lines(['up{job="nats"} == 0', 'gnatsd_varz_mem{server_id="hub9"} > 1'])).toEqual([]);
  });

  it('are told of no rules that select servers already', () => {
    expect(translated(['up{job="nats"} == 0', 'gnatsd_varz_mem{server_id="hub1"} > 1']).labels).toBeNull();
  });

  it('leave servers to the rules that select them by what each has of its own', () => {
    const exprs = ['up{instance="hub1:8222"} == 0', 'up{job="x",instance=~"hub.*"} == 0'];
    const { labels } = translated(exprs);
    expect(labels).toEqual({ cluster: 'prod', labels: { job: 'x' }, unmet: [] });
    expect(refused(exprs, labels?.labels)).toEqual([]);
  });

  it('meet most of what cannot be met together, and the rest is told', () => {
    const exprs = [
      'up{job="b"} == 0',
      'up{job="a"} == 0',
      'gnatsd_varz_mem{job=~"a|c"} > 1',
      'gnatsd_varz_mem{server_id="hub9"} > 1',
      'gnatsd_varz_mem{cluster="east"} > 1',
    ];
    const { labels } = translated(exprs);
    expect(labels?.labels).toEqual({ job: 'a' });
    expect(labels?.unmet.map(({ place, reason }) => `${place.replace(/.* /, '')}: ${reason}`)).toEqual([
      'A0: job="b" cannot be met together with what other rules ask',
      'A3: server_id="hub9" asks for a target of this name',
      'A4: cluster="east" asks for what the deployment sets itself: leave it out',
    ]);
    expect(refused(exprs, labels?.labels)).toEqual(['A0', 'A3', 'A4']);
  });

  it('are told of rules that read recorded names too', () => {
    const rules = [
      { record: 'mem:max', expr: 'max by (job) (gnatsd_varz_mem{job="exporter"})' },
      { alert: 'A', expr: 'mem:max > 5', labels: { severity: 'critical' } },
    ];
    const settings = { clusters: [{ name: 'prod', targets }] };
    const { translated: found } = deployed(settings, JSON.stringify({ groups: [{ name: 'g', rules }] }));
    expect(found.labels?.labels).toEqual({ job: 'exporter' });
  });
});

describe('a value that a pattern takes', () => {
  const asks = (value: string): Matcher => ({ label: 'job', operator: '=~', value });
  it.each([
    ['nats.*', 'nats'],
    ['.+', 'x'],
    ['nats-(east|west)-\\d{2}', 'nats-east-11'],
    ['(?i)^NATS$', 'NATS'],
    ['[^a]b?c+', '0c'],
    ['a|b', 'a'],
    ['(?P<x>[a-z]+)\\.svc', 'a.svc'],
  ])('%s: %s', (pattern, value) => {
    expect(sampleOf([asks(pattern)], 3)).toBe(value);
  });

  it('is met by every pattern that it is given for', () => {
    const piece = fc.constantFrom(
      'nats',
      '.*',
      '.+',
      '[0-9]+',
      '(a|b)',
      'x?',
      '\\d',
      '-',
      '(?:c|d)*',
      '[^z]',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const matcher = asks(pieces.join(''));
        const value = sampleOf([matcher], 3);
        expect(value !== undefined && matches(matcher, value, 3)).toBe(true);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
