import { understand } from '../../infra/settings.ts';
import { dynamoMemory } from '../../lambdas/adapters/memory/dynamodb.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import type { Ports } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { silent } from './all-checks.ts';
import { unitsAtMost, type Measurement } from './report.ts';
import { quietCluster, type Life } from '../scenes/quiet-cluster.ts';
import { countingClient, createMemoryTable, type Units } from '../services/dynamodb-units.ts';
import type { Moto } from '../services/moto.ts';

/** Windows of rules and most of those of diagnoses are full before the first of them. */
const minutesBefore = 61;
const minutesMeasured = 30;

/** What DynamoDB bills a minute for a check's memory: the mean of all checks. */
export async function measureMemory(moto: Moto): Promise<readonly Measurement[]> {
  const span = { before: minutesBefore, measured: minutesMeasured };
  const quiet = await unitsOfQuietMinute(moto, 'idle', span);
  const busy = await unitsOfQuietMinute(moto, 'ordinary', span);
  const written = (units: typeof quiet) =>
    Object.values(units).reduce((sum, { write }) => sum + write, 0) / checks.length;
  const what = 'write units of DynamoDB a minute and check, three servers';
  return [
    unitsAtMost({ what: `${what}, nothing closes`, value: written(quiet) }, 1.38),
    unitsAtMost({ what: `${what}, leafnodes, jobs come and go`, value: written(busy) }, 1.38),
  ];
}

const start = Date.UTC(2026, 10, 20, 12);

/**
 * What DynamoDB bills a minute for the memory of each check on a quiet cluster of three servers, with the built-in rules: the
 * mean of `measured` minutes after `before` others, in which windows fill. By the id of the check.
 * @throws Error if anything is found or warned of: then the cluster is not quiet
 */
export async function unitsOfQuietMinute(
  moto: Moto,
  life: Life,
  { before, measured }: { readonly before: number; readonly measured: number },
): Promise<Readonly<Record<string, Units>>> {
  const table = `memory-${life}`;
  await createMemoryTable(moto, table);
  const cluster = await quietCluster(start, life);
  const counted = countingClient(moto);
  try {
    const targets = cluster.targets.map(({ name, url }) => ({ name, url }));
    const { settings, book, translated } = understand({ clusters: [{ name: 'prod', targets }] }, 'quiet');
    const [watch] = watchesOf(settings, book, translated.plan);
    if (watch === undefined) throw new Error('no cluster to watch');
    let now = start;
    const ports: Omit<Ports, 'source'> = {
      ...silent,
      memory: dynamoMemory(counted.client, table, { now: () => now }),
      log: { info: () => {}, warn: (message, facts) => fail(`${message} ${JSON.stringify(facts)}`) },
      now: () => now,
    };
    let after = counted.units();
    for (let minute = 0; minute < before + measured; minute += 1) {
      if (minute === before) after = counted.units();
      const source = cluster.at(minute);
      now = start + minutes(minute) + 1_000;
      for (const check of checks) {
        const report = await run(check, watch, { ...ports, source }, start + minutes(minute));
        const found = (report?.entries ?? []).flatMap(({ findings }) =>
          findings.filter(({ severity }) => severity !== 'info'),
        );
        if (found.length > 0) fail(`${check.id} found ${found.map(({ diagnosis }) => diagnosis).join(', ')}`);
      }
    }
    return Object.fromEntries(
      checks.map(({ id }) => [id, mean(sumOf(id, counted.units()), sumOf(id, after), measured)]),
    );
  } finally {
    counted.stop();
    await cluster.stop();
  }
}

function fail(why: string): never {
  throw new Error(`the cluster is to be quiet, but ${why}`);
}

/** Of all items of a check. */
function sumOf(check: string, units: ReadonlyMap<string, Units>): Units {
  const own = [...units].filter(([id]) => id.startsWith(`${check}#`)).map(([, each]) => each);
  return own.reduce((sum, { write, read }) => ({ write: sum.write + write, read: sum.read + read }), none);
}

const none: Units = { write: 0, read: 0 };

const mean = (after: Units, before: Units, minutesBetween: number): Units => ({
  write: (after.write - before.write) / minutesBetween,
  read: (after.read - before.read) / minutesBetween,
});
