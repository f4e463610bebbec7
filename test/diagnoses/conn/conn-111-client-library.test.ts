import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-111-client-library.ts';
import { madeBefore } from '../../../lambdas/diagnoses/clients/library-ages.ts';
import { faultsOf, libraryFaults } from '../../../lambdas/diagnoses/clients/library-faults.ts';
import { versionOf } from '../../../lambdas/diagnoses/clients/library-version.ts';
import { client, many, mqttClient, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const look = (...rows: readonly ReturnType<typeof client>[]) =>
  watching(diagnosis, { every: minutes(5) }).look([serving('n1', rows)]);
const told = (lang: string, version: string) =>
  look(client({ lang, version })).findings.map(({ entity }) => entity.name);

describe('CONN_111, client libraries with a known fault, or years old', () => {
  it.each([
    ['java', '2.25.1', ['jnats before 2.25.2']],
    ['java', '2.25.2', []],
    ['.NET', '2.5.9.0', ['NATS.Net before 2.5.10']],
    ['.NET', '2.5.10', []],
    // The older library of .NET is another one, whose numbers say nothing of this.
    ['.NET', '1.1.8', []],
    ['go', '1.36.0', ['nats.go before 1.37.0']],
    ['go', '1.48.0', []],
    ['go', '1.22.1', ['nats.go before 1.31.0', 'nats.go before 1.37.0']],
    ['nats.js', '2.10.2', ['released before 2023']],
    ['nats.js', '2.10.3', []],
    ['nats.js', '3.4.0', []],
    ['zig', '0.0.1', []],
    ['go', 'development', []],
  ])('knows %s %s: %j', (lang, version, expected) => {
    expect(told(lang, version)).toEqual(expected);
  });

  it('says what is wrong, where it was fixed and who uses it, for information', () => {
    const rows = many(3, (i) => ({ lang: 'java', version: '2.20.5', name: i === 0 ? 'billing' : 'orders' }));
    const [finding] = watching(diagnosis).look([
      serving('n1', rows),
      serving(
        'n2',
        many(1, () => rows[0] ?? {}),
      ),
    ]).findings;
    expect(finding).toMatchObject({
      severity: 'info',
      entity: { kind: 'library', name: 'jnats before 2.25.2' },
      summary:
        '4 clients use jnats before 2.25.2: after a reconnect a client may send nothing more, until the server closes it as stale.',
      evidence: [
        'fixed in jnats 2.25.2: https://github.com/nats-io/nats.java/issues/1522',
        'java 2.20.5: 4 clients',
        'clients: billing (APP) 2, orders (APP) 2',
      ],
    });
  });

  it('may be made a warning by settings', () => {
    const watch = watching(diagnosis, { limits: { CONN_111: { faulty: { warning: 1 } } } });
    const rows = [client({ lang: 'java', version: '2.20.5' })];
    expect(watch.look([serving('n1', rows)]).outcomes).toEqual({ cluster: 'warning' });
  });

  it('knows nothing of MQTT clients, which do not say', () => {
    expect(look(mqttClient()).seen).toEqual({
      cluster: '0 clients of 0 releases of libraries: 0 known faults, 0 of releases before 2023',
    });
  });

  it('has a source and a version that can be read for each fault, and its fix is without it', () => {
    for (const { lang, from, fixed, source } of libraryFaults) {
      expect(versionOf(fixed)).not.toBe(null);
      expect(source).toMatch(/^https:\/\/github\.com\//);
      expect(faultsOf(lang, fixed).every((other) => other.fixed !== fixed)).toBe(true);
      if (from !== undefined) expect(faultsOf(lang, from).length).toBeGreaterThan(0);
    }
  });

  it('knows when a release was made by the first one of each year', () => {
    expect([
      madeBefore('go', '1.31.0'),
      madeBefore('go', '1.32.0'),
      madeBefore('go', '1.99.0'),
      madeBefore('node', '1.4.12'),
      madeBefore('constructor', '1.0.0'),
    ]).toEqual([2024, 2025, null, 2021, null]);
  });
});
