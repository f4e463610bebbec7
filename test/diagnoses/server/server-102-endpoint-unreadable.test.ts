import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-102-endpoint-unreadable.ts';
import { failing, leafz, server, varz, watching } from '../../kit.ts';

const blind = server('n1', { varz: varz(), leafz: failing('timeout') });
const sees = server('n1', { varz: varz(), leafz: leafz() });
const down = server('n1', { varz: failing('unreachable'), leafz: failing('unreachable') });

describe('SERVER_102, an endpoint that cannot be read', () => {
  it('is a warning after 15 minutes, not before', () => {
    const watch = watching(diagnosis, { remembers: true });
    const outcomes = Array.from({ length: 16 }, () => watch.look([blind]).outcomes['n1']);
    expect([outcomes.slice(0, 15).every((outcome) => outcome === 'ok'), outcomes[15]]).toEqual([
      true,
      'warning',
    ]);
  });

  it('starts anew when the endpoint answered in between', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let run = 0; run < 10; run += 1) watch.look([blind]);
    watch.look([sees]);
    const outcomes = Array.from({ length: 15 }, () => watch.look([blind]).outcomes['n1']);
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
  });

  it('leaves a server that does not answer at all to server-up: it is unknown here, and nobody is told', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 20 }, () => watch.look([down]));
    expect(looks.map(({ outcomes }) => outcomes['n1'])).toEqual(looks.map(() => 'unknown'));
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
  });

  it('names the endpoint and its failure', () => {
    const [finding] = watching(diagnosis).look([blind]).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'endpoint', name: '/leafz' },
      summary: 'n1 answers /varz; its /leafz does not answer in time (timeout).',
      evidence: ['no reply: timeout'],
    });
  });
});
