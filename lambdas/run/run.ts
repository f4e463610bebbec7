import type { Check } from '../define.ts';
import type { Observed } from '../engine/judgement/observe.ts';
import { compose, describe } from '../engine/findings/compose.ts';
import type { About } from '../engine/judgement/context.ts';
import { entries, type ComposedFinding } from '../engine/findings/entries.ts';
import { carryFindings, type CurrentFinding } from '../engine/findings/findings.ts';
import { historyKeys } from '../engine/judgement/judge.ts';
import { rateKeys } from '../engine/judgement/rates.ts';
import { emptyMemory, withinSettings, type MemoryState } from '../engine/memory-state.ts';
import { isMuted } from '../engine/findings/mute.ts';
import { noticeOf } from '../engine/findings/notice.ts';
import { tellOpen } from '../engine/findings/open-board.ts';
import { foundSeries, openFindings } from '../engine/findings/open-findings.ts';
import type { Finding, RunReport } from '../engine/findings/report.ts';
import { asChanged } from '../engine/now-and-then.ts';
import { ofAbsent } from './absent.ts';
import { discover, withAbsent } from './discover.ts';
import { enrich } from './enrich.ts';
import { evaluateDiagnoses } from './evaluate-diagnoses.ts';
import type { Evaluate } from './evaluation.ts';
import { RunTwiceError, type Outbox, type Ports } from '../ports.ts';
import { deliver, maySendFirst, outboxOf, sendFirst } from './publish.ts';
import { asUnsent, published, watchedOf } from './published.ts';
import { recall, remember, warnUnusable } from './remember.ts';
import type { Watch } from './watch.ts';

/**
 * Runs one check on one cluster for one scheduled minute (epoch ms): claims the minute, reads, judges, saves memory
 * with an outbox, sends, clears the outbox; where there is no message and nothing counted, sends, then saves. What a crash at any
 * step leaves undone, the next run does.
 * @returns null if the minute was run before, or is by another run: a duplicate event
 * @throws if memory could not be written or something not be sent; never for what a target does
 */
export async function run(
  given: Check,
  watch: Watch,
  ports: Ports,
  minute: number,
): Promise<RunReport | null> {
  const of = { check: given, cluster: watch.facts.name };
  const memory = await ports.memory.claim({ check: given.id, cluster: of.cluster }, minute);
  if (memory === null) return null;
  const recalled = recall(memory, ports.log, of);
  const decided = await decide(given, watch, ports, minute, recalled).catch((error: unknown) => {
    if (recalled === null) throw error;
    // Memory may be of another shape within: if the run fails without it too, that was not why.
    warnUnusable(error, ports.log, of);
    return decide(given, watch, ports, minute, null);
  });
  const { report, observed, open } = decided;
  const isUnsent = memory.outbox.datapoints.length > 0;
  const { noted: lastNoted } = decided.state;
  const watched = watchedOf(decided.state.watched);
  const { deployed = 0 } = watch;
  const { told, noted } = await tellOpen(open, {
    ...{ of: { check: given.id, cluster: of.cluster }, at: minute, every: given.every, board: ports.board },
    deployed,
    noted: isUnsent ? asChanged(lastNoted, minute) : lastNoted,
  });
  const sent = published(observed, {
    ...{ check: given, plan: watch.plan, at: minute, deployed },
    watched: isUnsent ? asUnsent(watched, minute) : watched,
  });
  const state = { ...decided.state, noted, watched: sent.watched };
  const outbox = outboxOf(memory.outbox, {
    ...of,
    ...{ at: minute, notices: report.notices },
    observed: [...sent.told, ...told],
    tellsChat: ports.notices.tellsChat ?? false,
  });
  const save = (unsent: Outbox) => remember(memory, state, unsent, ports.log, of);
  try {
    if (maySendFirst(memory.outbox, outbox, given)) await sendFirst(outbox, ports, save);
    else await deliver(outbox, ports, memory, await save(outbox));
  } catch (error) {
    if (error instanceof RunTwiceError) return null;
    throw error;
  }
  return report;
}

