import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-105-evidence-lost.ts';
import { minutes } from '../../../lambdas/define.ts';
import type { ClosedConnection, ClosedSince } from '../../../lambdas/define.ts';
import { closed, failing, server, varz, watching } from '../../kit.ts';

const times = (count: number, changes: Partial<ClosedConnection> = {}) =>
  Array.from({ length: count }, () => changes);
const ring = (
  rows: readonly Partial<ClosedConnection>[],
  changes: Partial<ClosedSince> = {},
  closedInAll = rows.length,
  version = '2.15.1',
) =>
  server('n1', {
    varz: varz({ version, connections: 100, total_connections: 100 + closedInAll }),
    closed: closed(rows, { ring: { held: 300, size: 300 }, ...changes }),
  });

/** The second of two runs, a minute after the first unless said otherwise. */
function second(next: ReturnType<typeof ring>, after = minutes(1)) {
  const watch = watching(diagnosis);
  watch.look([ring([], {}, 0)]);
  return watch.look([next], after);
}

describe('CONN_105, evidence lost', () => {
  it('warns when the ring turned over between two runs, with about how many rows are lost', () => {
    const look = second(ring(times(300), { lost: true }, 750));
    expect(look.outcomes).toEqual({ n1: 'warning' });
    expect(look.findings[0]?.summary).toBe(
      'n1 closed more connections within 1 min than its ring of 300 holds: 300 were read, about 450 are lost.',
    );
    expect(look.findings[0]?.remedy).toContain('max_closed_clients');
  });

  it('warns when the ring would fill within three runs, not when within more', () => {
    expect(second(ring(times(100))).outcomes).toEqual({ n1: 'warning' });
    expect(second(ring(times(99))).outcomes).toEqual({ n1: 'ok' });
    expect(second(ring(times(100))).findings[0]?.summary).toBe(
      'n1 fills its ring of 300 closed connections within 3 min (100 rows a minute): a missed run or two would lose evidence.',
    );
  });

  it('does not mistake the rows of several missed runs for one run’s', () => {
    expect(second(ring(times(299)), minutes(10)).outcomes).toEqual({ n1: 'ok' });
  });

  it('says nothing on a first run, which looks back over ten minutes', () => {
    const look = watching(diagnosis).look([ring(times(300), { firstRun: true })]);
    expect(look.outcomes).toEqual({ n1: 'ok' });
  });

  it('says that a restart emptied the ring', () => {
    const watch = watching(diagnosis);
    watch.look([ring(times(5), {}, 50)]);
    const restarted = server('n1', {
      varz: varz({ start: varz().start + 1, connections: 10, total_connections: 12 }),
      closed: closed(times(2), { ring: { held: 2, size: 300 } }),
    });
    expect(watch.look([restarted]).seen).toEqual({
      n1: 'ring 2 of 300 rows, 2 new rows; the restart emptied it',
    });
  });

  it('is quiet while a drain fills the ring, or turns it over', () => {
    const drained = times(300, { reason: 'Server Shutdown' });
    expect(second(ring(drained)).outcomes).toEqual({ n1: 'ok' });
    const look = second(ring(drained, { lost: true }, 900));
    expect(look).toMatchObject({
      outcomes: { n1: 'ok' },
      seen: { n1: 'ring 300 of 300 rows, turned over by a drain' },
    });
  });

  it('names what fills the ring, health probes above all', () => {
    const rows = [...times(60, { lifetimeSeconds: 0.01 }), ...times(50, { reason: 'Read Error' })];
    expect(second(ring(rows)).findings[0]?.evidence).toEqual([
      'reasons: TCP health probes (60), Read Error (50)',
    ]);
  });

  it('says when the server is too old for a larger ring', () => {
    const old = (version: string) => second(ring(times(200), {}, 200, version)).findings[0]?.evidence.at(-1);
    expect(old('2.10.25')).toBe(
      'nats-server 2.10.25 reads no `max_closed_clients` (from 2.10.26 on): its ring holds 10,000',
    );
    expect(old('2.10.26')).toBe('reasons: Client Closed');
  });

  it('never calls silence healthy', () => {
    const blind = server('n1', { closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });
});
