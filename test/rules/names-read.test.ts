import { describe, expect, it } from 'vitest';
import { namesRead, seriesRead } from '../../lambdas/rules/names-read.ts';
import { exporterName } from '../../lambdas/series/find.ts';
import { alertOf, compiledAlert, compiledFor, planOf, recordingOf } from './planned.ts';

function read(expr: string, recordings: readonly ReturnType<typeof recordingOf>[] = []) {
  const compiled = compiledFor(planOf([...recordings, alertOf('Rule', expr)]));
  const alert = compiledAlert(compiled);
  return {
    names: namesRead(alert, compiled).toSorted(),
    series: seriesRead(alert, compiled).map((each) => exporterName(each)),
  };
}

describe('what a rule reads', () => {
  it('is each name that it selects, once', () => {
    expect(read('nats_varz_mem / gnatsd_varz_cores > 5 and nats_varz_mem > 1')).toEqual({
      names: ['gnatsd_varz_cores', 'nats_varz_mem'],
      series: ['gnatsd_varz_mem', 'gnatsd_varz_cores'],
    });
  });

  it('is what recording rules read for it, however often one reads another', () => {
    const recordings = [
      recordingOf('a', 'rate(gnatsd_varz_in_msgs[5m])'),
      recordingOf('b', 'sum by (server_id) (a)'),
      recordingOf('b', 'sum by (server_id) (rate(gnatsd_varz_out_msgs[5m]))'),
      recordingOf('unused', 'gnatsd_varz_cpu'),
    ];
    const { names, series } = read('b > 5', recordings);
    expect([names, series.toSorted()]).toEqual([
      ['a', 'b', 'gnatsd_varz_in_msgs', 'gnatsd_varz_out_msgs'],
      ['gnatsd_varz_in_msgs', 'gnatsd_varz_out_msgs'],
    ]);
  });

  it('is nothing where it selects nothing', () => {
    expect(read('vector(1)')).toEqual({ names: [], series: [] });
  });
});
