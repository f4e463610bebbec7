import {
  atLeast,
  defineDiagnosis,
  minutes,
  unknown,
  type Description,
  type Diagnosis,
  type Entity,
} from '../../define.ts';
import type { Judgement } from '../../engine/judgement/judge.ts';
import { crossed } from '../../limits.ts';

type Definition<Data> = Pick<Diagnosis, 'id' | 'title' | 'why' | 'remedy'> & {
  /** The limit's name, and what it counts: one is enough for a warning. */
  readonly limit: string;
  readonly of: string;
  readonly describe: (data: Data) => Description;
};

type Counted<Data> = { readonly entity: Entity; readonly value: number; readonly data: Data };

/** A diagnosis of how the rules' own run went: the run judges it itself, so that `evaluate` has nothing to read. */
export function engineDiagnosis<Data>({ limit, of, describe, ...texts }: Definition<Data>) {
  const one = atLeast({ warning: 1 }, { unit: 'count', of });
  const diagnosis = defineDiagnosis({
    ...texts,
    scope: 'cluster',
    reads: {},
    history: {},
    limits: { [limit]: one },
    // What fails for a minute, as when a stream changes its leader, the next run makes good for.
    for: minutes(3),
    evaluate: () => unknown('the run of the rules judges this itself'),
    describe: ({ data }) => describe(data as Data),
  });
  const judge = (seen: string, conclusive: boolean, counted: readonly Counted<Data>[]): Judgement => ({
    diagnosis,
    target: null,
    verdict: 'measured',
    seen,
    conclusive,
    breaches: counted.flatMap(({ entity, value, data }) => {
      const levels = crossed(one, value);
      return levels.length === 0 ? [] : [{ measurement: { limit, entity, value, data }, levels }];
    }),
  });
  return { diagnosis, judge };
}
