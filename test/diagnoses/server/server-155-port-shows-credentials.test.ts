import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-155-port-shows-credentials.ts';
import { server, varz, watching } from '../../kit.ts';

const runs = (name: string, version: string, auth_required = true) =>
  server(name, { varz: varz({ version, auth_required }) });
const tokens = 'authentication tokens in clear (/connz?auth=1)';
const jwts = 'JWTs of bearers (/connz)';

describe('SERVER_155, what the monitoring port shows to anybody', () => {
  it.each([
    ['2.9.10', `${tokens}, ${jwts}`],
    ['2.10.27', `${tokens}, ${jwts}`],
    ['2.10.28', jwts],
    ['2.11.1', `${tokens}, ${jwts}`],
    ['2.11.2', jwts],
    ['2.11.16', jwts],
    ['2.11.17', null],
    ['2.12.7', jwts],
    ['2.12.8', null],
    ['2.14.0', null],
    ['2.15.1', null],
    ['a build of their own', null],
  ])('on %s is %s', (version, shown) => {
    const { findings, outcomes } = watching(diagnosis).look([runs('n1', version)]);
    expect(outcomes).toEqual({ cluster: 'ok' });
    expect(findings.flatMap(({ evidence }) => evidence)).toEqual(
      shown === null ? [] : [`n1, nats-server ${version}: ${shown}`],
    );
  });

  it('is told once for all servers, for information', () => {
    const { findings, notices } = watching(diagnosis).look(
      ['n1', 'n2', 'n3'].map((name) => runs(name, '2.9.10')),
    );
    expect(findings).toMatchObject([
      {
        severity: 'info',
        summary:
          'The monitoring port of 3 servers may show credentials to anybody who reaches it: n1, n2, n3.',
      },
    ]);
    expect(notices).toEqual([]);
  });

  it('is no credential where nobody is asked for one', () => {
    expect(watching(diagnosis).look([runs('n1', '2.9.10', false)]).findings).toEqual([]);
  });
});
