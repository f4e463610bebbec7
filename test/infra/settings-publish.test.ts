import { describe, expect, it } from 'vitest';
import { understand } from '../../infra/settings.ts';
import { shownSeries } from '../../infra/settings/publish.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { refusal, smallest } from './settings-file.ts';

const targets = ['a', 'b'].map((name) => ({ name, url: `http://${name}:8222` }));
/** What is published of checks' series, shown ones in brackets; null for all. */
const published = (settings: object) => {
  const { plan } = understand({ clusters: [{ name: 'prod', targets }], ...settings }, 'x').translated;
  return plan.published?.map(({ name, as }) => (as === 'shown' ? `(${name})` : name)) ?? null;
};
const compared = ['gnatsd_connz_num_connections', 'up', 'nats_servers_up'];

describe('what of the checks’ series is published', () => {
  it('is by default what alarms compare, and what a dashboard shows', () => {
    expect(new Set(published({}))).toEqual(new Set([...compared, ...shownSeries.map((name) => `(${name})`)]));
    expect(published({ publish: 'shown' })).toEqual(published({}));
  });

  it('is all, or what alarms compare and a list names', () => {
    expect(published({ publish: 'all' })).toBeNull();
    expect(published({ publish: [] })).toEqual(compared);
    expect(published({ publish: ['up', 'nats_jetstream_meta_pending'] })).toEqual([
      'gnatsd_connz_num_connections',
      'nats_jetstream_meta_pending',
      'up',
      'nats_servers_up',
    ]);
  });

  it('is what only some rules compare where those are deployed', () => {
    expect(published({ publish: [], rules: [] })).toEqual([]);
  });

  it('is with the engine promql what is shown under a name of ours: rules send the exporter’s', () => {
    const ours = shownSeries.filter((name) => name.startsWith('nats_')).map((name) => `(${name})`);
    expect(new Set(published({ alarms: { engine: 'promql' } }))).toEqual(new Set(ours));
  });

  it('is shown of series that checks have', () => {
    const known = checks.flatMap(({ series }) => series.map(({ name }) => name));
    expect(shownSeries.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('publish that cannot be', () => {
  it.each([
    ['publish: some', 'publish: expected shown or all, or a list of series'],
    ['publish: [up, up]', 'publish[1]: up stands twice'],
    ['publish: [5]', 'publish[0]: expected the name of a series'],
    [
      'publish: [gnatsd_varz_leafnode]',
      'publish[0]: no series of a check; did you mean "gnatsd_varz_leafnodes"?',
    ],
  ])('%s', (line, message) => {
    expect(refusal(`${smallest}${line}\n`)).toContain(`  ${message}`);
  });

  it('is told beside what else is wrong', () => {
    expect(refusal(`${smallest}publish: some\nmirror: none\n`)).toBe(
      [
        'settings.yaml:',
        '  mirror: expected intended or literal, received "none"',
        '  publish: expected shown or all, or a list of series',
      ].join('\n'),
    );
  });
});
