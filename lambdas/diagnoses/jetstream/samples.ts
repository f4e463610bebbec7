import { minutes } from '../../define.ts';

/** What a window kept of one run. */
export type At<S> = { readonly at: number; readonly note: S };

/** More than two runs were left out: what was in between is not known. */
const longestGap = minutes(3);

/** The latest samples that no run is missing between, oldest first. */
export function unbroken<S>(samples: readonly At<S>[]): readonly At<S>[] {
  const broken = samples.findLastIndex(({ at }, i) => i > 0 && at - (samples[i - 1]?.at ?? at) > longestGap);
  return broken < 0 ? samples : samples.slice(broken);
}
