import { expect, it } from 'vitest';
import {
  asked,
  atLeast,
  defineDiagnosis,
  measured,
  minutes,
  nothing,
  type AskedOf,
} from '../../lambdas/define.ts';
import { run } from '../../lambdas/run/run.ts';
import { checkOf, fakeWorld, minute, watchOf } from '../engine/fake-ports.ts';
import type { Reading } from '../../lambdas/readings/reading.ts';
import { failing } from '../kit.ts';

/** Asks for so many groups of each server, and finds what lags behind. */
const asking = (count: number, id = 'TEST_001') =>
  defineDiagnosis({
    id,
    title: 'Asks',
    scope: 'cluster',
    reads: { raftz: asked() },
    history: {},
    limits: { behind: atLeast({ warning: 1 }, { unit: 'count', of: 'entries' }) },
    for: minutes(0),
    why: '',
    remedy: '',
    evaluate({ servers }) {
      const asks = servers.flatMap(({ target }) =>
        Array.from({ length: count }, (_, i): AskedOf<'raftz'> => ({
          endpoint: 'raftz',
          target,
          account: 'A & B',
          group: `G${i}`,
        })),
      );
      const groups = servers.flatMap(({ raftz }) => (raftz?.ok ? raftz.value.groups : []));
      const failures = servers.flatMap(({ raftz }) => (raftz?.ok === false ? [raftz.failure.message] : []));
      if (groups.length === 0) return nothing(failures[0] ?? 'not asked', { asks });
      return measured(
        groups.map(({ name }) => name).join(', '),
        groups.map((group) => ({
          limit: 'behind' as const,
          entity: { kind: 'stream', name: group.name },
          value: group.pindex - group.committed,
          data: group,
        })),
        { asks },
      );
    },
    describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
  });

/** Asks for the group after those that it has. */
const askingOnAndOn = defineDiagnosis({
  id: 'TEST_003',
  title: 'Asks on and on',
  scope: 'server',
  reads: { raftz: asked() },
  history: {},
  limits: { behind: atLeast({ warning: 1 }, { unit: 'count', of: 'entries' }) },
  for: minutes(0),
  why: '',
  remedy: '',
  evaluate({ target, raftz: reading }) {
    const names = reading?.ok ? reading.value.groups.map(({ name }) => name) : [];
    const asks = [{ endpoint: 'raftz' as const, target, account: 'A & B', group: `G${names.length}` }];
    return nothing(names.join(', '), { asks });
  },
  describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
});

const raftz = (name: string) => ({
  'A & B': { [name]: { state: 'LEADER', committed: 3, applied: 3, pindex: 5 } },
});
const path = (group: string) => `/raftz?acc=A%20%26%20B&group=${group}`;

async function ran(count: number, paths: Record<string, object>) {
  const world = fakeWorld({ n1: { paths } });
  const check = checkOf({ diagnoses: [asking(count)], answersFor: ['raftz'] });
  const report = await run(check, watchOf(check, ['n1']), world.ports(), minute(0));
  const [only] = report?.entries.flatMap(({ diagnoses }) => diagnoses) ?? [];
  return {
    said: `${only?.outcome ?? ''}: ${only?.seen ?? ''}`,
    reads: world.reads.filter((read) => read.includes('/raftz')),
  };
}

it('reads what a verdict asks for in the same run, and judges anew', async () => {
  expect(await ran(2, { [path('G0')]: raftz('G0'), [path('G1')]: raftz('G1') })).toEqual({
    said: 'warning: G0, G1',
    reads: [`n1 ${path('G0')}`, `n1 ${path('G1')}`],
  });
});

it('reads nothing where nothing is asked for', async () => {
  expect(await ran(0, {})).toEqual({ said: 'ok: not asked', reads: [] });
});

it('reads eight at most, the first', async () => {
  const all = Array.from({ length: 20 }, (_, i) => `G${i}`);
  const { said, reads } = await ran(20, Object.fromEntries(all.map((name) => [path(name), raftz(name)])));
  expect([said, reads.length]).toEqual([`warning: ${all.slice(0, 8).join(', ')}`, 8]);
});

it('reads once what is asked for twice', async () => {
  const check = checkOf({ diagnoses: [asking(2), asking(3, 'TEST_002')], answersFor: ['raftz'] });
  const world = fakeWorld({ n1: {} });
  await run(check, watchOf(check, ['n1']), world.ports(), minute(0));
  expect(world.reads.filter((read) => read.includes('/raftz'))).toEqual([
    `n1 ${path('G0')}`,
    `n1 ${path('G1')}`,
    `n1 ${path('G2')}`,
  ]);
});

