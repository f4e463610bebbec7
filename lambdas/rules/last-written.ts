/*
 * What the last runs of this process wrote, so that a run that finds it again does not read it anew. That it is the same is
 * seen by comparing it, whoever stored it.
 */

/** Of as many clusters. */
const mostKept = 8;

/** Gives again what texts were written of, if they are found as they were written. */
export function lastWritten<Memory, Made>(): {
  readonly find: (memory: Memory) => Made | undefined;
  readonly keep: (memory: Memory, made: Made) => void;
} {
  let last: readonly { readonly memory: Memory; readonly made: Made }[] = [];
  return {
    find: (memory) => last.find((each) => isEqual(each.memory, memory))?.made,
    keep: (memory, made) => {
      last = [{ memory, made }, ...last].slice(0, mostKept);
    },
  };
}

/** Whether two values of JSON are the same. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    names.length === others.length &&
    names.every((name) => isEqual(one[name as keyof typeof one], other[name as keyof typeof other]))
  );
}
