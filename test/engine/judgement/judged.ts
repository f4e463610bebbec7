import type { Diagnosis } from '../../../lambdas/define.ts';
import type { About } from '../../../lambdas/engine/judgement/context.ts';
import { judge, type JudgeInput } from '../../../lambdas/engine/judgement/judge.ts';
import { limitBook } from '../../../lambdas/engine/limit-book.ts';
import { clusterFacts, firstMinute } from '../../kit.ts';

/** What one diagnosis on one snapshot is given and answers. */
export function judged(
  diagnosis: Diagnosis,
  servers: Parameters<typeof judge>[1]['servers'],
  changes: Partial<JudgeInput> = {},
) {
  const about: About = {
    facts: clusterFacts,
    book: limitBook([diagnosis], {}).book,
    at: firstMinute,
    firstRun: false,
  };
  return judge(
    diagnosis,
    { at: firstMinute, servers },
    { ...about, history: {}, failures: () => [], ...changes },
  );
}
