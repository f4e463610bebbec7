import type { Diagnosis } from '../define.ts';
import { formatCount } from '../engine/format.ts';
import type { Crossing, Judgement } from '../engine/judge.ts';
import type { Target } from '../readings.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import type { CompiledAlert } from './compile.ts';
import { publishable } from './points.ts';
import type { ReadTarget } from './read-series.ts';
import type { RuleData } from './rule-findings.ts';
import type { AlertResult } from './run-rules.ts';

export type Evaluated = {
  readonly alert: CompiledAlert;
  readonly diagnosis: Diagnosis;
  /** What it reads of servers, recorded names resolved. */
  readonly series: readonly SeriesDefinition[];
  readonly results: readonly AlertResult[];
  /** Why it could not be evaluated; null if it was. */
  readonly problem: string | null;
};

/** What a rule says, for each of its servers or for the cluster. */
export function judgementsOf(evaluated: Evaluated, read: readonly ReadTarget[]): readonly Judgement[] {
  const { alert, problem, results } = evaluated;
  if (problem !== null) return [unevaluated(evaluated, problem)];
  if (alert.scope === 'cluster') return [ofCluster(evaluated, read, results[0])];
  return read
    .filter(({ target }) => alert.targets.includes(target.name))
    .map((each) =>
      ofServer(
        evaluated,
        each,
        results.find(({ target }) => target === each.target.name),
      ),
    );
}

function ofServer(
  evaluated: Evaluated,
  { target, failureOf }: ReadTarget,
  result: AlertResult | undefined,
): Judgement {
  const failure = failureOf(evaluated.series);
  const judgement = measured(evaluated, target, result);
  if (failure === null || judgement.breaches.length > 0) return judgement;
  return { ...judgement, verdict: 'unknown', seen: failure.message, looked: false };
}

/** A rule over several servers does not hold still while one of them cannot be read, unless it fires anyway. */
function ofCluster(
  evaluated: Evaluated,
  read: readonly ReadTarget[],
  result: AlertResult | undefined,
): Judgement {
  const judgement = measured(evaluated, null, result);
  const blind = read.filter(({ failureOf }) => failureOf(evaluated.series) !== null);
  if (blind.length === 0) return judgement;
  const names = blind.map(({ target }) => target.name).join(', ');
  return { ...judgement, looked: false, seen: `${judgement.seen}; ${names} could not be read` };
}

function measured(
  { alert, diagnosis }: Evaluated,
  target: Target | null,
  result: AlertResult | undefined,
): Judgement {
  const { rule, shape } = alert;
  const firing = (result?.entities ?? []).filter(({ state }) => state === 'firing');
  const [worst] = firing;
  const value = shape.kind === 'boolean' ? 1 : publishable(worst?.value ?? 0);
  const level = shape.kind === 'boolean' ? 1 : shape.threshold;
  const data: RuleData = { kind: 'fires', firing, at: target };
  const breaches: readonly Crossing[] =
    worst === undefined
      ? []
      : [
          {
            measurement: { limit: 'fires', entity: { kind: 'rule', name: rule.id }, value, data },
            levels: [{ severity: rule.severity, level }],
          },
        ];
  return { diagnosis, target, verdict: 'measured', seen: seenOf(alert, result), looked: true, breaches };
}

function seenOf({ rule, shape }: CompiledAlert, result: AlertResult | undefined): string {
  const waiting = result?.entities.length ?? 0;
  const firing = result?.entities.filter(({ state }) => state === 'firing').length ?? 0;
  if (firing > 0) return `${rule.id} fires`;
  if (waiting > 0) return `${rule.id} holds, but not for long enough yet`;
  const [point] = result?.points ?? [];
  const value = shape.kind === 'boolean' || point === undefined ? '' : `: ${formatCount(point.value)}`;
  return `${rule.id} does not fire${value}`;
}

function unevaluated({ alert, diagnosis }: Evaluated, message: string): Judgement {
  const data: RuleData = { kind: 'unevaluated', message };
  const measurement = {
    limit: 'unevaluated',
    entity: { kind: 'rule', name: alert.rule.id },
    value: 1,
    data,
  } as const;
  return {
    diagnosis,
    target: null,
    verdict: 'unknown',
    seen: `${alert.rule.id} cannot be evaluated: ${message}`,
    looked: false,
    breaches: [{ measurement, levels: [{ severity: 'warning', level: 1 }] }],
  };
}
