import type { Position } from '../../../lambdas/rules/rule.ts';

/** Why a rule file is none. */
export type RuleFileProblem = {
  readonly file: string;
  readonly at: Position;
  /** The group's name; null above groups and where it has none. */
  readonly group: string | null;
  /** Which rule of its group, counted from 1; null outside of rules. */
  readonly rule: number | null;
  /** What the rule is called by `alert` or `record`. */
  readonly name: string | null;
  readonly message: string;
};

/** `rules.yaml:12:5: group "nats", rule 3 (NatsDown): there is no function rat` */
export function formatProblem({ file, at, group, rule, name, message }: RuleFileProblem): string {
  const where = [
    ...(group === null ? [] : [`group ${JSON.stringify(group)}`]),
    ...(rule === null ? [] : [name === null ? `rule ${rule}` : `rule ${rule} (${name})`]),
  ];
  return [`${file}:${at.line}:${at.column}`, ...(where.length > 0 ? [where.join(', ')] : []), message].join(
    ': ',
  );
}

type Place = Partial<Pick<RuleFileProblem, 'group' | 'rule' | 'name'>>;

/** Takes problems of one file, group or rule. */
export type Reporter = {
  /** Positions and messages that cost something to make are given as functions, called for problems that are kept. */
  readonly report: (offset: number | (() => number), message: string) => void;
  readonly of: (place: Place) => Reporter;
};

/** One file's problems in the order of its text; beyond `mostProblems` they are only counted. */
export type Problems = Reporter & { readonly list: () => readonly RuleFileProblem[] };

/** Who has this many mistakes in a file corrects some before reading on. */
const mostProblems = 100;

export function collectProblems(file: string, positionOf: (offset: number) => Position): Problems {
  const kept: { readonly offset: number; readonly problem: RuleFileProblem }[] = [];
  let more = 0;
  const reporter = (place: Required<Place>): Reporter => ({
    report: (offset, message) => {
      if (kept.length >= mostProblems) more += 1;
      else {
        const found = typeof offset === 'number' ? offset : offset();
        kept.push({ offset: found, problem: { file, at: positionOf(found), ...place, message } });
      }
    },
    of: (inner) => reporter({ ...place, ...inner }),
  });
  const list = (): readonly RuleFileProblem[] => {
    const sorted = kept.toSorted((a, b) => a.offset - b.offset).map(({ problem }) => problem);
    const last = sorted.at(-1);
    return more === 0 || last === undefined
      ? sorted
      : [
          ...sorted,
          { ...last, group: null, rule: null, name: null, message: `the file has ${more} more problems` },
        ];
  };
  return { ...reporter({ group: null, rule: null, name: null }), list };
}
