import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-141-memory-climbs.ts';
import { hours, minutes } from '../../../lambdas/durations.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { server, varz, watching } from '../../kit.ts';
import { GiB } from './running.ts';

const using = (gibibytes: number, changes: Partial<Varz> = {}) =>
  server('n1', { varz: varz({ mem: Math.round(gibibytes * GiB), ...changes }) });

type Given = { readonly memoryLimit?: number | null; readonly gomemlimit?: number };

/** What is found of a server that used so much at each hour, and so for half an hour after the last. */
function after(sizes: readonly number[], { memoryLimit = 10 * GiB, gomemlimit }: Given = {}) {
  const watch = watching(diagnosis, { remembers: true, facts: { memoryLimit } });
  const changes = gomemlimit === undefined ? {} : { gomemlimit };
  for (const size of sizes) watch.look([using(size, changes)], hours(1));
  const minutely = Array.from({ length: 31 }, () =>
    watch.look([using(sizes.at(-1) ?? 0, changes)], minutes(1)),
  );
  return minutely.at(-1)?.findings ?? [];
}
const growing = (from: number, anHour: number, many: number) =>
  Array.from({ length: many }, (_, hour) => from + anHour * hour);
/** A day of a server whose load comes in the morning and goes in the evening, from a given hour of it on. */
const daily = (least: number, most: number, hour: number, many = 30) =>
  Array.from(
    { length: many },
    (_, i) => least + ((most - least) * (1 - Math.cos(((hour + i) / 12) * Math.PI))) / 2,
  );
const severities = (findings: ReturnType<typeof after>) => findings.map(({ severity }) => severity);

describe('SERVER_141, memory that climbs', () => {
  it.each([
    ['reaches its limit within two days', growing(3, 0.1, 25), ['warning']],
    ['has more than two', growing(4.5, 0.05, 25), ['info']],
    ['has more than a week', growing(5, 0.01, 25), []],
    ['uses less than half of it', growing(2, 0.1, 25), []],
    ['stays where it is', growing(9, 0, 25), []],
    ['falls', growing(9, -0.1, 25), []],
    ['was watched for less than a day', growing(5, 0.05, 22), []],
  ])('of a server that %s', (_, sizes, expected) => {
    expect(severities(after(sizes))).toEqual(expected);
  });

  it.each([
    ['reaches it within six hours at the pace of the last ones', growing(6, 0.5, 5), ['warning']],
    ['would take longer', growing(6.1, 0.3, 5), []],
    ['uses less than 70 % of it', growing(2, 1, 5), []],
    ['was watched for less than three hours', growing(7, 0.5, 3), []],
  ])('fast, of a server that %s', (_, sizes, expected) => {
    expect(severities(after(sizes))).toEqual(expected);
  });

  it('is told with its limit, its pace and what the server holds', () => {
    expect(after(growing(3, 0.1, 25), { memoryLimit: 10 * GiB })[0]).toMatchObject({
      summary: 'Memory of n1 reaches memoryLimit (10 GiB) in about 1 d 23 h at its pace.',
      evidence: [
        'it uses 5.4 GiB, 54 % of memoryLimit (10 GiB) and grew by 100.2 MiB an hour, seen over up to 1 d',
        expect.stringMatching(/^it holds \d+ clients? and \d+ subscriptions$/),
      ],
    });
  });

  it.each([0, 3, 6, 9, 12, 15, 18, 21])('is no day and night, looked at %i hours after midnight', (hour) => {
    expect(after(daily(3, 6.5, hour))).toEqual([]);
  });

  it('is for information where it climbs to GOMEMLIMIT only, as caches do by design', () => {
    const given = { memoryLimit: null, gomemlimit: 10 * GiB };
    expect(severities(after(growing(3, 0.1, 25), given))).toEqual(['info']);
    expect(after(growing(3, 0.1, 25), given)[0]?.why).toMatch(/fill up to it and are given back/);
    expect(severities(after(growing(6, 0.5, 5), given))).toEqual([]);
  });

  it('begins anew with a new process', () => {
    const watch = watching(diagnosis, { remembers: true, facts: { memoryLimit: 10 * GiB } });
    for (const size of growing(3, 0.1, 25)) watch.look([using(size)], hours(1));
    const looks = Array.from({ length: 40 }, () => watch.look([using(6, { server_id: 'next' })]));
    expect(looks.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('does not apply where no limit is known, and Go has none', () => {
    const watch = watching(diagnosis);
    expect(watch.look([using(1)]).outcomes).toEqual({ n1: 'not-applicable' });
    expect(watch.look([using(1, { gomemlimit: 2 ** 63 })]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