it('reads once more what a verdict asks for after what it was given, and no third time', async () => {
  const groups = Object.fromEntries(['G0', 'G1', 'G2'].map((name) => [path(name), raftz(name)]));
  const world = fakeWorld({ n1: { paths: groups } });
  const check = checkOf({ diagnoses: [askingOnAndOn], answersFor: ['raftz'] });
  const report = await run(check, watchOf(check, ['n1']), world.ports(), minute(0));
  expect(report?.entries.flatMap(({ diagnoses }) => diagnoses.map(({ seen }) => seen))).toEqual(['G0, G1']);
});

it('gives the failure where one of them fails', async () => {
  const { said } = await ran(2, { [path('G0')]: raftz('G0'), [path('G1')]: failing('timeout') });
  expect(said).toBe('unknown: no reply: timeout; n1 /raftz could not be read');
});

/** Asks for so many ports of each server. */
const looking = (count: number) =>
  defineDiagnosis({
    id: 'TEST_002',
    title: 'Looks',
    scope: 'server',
    reads: { certificates: asked() },
    history: {},
    limits: { some: atLeast({ warning: 1 }, { unit: 'count', of: 'certificates' }) },
    for: minutes(0),
    why: '',
    remedy: '',
    evaluate({ target, certificates }) {
      const asks = Array.from({ length: count }, (_, i): AskedOf<'certificates'> => ({
        endpoint: 'certificates',
        target,
        port: i,
      }));
      if (certificates === null) return nothing('not asked', { asks });
      const failed = certificates.ok ? [...certificates.value.values()].filter(({ ok }) => !ok) : [];
      return nothing(`${failed.length} without TLS`);
    },
    describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
  });

it.each([
  [2, '2 without TLS'],
  [64, '64 without TLS'],
  [70, '64 without TLS'],
])('looks at certificates that a verdict asks for, of %d at most 64', async (count, seen) => {
  const world = fakeWorld({ n1: {} });
  const check = checkOf({ diagnoses: [looking(count)], answersFor: ['certificates'] });
  const report = await run(check, watchOf(check, ['n1']), world.ports(), minute(0));
  expect(report?.entries.flatMap(({ diagnoses }) => diagnoses.map((each) => each.seen))).toEqual([seen]);
  expect(world.reads.filter((read) => read.startsWith('n1 :'))).toEqual(
    Array.from({ length: Math.min(count, 64) }, (_, i) => `n1 :${i}`),
  );
});

const account = (name: string) => ({
  server_id: 'n1',
  account_detail: { account_name: name, expired: false, subscriptions: 0 },
});
const asksForAccounts = defineDiagnosis({
  id: 'TEST_004',
  title: 'Asks for accounts',
  scope: 'cluster',
  reads: { accountz: asked() },
  history: {},
  limits: { many: atLeast({ warning: 9 }, { unit: 'count', of: 'accounts' }) },
  for: minutes(0),
  why: '',
  remedy: '',
  evaluate({ servers }) {
    const known = servers.flatMap(({ accountz }) => (accountz?.ok ? accountz.value.accounts : []));
    const asks = servers.flatMap(({ target }) =>
      ['A', 'B', ...(known.length > 0 ? ['C'] : [])].map((name) => ({
        endpoint: 'accountz' as const,
        target,
        account: name,
      })),
    );
    return nothing(`${known.length} accounts`, { asks });
  },
  describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
});
const gone: Reading<never> = { ok: false, failure: { code: 'status', status: 400, message: 'HTTP 400' } };

it.each([
  [
    'one that fails',
    failing(),
    'unknown: 2 accounts; 1 row (no reply: timeout) of n1 /accountz?acc= could not be read',
  ],
  ['one that the server does not know any more', gone, 'ok: 2 accounts'],
])('takes the others of several accounts beside %s', async (_, reply, said) => {
  const paths = {
    '/accountz?acc=A': reply,
    '/accountz?acc=B': account('B'),
    '/accountz?acc=C': account('C'),
  };
  const world = fakeWorld({ n1: { paths } });
  const check = checkOf({ diagnoses: [asksForAccounts], answersFor: ['accountz'] });
  const report = await run(check, watchOf(check, ['n1']), world.ports(), minute(0));
  const [only] = report?.entries.flatMap(({ diagnoses }) => diagnoses) ?? [];
  expect(`${only?.outcome ?? ''}: ${only?.seen ?? ''}`).toBe(said);
});
