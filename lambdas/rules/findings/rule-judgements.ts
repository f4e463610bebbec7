import type { Diagnosis, Entity } from '../../define.ts';
import { formatCount, inline } from '../../engine/format.ts';
import type { Crossing, Judgement } from '../../engine/judgement/judge.ts';
import { unseenText } from '../../engine/unseen.ts';
import type { Unseen } from '../../define.ts';
import { answeringOf, asUnseen } from '../../engine/judgement/views.ts';
import { withoutOf } from '../../engine/judgement/without.ts';
import type { Labels } from '../../promql/index.ts';
import type { Failure, Target } from '../../readings/reading.ts';
import { collectorOf, type SeriesDefinition } from '../../series/definition.ts';
import { exporterName } from '../../series/find.ts';
import type { CompiledAlert } from '../compile.ts';
import { countedElsewhere, isOfServer, isTwin } from '../counted-once.ts';
import { publishable, standInOf } from '../alerts/points.ts';
import type { ReadTarget } from '../read-series.ts';
import { whereToLook } from './rule-commands.ts';
import { placeOf, type RuleData } from './rule-findings.ts';
import type { AlertResult } from '../evaluation/run-rules.ts';
import { hiddenFrom } from '../who-answered.ts';

export type Evaluated = {
  readonly alert: CompiledAlert;
  readonly diagnosis: Diagnosis;
  /** What it reads of servers, recorded names resolved. */
  readonly series: readonly SeriesDefinition[];
  /** Empty where it could not be evaluated. */
  readonly results: readonly AlertResult[];
};

/** Of what the rules were evaluated. */
export type Scene = {
  readonly cluster: string;
  readonly read: readonly ReadTarget[];
  /** The target that labels are of, by name; null for none. */
  readonly serverOf: (labels: Labels) => string | null;
};

/** What a rule says, for each of its servers or for the cluster. */
export function judgementsOf(evaluated: Evaluated, scene: Scene): readonly Judgement[] {
  const { alert, results } = evaluated;
  const own = readFor(alert, scene.read);
  if (alert.scope === 'cluster') return [ofCluster(evaluated, scene, own)];
  const resultOf = new Map(results.map((each) => [each.target, each]));
  return own.map((each) => ofServer(evaluated, scene, each, resultOf.get(each.target.name)));
}

/** Of what was read, the rule's own targets. */
export function readFor(
  { targets }: Pick<CompiledAlert, 'targets'>,
  read: readonly ReadTarget[],
): readonly ReadTarget[] {
  const names = new Set(targets);
  return read.filter(({ target }) => names.has(target.name));
}

/** Of a rule whose alarm compares the series itself only where nothing can be published: else the alarm alone tells. */
export function unclearOf(
  { alert, diagnosis, series }: Pick<Evaluated, 'alert' | 'diagnosis' | 'series'>,
  { read }: Pick<Scene, 'read'>,
): readonly Judgement[] {
  const own = readFor(alert, read).filter((each) => !isTwin(each));
  return own.flatMap(({ target, samplesOf, failureOf }): Judgement[] => {
    for (const each of series) samplesOf(each);
    const failure = failureOf(series);
    if (failure?.code !== 'unexpected-shape') return [];
    return [
      { diagnosis, target, verdict: 'unknown', seen: failure.message, conclusive: false, breaches: [] },
    ];
  });
}

