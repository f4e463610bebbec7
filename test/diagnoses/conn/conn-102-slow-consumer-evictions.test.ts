import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-102-slow-consumer-evictions.ts';
import { minutes, seconds } from '../../../lambdas/define.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, failing, firstMinute, server, varz, watching } from '../../kit.ts';

const evicted = (changes: Partial<ClosedConnection> = {}) => ({
  reason: 'Slow Consumer (Pending Bytes)',
  name: 'report-writer',
  pending_bytes: 983_310,
  ...changes,
});
const on = (rows: readonly Partial<ClosedConnection>[]) => server('n1', { closed: closed(rows) });

/** Runs a minute apart; true where one saw an eviction in the minute before it. */
function outcomes(runs: readonly boolean[]) {
  const watch = watching(diagnosis, { remembers: true });
  return runs.map((isEvicting, i) => {
    const stoppedAt = firstMinute + minutes(i) - seconds(30);
    return watch.look([on(isEvicting ? [evicted({ stoppedAt })] : [])]).outcomes['n1'];
  });
}

describe('CONN_102, slow consumers evicted', () => {
  it('is quiet without any and warns at the first', () => {
    expect([outcomes([false]), outcomes([true])]).toEqual([['ok'], ['warning']]);
  });

  it.each(['Slow Consumer (Write Deadline)', 'Slow Consumer (Of A Later Server)'])('counts %s', (reason) => {
    expect(watching(diagnosis).look([on([evicted({ reason })])]).outcomes).toEqual({ n1: 'warning' });
  });

  it('is critical when it happened in three of five runs', () => {
    expect(outcomes([true, false, true, false, true]).at(-1)).toBe('critical');
    expect(outcomes([true, true, true]).at(-1)).toBe('critical');
  });

  it('is not critical when three runs spread over six', () => {
    expect(outcomes([true, false, false, true, false, true]).at(-1)).toBe('warning');
  });

  it('is not critical for many evictions in two runs', () => {
    const watch = watching(diagnosis, { remembers: true });
    const burst = (minute: number) =>
      on(
        Array.from({ length: 40 }, () => evicted({ stoppedAt: firstMinute + minutes(minute) - seconds(5) })),
      );
    watch.look([burst(0)]);
    expect(watch.look([burst(1)]).outcomes).toEqual({ n1: 'warning' });
  });

  it('sees on a first run that the evictions were in three of the last five minutes', () => {
    const rows = [30, 90, 150].map((age) => evicted({ stoppedAt: firstMinute - seconds(age) }));
    expect(watching(diagnosis).look([on(rows)]).outcomes).toEqual({ n1: 'critical' });
    expect(watching(diagnosis).look([on(rows.slice(1))]).outcomes).toEqual({ n1: 'warning' });
  });

  it('takes rows that stop while a run reads for rows of that run', () => {
    const rows = [-2, 30, 90].map((age) => evicted({ stoppedAt: firstMinute - seconds(age) }));
    expect(watching(diagnosis).look([on(rows)]).outcomes).toEqual({ n1: 'warning' });
  });

  it('forgets an eviction after ten minutes', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([on([evicted()])]);
    expect(watch.look([on([])], minutes(9)).seen).toEqual({ n1: '1 slow consumer evicted in 10 min' });
    expect(watch.look([on([])], minutes(1)).seen).toEqual({ n1: '0 slow consumers evicted in 10 min' });
  });

  it('does not believe the counter, which also grows for stale clients', () => {
    const counted = server('n1', { varz: varz({ slow_consumers: 12 }), closed: closed([]) });
    expect(watching(diagnosis).look([counted]).outcomes).toEqual({ n1: 'ok' });
  });

  it('is quiet during a drain and for other closes', () => {
    const rows = ['Server Shutdown', 'Client Closed', 'Stale Connection'].map((reason) => ({ reason }));
    expect(watching(diagnosis).look([on(rows)]).outcomes).toEqual({ n1: 'ok' });
  });

  it('tells two clients of one name in two accounts apart, and a client named like an address', () => {
    const rows = [
      evicted({ account: 'A' }),
      evicted({ account: 'B' }),
      evicted({ name: '10.0.0.9' }),
      evicted({ name: undefined, ip: '10.0.0.9' }),
    ];
    const [finding] = watching(diagnosis).look([on(rows)]).findings;
    expect(finding?.evidence.slice(1).map((row) => row.split(',')[0])).toEqual([
      'report-writer of account A: 1 time',
      'report-writer of account B: 1 time',
      '10.0.0.9: 1 time',
      '10.0.0.9: 1 time',
    ]);
  });

  it('tells an MQTT client by its id', () => {
    const [finding] = watching(diagnosis).look([
      on([evicted({ name: undefined, type: 'mqtt', mqtt_client: 'pump-8' })]),
    ]).findings;
    expect(finding?.summary).toBe('n1 evicted 1 slow consumer within 10 min: pump-8.');
  });

  it('never calls silence healthy', () => {
    const blind = server('n1', { closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('names who, how much waited, and the limits that were reached', () => {
    const rows = [evicted(), evicted({ pending_bytes: 500 }), evicted({ name: 'web', ip: '10.0.0.8' })];
    const settings = { max_pending: 2 ** 20, write_deadline: 10e9 };
    const look = watching(diagnosis).look([server('n1', { varz: varz(settings), closed: closed(rows) })]);
    expect(look.findings[0]?.summary).toBe('n1 evicted 3 slow consumers within 10 min: report-writer, web.');
    expect(look.findings[0]?.evidence).toEqual([
      'reason: Slow Consumer (Pending Bytes); at most 1 MiB may wait (max_pending), and a write may take 10 s (write_deadline)',
      'report-writer: 2 times, from 10.0.0.9, up to 960.3 KiB pending',
      'web: 1 time, from 10.0.0.8, up to 960.3 KiB pending',
    ]);
  });
});
