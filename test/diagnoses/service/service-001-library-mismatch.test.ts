import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/service/service-001-library-mismatch.ts';
import { client, clientsOf } from '../../clients-kit.ts';
import { server, watching, type Look } from '../../kit.ts';

const every = minutes(5);
const orders = { name: 'orders', account: 'APP' };
const facts = { expect: { services: [orders] } };
const instances = (...versions: readonly string[]) =>
  server('n1', {
    clients: clientsOf(versions.map((version, i) => client({ cid: i + 1, version }))),
    services: [{ service: orders, instances: versions.map((_, i) => ({ cid: i + 1, account: 'APP' })) }],
  });
/** The last of so many looks at the same. */
const staying = (looks: number, ...versions: readonly string[]): Look => {
  const watch = watching(diagnosis, { every, facts, remembers: true });
  for (let i = 1; i < looks; i += 1) watch.look([instances(...versions)]);
  return watch.look([instances(...versions)]);
};

describe('SERVICE_001, instances of a service use different client libraries', () => {
  it.each([
    [12, 0],
    [13, 1],
  ])('is a warning after an hour, as a deployment takes minutes: %d looks, %d', (looks, expected) => {
    expect(staying(looks, '1.48.0', '1.48.0', '1.40.1').findings).toHaveLength(expected);
  });

  it('names the instances that differ from most', () => {
    expect(staying(13, '1.48.0', '1.48.0', '1.40.1').findings).toMatchObject([
      {
        entity: { kind: 'service', name: 'orders (APP)' },
        summary: 'Instances of service orders (APP) use 2 client libraries: go 1.48.0 2, go 1.40.1 1.',
        evidence: ['go 1.40.1: 10.0.0.9:50000, cid 3 on n1'],
      },
    ]);
  });

  it('is silent where all have one', () => {
    expect(staying(13, '1.48.0', '1.48.0').outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not concern a cluster of which settings expect no services', () => {
    const look = watching(diagnosis, { every }).look([
      server('n1', { clients: clientsOf([]), services: [] }),
    ]);
    expect([look.outcomes, look.seen]).toEqual([
      { cluster: 'not-applicable' },
      { cluster: 'settings expect no services' },
    ]);
  });
});
