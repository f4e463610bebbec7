import { serverIdsOf, collect } from './collect.ts';
import { targetReports } from '../engine/findings/entries.ts';
import { judge } from '../engine/judgement/judge.ts';
import { observations } from '../engine/judgement/observe.ts';
import { failuresOf } from '../engine/judgement/views.ts';
import type { Evaluate } from './evaluation.ts';

/** Readings of the endpoints that a check's diagnoses and series ask for, judged by its diagnoses. */
export const evaluateDiagnoses: Evaluate = async (check, watch, ports, { at, firstRun, memory }) => {
  const { facts, book } = watch;
  const { servers: known, cursors: passed } = memory;
  const { snapshot, servers, cursors } = await collect(check, watch, ports, { at, known, cursors: passed });
  const about = { facts, book, at, firstRun };
  const judged = check.diagnoses.map((diagnosis) =>
    judge(diagnosis, snapshot, {
      ...about,
      history: memory.history,
      failures: (read) => failuresOf(read, check.answersFor),
    }),
  );
  return {
    check,
    facts,
    judgements: judged.flatMap(({ judgements }) => judgements),
    observed: observations(check, snapshot, facts),
    targets: targetReports(snapshot),
    serverIds: serverIdsOf(snapshot),
    history: Object.assign(
      {},
      memory.history,
      ...judged.map(({ history }) => history),
    ) as typeof memory.history,
    servers,
    cursors: { ...passed, ...cursors },
    rules: null,
  };
};
