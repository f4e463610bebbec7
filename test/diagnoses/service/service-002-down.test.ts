import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/service/service-002-down.ts';
import { lookingAt } from '../../clients-kit.ts';
import { failing, server, watching } from '../../kit.ts';

const every = minutes(5);
const orders = { name: 'orders', account: 'APP' };
const holding = (name: string, count: number, service: typeof orders & { instances?: number } = orders) =>
  server(name, {
    services: [
      { service, instances: Array.from({ length: count }, (_, i) => ({ cid: i + 1, account: 'APP' })) },
    ],
  });
const watch = (service: typeof orders & { instances?: number } = orders) =>
  watching(diagnosis, { every, facts: { expect: { services: [service] } }, remembers: true });

describe('SERVICE_002, a service has no instance, or too few', () => {
  it('is critical in the second look without one on any server', () => {
    const own = watch();
    const none = [holding('n1', 0), holding('n2', 0)];
    expect([own.look(none), own.look(none)].map(({ notices }) => notices)).toEqual([
      [],
      [{ kind: 'opened', severity: 'critical', entity: 'orders (APP)' }],
    ]);
  });

  it('is ok with one on one of them, and resolved when it comes back', () => {
    const own = watch();
    const none = [holding('n1', 0), holding('n2', 0)];
    own.look(none);
    expect(own.look(none).findings).toMatchObject([
      {
        entity: { kind: 'service', name: 'orders (APP)' },
        summary: 'No instance of service orders (APP) listens on any of 2 servers.',
        evidence: ['n1: 0 instances', 'n2: 0 instances'],
      },
    ]);
    const one = [holding('n1', 0), holding('n2', 1)];
    const back = lookingAt(own, one, one);
    expect([back.outcomes, back.notices.map(({ kind }) => kind)]).toEqual([{ cluster: 'ok' }, ['resolved']]);
  });

  it('is silent about a deployment that has none for less than five minutes', () => {
    const own = watch();
    const looks = [1, 0, 1].map((count) => own.look([holding('n1', count)]));
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
  });

  it.each([
    [3, 'ok'],
    [2, 'warning'],
    [0, 'critical'],
  ])('warns below the number that settings expect: %d of 3, %s', (count, expected) => {
    const service = { ...orders, instances: 3 };
    const own = watch(service);
    own.look([holding('n1', count, service)]);
    expect(own.look([holding('n1', count, service)]).outcomes).toEqual({ cluster: expected });
  });

  it('is not known while a server that may hold one cannot be read', () => {
    const own = watch();
    const servers = [holding('n1', 0), server('n2', { services: failing() })];
    expect([own.look(servers), own.look(servers)].map(({ outcomes }) => outcomes['cluster'])).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(own.look([holding('n1', 1), server('n2', { services: failing() })]).outcomes).toEqual({
      cluster: 'ok',
    });
  });

  it('does not concern a cluster of which settings expect none', () => {
    const look = watching(diagnosis, { every }).look([server('n1', { services: [] })]);
    expect([look.outcomes, look.seen]).toEqual([
      { cluster: 'not-applicable' },
      {
        cluster: 'settings expect no services (`expect.services`): without a list none is missed',
      },
    ]);
  });
});
