import { describe, expect, it } from 'vitest';
import configuration from '../../lambdas/checks/configuration.ts';
import { days, hours, minutes } from '../../lambdas/durations.ts';
import { run } from '../../lambdas/run/run.ts';
import { fakeWorld, minute, rawVarz, watchOf, type Answers } from '../engine/fake-ports.ts';
import { failing } from '../kit.ts';

const now = Date.parse(String(rawVarz['now']));
const at = (ms: number) => new Date(now + ms).toISOString().replace(/\.\d+/, '');
const shows = (client: number, cluster: number): Answers => ({
  varz: {
    tls_required: true,
    tls_cert_not_after: at(client),
    cluster: { name: 'east', cluster_port: 6_222, tls_required: true, tls_cert_not_after: at(cluster) },
  },
});

async function published(answers: Readonly<Record<string, Answers>>) {
  const world = fakeWorld(answers);
  await run(configuration, watchOf(configuration, Object.keys(answers)), world.ports(), minute(0));
  return world.taken.datapoints.flatMap(({ series, value }) =>
    series === 'nats_certificate_expires_in_seconds' ? [value] : [],
  );
}

describe('nats_certificate_expires_in_seconds', () => {
  it('is of the first certificate of the cluster that expires', async () => {
    const [value] = await published({ n1: shows(days(200), days(90)), n2: shows(days(40), days(90)) });
    expect(Math.abs((value ?? 0) - days(40) / 1_000)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['is 0 for one that has expired', { n1: shows(0 - hours(2), days(90)) }, [0]],
    ['is not there without TLS', { n1: {} }, []],
    [
      'is not there while a server cannot be read',
      { n1: shows(days(40), days(90)), n2: { varz: failing() } },
      [],
    ],
  ])('%s', async (_, answers, values) => {
    expect(await published(answers)).toEqual(values);
  });
});

describe('the check', () => {
  it('asks a server for /varz, at first for who else answers, and looks at certificates where that does not show them', async () => {
    const older = {
      version: '2.10.27',
      tls_required: true,
      port: 4_222,
      cluster: {},
      tls_cert_not_after: undefined,
    };
    const world = fakeWorld({ n1: shows(days(200), days(200)), n2: { varz: older } });
    const runs = async (i: number) => {
      world.reads.length = 0;
      await run(configuration, watchOf(configuration, ['n1', 'n2']), world.ports(), minute(i));
      return [...new Set(world.reads)].toSorted();
    };
    expect(await runs(0)).toEqual(['n1 /jsz', 'n1 /varz', 'n2 /jsz', 'n2 /varz', 'n2 :4222']);
    expect(await runs(5)).toEqual(['n1 /varz', 'n2 /varz']);
    expect(await runs(hours(6) / minutes(1))).toEqual(['n1 /varz', 'n2 /varz', 'n2 :4222']);
  });
});
