import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-003-leader-flaps.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { failing, server, watching, type Look } from '../../kit.ts';
import { group } from './group.ts';

const names = ['n1', 'n2', 'n3'];
/** What the last of these looks says, a minute apart: who leads, `null` while nobody does. */
function ledBy(...leaders: readonly (string | null)[]): Look {
  const watch = watching(diagnosis, { remembers: true });
  const looks = leaders.map((leader) => watch.look(group(names, { leader })));
  return looks.at(-1) as Look;
}

describe('META_003, a meta leader that changes again and again', () => {
  it.each([
    [['n1', 'n1', 'n2', 'n2', 'n2'], []],
    [['n1', 'n2', 'n1', 'n1'], ['info']],
    [['n1', 'n2', 'n1', 'n2', 'n2'], ['info']],
    [['n1', 'n2', 'n1', 'n2', 'n3', 'n3'], ['warning']],
    [['n1', null, 'n2', null, 'n1', null, 'n2', null, 'n1', 'n1'], ['warning']],
  ])('led by %j is %j', (leaders, severities) => {
    expect(ledBy(...leaders).findings.map(({ severity }) => severity)).toEqual(severities);
  });

  it('says between whom, when, and how busy they are', () => {
    const [finding] = ledBy('n1', 'n2', 'n1', 'n2', 'n3', 'n3').findings;
    expect(finding).toMatchObject({
      summary:
        'The meta leader of domain east, cluster east changed 4 times within 15 min, between n1, n2, n3.',
      evidence: [
        '2026-11-20 10:01 UTC: n1 to n2',
        '2026-11-20 10:02 UTC: n2 to n1',
        '2026-11-20 10:03 UTC: n1 to n2',
        '2026-11-20 10:04 UTC: n2 to n3',
        'n1: 0 % of a core, up 1 d',
        'n2: 0 % of a core, up 1 d',
        'n3: 0 % of a core, up 1 d',
      ],
    });
  });

  it('is silent about a rolling restart: each leader that goes was restarted, or does not answer', () => {
    const watch = watching(diagnosis, { remembers: true });
    let last = watch.look(group(names, { leader: 'n1' }));
    for (const [leader, next] of [
      ['n1', 'n2'],
      ['n2', 'n3'],
      ['n3', 'n1'],
      ['n1', 'n2'],
      ['n2', 'n3'],
    ] as const) {
      const others = names.filter((name) => name !== leader);
      last = watch.look([
        ...group(others, { leader: next, size: 3 }),
        server(leader, { varz: failing(), jsz: failing() }),
      ]);
      last = watch.look([
        ...group(others, { leader: next, size: 3 }),
        ...group([leader], { leader: next, varz: { uptime: 45 } }),
      ]);
    }
    expect(last.findings).toEqual([]);
  });

  it('ends a quarter of an hour after the last change', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const leader of ['n1', 'n2', 'n1', 'n2', 'n1']) watch.look(group(names, { leader }));
    expect(lookingOn(watch, group(names), 20).findings).toEqual([]);
  });
});
