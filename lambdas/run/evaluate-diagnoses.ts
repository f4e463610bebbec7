import { collect, endpointsOf, serverIdsOf } from './collect.ts';
import { targetReports } from '../engine/findings/entries.ts';
import { isExplained, toExplain } from '../engine/judgement/explain.ts';
import { judge } from '../engine/judgement/judge.ts';
import { observations } from '../engine/judgement/observe.ts';
import { rates } from '../engine/judgement/rates.ts';
import { failuresOf, type Snapshot } from '../engine/judgement/views.ts';
import type { Diagnosis } from '../define.ts';
import type { Evaluate } from './evaluation.ts';
import { askedFor, withAsked } from './read-asked.ts';

/**
 * Readings of the endpoints that a check's diagnoses and series ask for, judged by its diagnoses. Where they found what a
 * closed ring may explain it is read, and so is what they ask for; what that concerns is judged anew.
 */
export const evaluateDiagnoses: Evaluate = async (check, watch, ports, { at, firstRun, memory, looks }) => {
  const { facts, book } = watch;
  const { servers: known, cursors: passed } = memory;
  const collected = await collect(check, watch, ports, { at, known, cursors: passed });
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
  const found = check.diagnoses.map(judgeOn(collected.snapshot));
  const rings = toExplain(
    collected.snapshot,
    found.flatMap(({ judgements }) => judgements),
  );
  const explained = rings.length === 0 ? collected : await collected.withRings(rings);
  const { cursors } = explained;
  const asked = askedFor(found.flatMap(({ judgements }) => judgements));
  const snapshot =
    asked.length === 0 ? explained.snapshot : await withAsked(explained.snapshot, asked, ports);
  const isAnew = (diagnosis: Diagnosis) =>
    (rings.length > 0 && isExplained(diagnosis)) || asked.some(({ endpoint }) => endpoint in diagnosis.reads);
  const judged = check.diagnoses.flatMap(
    (diagnosis, i) => (isAnew(diagnosis) ? judgeOn(snapshot)(diagnosis) : found[i]) ?? [],
  );
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
    rules: null,
  };
};
