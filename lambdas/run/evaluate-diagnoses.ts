import { collect, endpointsOf, serverIdsOf } from './collect.ts';
import { targetReports } from '../engine/findings/entries.ts';
import { isExplained, toExplain } from '../engine/judgement/explain.ts';
import { judge, type Judgement } from '../engine/judgement/judge.ts';
import { findingKey } from '../engine/findings/findings.ts';
import type { MemoryState } from '../engine/memory-state.ts';
import { observations } from '../engine/judgement/observe.ts';
import { rates } from '../engine/judgement/rates.ts';
import { failuresOf, type Snapshot } from '../engine/judgement/views.ts';
import type { Asked, Diagnosis } from '../define.ts';
import type { Evaluate } from './evaluation.ts';
import { askedFor, withAsked } from './read-asked.ts';

type Judged = ReturnType<typeof judge>;

/** What was asked for may make a verdict ask for more. */
const mostRounds = 2;

/**
 * Readings of the endpoints that a check's diagnoses and series ask for, judged by its diagnoses. Where they found
 * what is not open yet by configurations that were told before, these are told anew. Where they found what a closed ring may explain
 * it is read, and so is what they ask for; what that concerns is judged anew.
 */
export const evaluateDiagnoses: Evaluate = async (check, watch, ports, { at, firstRun, memory, looks }) => {
  const { facts, book } = watch;
  const { servers: known, cursors: passed, configs, findings } = memory;
  const isFound = Object.values(findings).some(({ announced }) => announced !== null);
  const first = await collect(check, watch, ports, { at, known, cursors: passed, configs, isFound });
  const judgeOn = (snapshot: Snapshot) => (diagnosis: Diagnosis) =>
    judge(
      diagnosis,
      { ...snapshot, looks },
      {
        ...{ facts, book, at, firstRun },
        history: memory.history,
        failures: (read) => failuresOf(read, check.answersFor),
      },
    );
  const atFirst = check.diagnoses.map(judgeOn(first.snapshot));
  const isOfNow =
    !first.remembersConfigs || !atFirst.some(({ judgements }) => tellsNew(judgements, findings));
  const collected = isOfNow ? first : await first.withConfigs();
  const found = isOfNow ? atFirst : check.diagnoses.map(judgeOn(collected.snapshot));
  const rings = toExplain(
    collected.snapshot,
    found.flatMap(({ judgements }) => judgements),
  );
  const explained = rings.length === 0 ? collected : await collected.withRings(rings);
  const { cursors } = explained;
  let { snapshot } = explained;
  const anew = (before: readonly Judged[], isAnew: (diagnosis: Diagnosis) => boolean) =>
    check.diagnoses.flatMap(
      (diagnosis, i) => (isAnew(diagnosis) ? judgeOn(snapshot)(diagnosis) : before[i]) ?? [],
    );
  let judged = rings.length === 0 ? found : anew(found, isExplained);
  const before: Asked[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const asked = askedFor(
      judged.flatMap(({ judgements }) => judgements),
      before,
    );
    if (asked.length === 0) break;
    before.push(...asked);
    snapshot = await withAsked(snapshot, asked, ports);
    judged = anew(judged, ({ reads }) => asked.some(({ endpoint }) => endpoint in reads));
  }
  const grown = rates(check, snapshot, { facts, history: memory.history });
  return {
    check,
    facts,
    judgements: judged.flatMap(({ judgements }) => judgements),
    observed: [...observations(check, snapshot, facts), ...grown.observed],
    targets: targetReports(snapshot, collected.servers),
    serverIds: serverIdsOf(snapshot),
    history: Object.assign(
      {},
      memory.history,
      grown.history,
      ...judged.map(({ history }) => history),
    ) as typeof memory.history,
    servers: collected.servers,
    cursors: endpointsOf(check).includes('closed') ? { ...passed, ...cursors } : {},
    configs: collected.configs,
    rules: null,
  };
};

/** Whether something is beyond a limit of which no finding is open yet: one is opened by configurations of now alone. */
const tellsNew = (judgements: readonly Judgement[], known: MemoryState['findings']): boolean =>
  judgements.some(({ diagnosis, target, breaches }) =>
    breaches.some(({ measurement, levels }) => {
      const key = findingKey(diagnosis, target?.name ?? null, measurement.entity);
      const before = Object.hasOwn(known, key) ? known[key]?.levels : undefined;
      return levels.some(
        ({ severity }) => severity !== 'info' && (before?.[severity]?.opened ?? null) === null,
      );
    }),
  );
