import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/change/change-001-configuration-reloaded.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';

const every = minutes(5);
const start = firstMinute - minutes(600);
const loaded = (name: string, at: number, digest?: string, began = start) =>
  server(name, {
    varz: varz({ server_id: name, start: began, config_load_time: at, config_digest: digest }),
  });
const quiet = loaded('n2', start, 'a');

describe('CHANGE_001, a configuration that was reloaded', () => {
  it.each([
    ['a', 'b', 'its content changed'],
    ['a', 'a', 'nothing changed, or certificates alone'],
    [undefined, undefined, 'whether it changed anything is not told before nats-server 2.11'],
  ])('from digest %s to %s is for information', (before, now, change) => {
    const watch = watching(diagnosis, { every });
    watch.look([loaded('n1', start, before), quiet]);
    const { findings, outcomes } = watch.look([loaded('n1', firstMinute + minutes(3), now), quiet]);
    expect([outcomes, findings]).toMatchObject([
      { cluster: 'ok' },
      [
        {
          severity: 'info',
          summary: '1 server reloaded its configuration, lately at 2026-11-20 10:03 UTC: n1.',
          evidence: [
            expect.stringContaining(`n1: once, at 2026-11-20 10:03 UTC; ${change}; up for`) as string,
          ],
        },
      ],
    ]);
  });

  it('on several servers is told once, with who did not', () => {
    const watch = watching(diagnosis, { every });
    watch.look(['n1', 'n2', 'n3'].map((name) => loaded(name, start, 'a')));
    const at = firstMinute + minutes(3);
    const { findings } = watch.look([
      loaded('n1', at, 'b'),
      loaded('n2', at + seconds(60), 'b'),
      loaded('n3', start, 'a'),
    ]);
    expect(findings.map(({ summary }) => summary)).toEqual([
      '2 servers reloaded their configuration, lately at 2026-11-20 10:04 UTC: n1, n2; 1 other did not.',
    ]);
  });

  it('is told for an hour', () => {
    const watch = watching(diagnosis, { every });
    watch.look([loaded('n1', start)]);
    const told = Array.from({ length: 20 }, (_, i) =>
      watch.look([loaded('n1', firstMinute + minutes(3))]).findings.length > 0 ? [(i + 1) * 5] : [],
    ).flat();
    expect([told[0], told.at(-1)]).toEqual([5, 60]);
  });

  it('again within the hour is counted', () => {
    const watch = watching(diagnosis, { every });
    const times = [start, firstMinute + minutes(1), firstMinute + minutes(7)];
    const looks = times.map((at) => watch.look([loaded('n1', at, `${at}`)]));
    expect(looks.at(-1)?.findings[0]?.evidence[0]).toMatch(
      /^n1: 2 times, at 2026-11-20 10:07 UTC; its content changed/,
    );
  });

  it('is no restart, and nothing a first look knows', () => {
    const watch = watching(diagnosis, { every });
    expect(watch.look([loaded('n1', firstMinute - minutes(1), 'a')]).findings).toEqual([]);
    const restarted = loaded('n1', firstMinute + minutes(2), 'b', firstMinute + minutes(2));
    expect(watch.look([restarted]).findings).toEqual([]);
    expect(watch.look([restarted]).seen).toEqual({ cluster: 'no reload within the last hour' });
  });

  it('is unknown where nothing can be read', () => {
    expect(watching(diagnosis).look([server('n1', { varz: failing() })]).outcomes).toEqual({
      cluster: 'unknown',
    });
  });
});