function ofServer(
  evaluated: Evaluated,
  scene: Scene,
  read: ReadTarget,
  result: AlertResult | undefined,
): Judgement {
  const { series } = evaluated;
  const { target, failureOf, samplesOf } = read;
  const judgement = judged(evaluated, scene, target, result);
  if (judgement.verdict === 'unknown' || judgement.breaches.length > 0) return judgement;
  const { twin } = answeringOf(read);
  if (twin !== null && series.some(isOfServer)) {
    const seen = `the same server as ${twin.name}, where it counts`;
    // What was found before at this URL is neither there nor gone.
    return { ...judgement, verdict: 'not-applicable', seen, conclusive: false };
  }
  const failure = failureOf(series);
  const unread = ({ message: seen }: Failure, { target: { name } }: ReadTarget): Judgement => ({
    ...{ ...judgement, verdict: 'unknown', seen, conclusive: false },
    ...withoutOf([name], seen),
  });
  if (failure !== null) return unread(failure, read);
  const hidden = hiddenFrom([read]);
  if (hidden.length > 0) return blindTo(judgement, hidden);
  const isAbsent = (each: SeriesDefinition) =>
    collectorOf(each).per === 'server' && samplesOf(each).length === 0;
  if (result?.points.length === 0) {
    // What another server said decides on it too.
    for (const each of scene.read) {
      const failed = each.failureOf(series);
      if (failed !== null) return unread(failed, each);
    }
    return { ...blindTo(judgement, countedElsewhere(scene.read)), verdict: 'unknown' };
  }
  if (series.length === 0 || !series.every(isAbsent)) return judgement;
  const names = inline(series.map((each) => exporterName(each)));
  return { ...judgement, verdict: 'not-applicable', seen: `${target.name} does not show ${names}` };
}

/** A rule over several servers does not hold still while one of them cannot be read, unless it fires anyway. */
function ofCluster(evaluated: Evaluated, scene: Scene, own: readonly ReadTarget[]): Judgement {
  const [result] = evaluated.results;
  const judgement = judged(evaluated, scene, null, result);
  const silent = own.flatMap((each) => {
    const { target, failureOf } = each;
    const failure = isTwin(each) ? null : failureOf(evaluated.series);
    return failure === null ? [] : [{ target, failure }];
  });
  const elsewhere = result?.points.length === 0 ? countedElsewhere(own) : [];
  const partly = [...hiddenFrom(own), ...elsewhere];
  const blind = [...silent.map(asUnseen), ...partly];
  if (blind.length === 0) return judgement;
  const rest = partly.length === 0 ? judgement : blindTo(judgement, partly);
  return {
    ...blindTo(judgement, blind),
    ...withoutOf(
      silent.map(({ target: { name } }) => name),
      rest.seen,
      partly.length === 0,
    ),
  };
}

/** What was not seen may make the rule fire. */
const blindTo = (judgement: Judgement, blind: readonly Unseen[]): Judgement => ({
  ...judgement,
  conclusive: false,
  seen: `${judgement.seen}; ${unseenText(blind)}`,
});

function judged(
  { alert, diagnosis, series }: Evaluated,
  scene: Scene,
  target: Target | null,
  result: AlertResult | undefined,
): Judgement {
  if (result === undefined) {
    const seen = `${alert.rule.id} could not be evaluated`;
    return { diagnosis, target, verdict: 'unknown', seen, conclusive: false, breaches: [] };
  }
  const firing = result.entities.filter(({ state }) => state === 'firing');
  const breaches = firing.slice(0, 1).map(({ labels }) => {
    const at = target ?? whereToLook(series, scene.read, scene.serverOf(labels));
    return crossing(alert, { firing, at }, placeOf(target, scene.cluster));
  });
  const seen = seenOf(alert, result, firing.length);
  const pending = firing.length === 0 && result.entities.length > 0;
  return { diagnosis, target, verdict: 'measured', seen, conclusive: true, breaches, pending };
}

function crossing({ rule, shape }: CompiledAlert, data: RuleData, entity: Entity): Crossing {
  const isBoolean = shape.kind === 'boolean';
  const value = isBoolean ? 1 : publishable(data.firing[0]?.value ?? 0);
  return {
    measurement: { limit: 'fires', entity, value, data },
    levels: [{ severity: rule.severity, level: isBoolean ? 1 : shape.threshold }],
  };
}

function seenOf({ rule: { id }, shape }: CompiledAlert, result: AlertResult, firing: number): string {
  if (firing > 0) return `${id} fires`;
  if (result.entities.length > 0) return `${id} holds, but not for long enough yet`;
  const value = result.points[0]?.value;
  const isSaid =
    value !== undefined &&
    shape.kind !== 'boolean' &&
    // Published in place of no value at all.
    value !== standInOf(shape.direction, shape.threshold);
  return `${id} does not fire${isSaid ? `: ${formatCount(value)}` : ''}`;
}