type Decided = {
  readonly report: RunReport;
  /** For the next run. */
  readonly state: MemoryState;
  readonly observed: readonly Observed[];
  /** How many findings are open. */
  readonly open: readonly Observed[];
};

/** Reads and judges: what is to be saved and sent. */
async function decide(
  given: Check,
  settings: Watch,
  world: Ports,
  minute: number,
  recalled: MemoryState | null,
): Promise<Decided> {
  const before = recalled ?? emptyMemory;
  const moment = { at: minute, firstRun: recalled === null };
  const { watch, ports, looks, found, known } = await discover(settings, world, {
    at: minute,
    memory: before,
  });
  const memory = { ...before, servers: known };
  const { targets, book, remindAfter } = watch;

  const evaluate = await evaluatorOf(given);
  const evaluation = await evaluate(given, watch, ports, { ...moment, memory, looks });
  const { check, facts } = evaluation;
  const judgements = [...evaluation.judgements, ...ofAbsent(check, looks, minute)];
  const about: About = { facts, book, ...moment };

  const mutes = [...(watch.mutes ?? []), ...((await ports.mutes?.()) ?? [])];
  const muted = (diagnosis: string) =>
    isMuted(mutes, { cluster: facts.name, check: check.id, diagnosis }, minute);
  const carried = carryFindings({
    ...about,
    ...{ judgements, states: before.findings, every: check.every, remindAfter },
    isMuted: muted,
  });
  if (carried.crowdedOut > 0) {
    const counts = `${Object.keys(carried.states).length} are kept, ${carried.crowdedOut} more are not reported`;
    ports.log.warn(`${check.id}, cluster ${facts.name}: too many findings: ${counts}`);
  }
  const { source } = ports;
  const current = await enrich(
    carried.current,
    carried.changes,
    { source, serverIds: evaluation.serverIds },
    about,
  );
  const findings = { ...carried.states };
  for (const { key, state } of current) if (Object.hasOwn(findings, key)) findings[key] = state;

  const composed = current.map((each) => composeCurrent(each, given, about));
  const composedOf = new Map(composed.map((each) => [each.current.key, each]));
  const notices = carried.changes.map((change) =>
    noticeOf(change, check, targets, composedOf.get(change.key)?.finding ?? null, about),
  );
  const states = Object.values(findings);
  const observed = [...evaluation.observed, ...foundSeries(check, states, judgements, facts)];
  const open = openFindings(check, states, about);
  const { history, cursors, configs, rules } = evaluation;
  const servers = withAbsent(evaluation.servers, known, found);
  const slots = [...targets.map(({ name }) => name), ...servers.map(({ slot }) => slot)];
  return {
    report: {
      takenAt: new Date(minute).toISOString(),
      targets: evaluation.targets,
      entries: entries(check, facts, targets, { judgements, composed, observed: [...observed, ...open] }),
      notices,
    },
    state: withinSettings(
      {
        ...{ history, servers, cursors, configs, findings, found, rules },
        ...{ noted: before.noted, watched: before.watched },
      },
      [...check.diagnoses.flatMap((diagnosis) => historyKeys(diagnosis, slots)), ...rateKeys(check, slots)],
    ),
    observed,
    open,
  };
}

/** Rules bring PromQL along, which no other function is to load. */
const evaluatorOf = async ({ evaluates }: Check): Promise<Evaluate> =>
  evaluates === 'rules' ? (await import('./evaluate-rules.ts')).evaluateRules : evaluateDiagnoses;

/** Few of the findings that hold are reported: the text is made when one is. */
function composeCurrent(current: CurrentFinding, { group }: Check, about: About): ComposedFinding {
  const { state, severity, crossing, judgement } = current;
  const { diagnosis, target } = judgement;
  let finding: Finding | undefined;
  return {
    current,
    get finding() {
      finding ??= compose(state, severity, describe(diagnosis, crossing, about), {
        facts: about.facts,
        group,
        diagnosis,
        target,
      });
      return finding;
    },
  };
}
