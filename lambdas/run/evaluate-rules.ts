import { serverIdsOf } from './collect.ts';
import type { FailedPath } from '../define.ts';
import { targetReports } from '../engine/findings/entries.ts';
import { plural } from '../engine/format.ts';
import { judge, type Judgement } from '../engine/judgement/judge.ts';
import type { Snapshot } from '../engine/judgement/views.ts';
import type { Evaluate } from './evaluation.ts';
import { evaluateInFunction } from '../rules/engines/classic.ts';
import { sendForCloudWatch } from '../rules/engines/promql.ts';
import { noConfigs } from '../readings/learned-configs.ts';
import { preparedFor } from '../rules/engines/prepared.ts';
import { readTarget, type ReadTarget } from '../rules/read-series.ts';
import { targetLabels } from '../rules/target-labels.ts';
import { whoAnswered } from '../rules/who-answered.ts';

/** Endpoints that another check reads too, and reports when they fail. */
export const endpointsOfOtherChecks: readonly string[] = [
  '/varz',
  '/leafz',
  '/healthz',
  '/accstatz?unused=1',
  '/routez',
  '/gatewayz',
];

/** The deployment's rules, over what servers say now and what is kept of earlier minutes. */
export const evaluateRules: Evaluate = async (check, watch, ports, { at, firstRun, memory }) => {
  const { facts, targets, book } = watch;
  const { plan, compiled, seriesToRead } = await preparedFor(watch);
  const sighted = await Promise.all(
    targets.map((target) =>
      readTarget(ports.source, target, targetLabels(facts, target), seriesToRead, compiled.unread),
    ),
  );
  const { read, servers } = whoAnswered(sighted, memory.servers, ports.now());
  const warn = (message: string, why?: Readonly<Record<string, unknown>>) =>
    ports.log.warn(`${check.id}, cluster ${facts.name}: ${message}`, why);
  const input = { plan, compiled, cluster: facts.name, at, memory: memory.rules, warn };
  const result =
    plan.engine === 'promql'
      ? await sendForCloudWatch(input, read, ports.series)
      : evaluateInFunction(input, read);

  const snapshot: Snapshot = {
    at,
    servers: read.map(({ target, varz, answering }) => ({
      target,
      readings: { varz },
      ...(answering === undefined ? {} : { answering }),
    })),
  };
  const readOf = new Map(read.map((each) => [each.target.name, each]));
  const ruleJudgements = Map.groupBy(result.judgements, ({ target }) => target?.name);
  const unreadable = check.diagnoses.flatMap((diagnosis) => {
    const failures = ({ target: { name } }: Pick<ReadTarget, 'target'>) => failuresOf(readOf.get(name));
    return judge(diagnosis, snapshot, { facts, book, at, firstRun, history: {}, failures }).judgements;
  });
  return {
    check: { ...check, diagnoses: [...check.diagnoses, ...result.diagnoses] },
    facts: { ...facts, covered: { ...facts.covered, ...result.covered } },
    judgements: [
      ...unreadable.map((each) => counting(each, ruleJudgements.get(each.target?.name) ?? [])),
      ...result.judgements,
    ],
    observed: result.observed,
    targets: targetReports(snapshot, servers),
    serverIds: serverIdsOf(snapshot),
    history: {},
    servers,
    cursors: {},
    configs: noConfigs,
    rules: result.memory,
  };
};

/** Where all endpoints answer, what the server's own rules say together is more worth telling. */
function counting(unreadable: Judgement, own: readonly Judgement[]): Judgement {
  const isReported =
    unreadable.verdict !== 'measured' || !unreadable.conclusive || unreadable.breaches.length > 0;
  const evaluated = own.filter(({ verdict }) => verdict === 'measured').length;
  const unknown = own.filter(({ verdict }) => verdict === 'unknown').length;
  if (isReported || evaluated + unknown === 0) return unreadable;
  const firing = own.filter(({ breaches }) => breaches.length > 0).length;
  const said = [
    plural(evaluated, 'evaluated rule'),
    ...(firing > 0 ? [`${firing} firing`] : []),
    ...(firing === 0 && evaluated > 0 ? [evaluated === 1 ? 'does not fire' : 'none fires'] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  return { ...unreadable, seen: said.join(', ') };
}

const failuresOf = (read: ReadTarget | undefined): readonly FailedPath[] =>
  (read?.failures() ?? []).filter(({ path }) => !endpointsOfOtherChecks.includes(path));
