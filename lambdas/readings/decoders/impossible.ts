/** Thrown where a figure of a reply is read that no server can have, as -3 connections: whoever reads it cannot answer. */
export class ImpossibleFigure extends Error {
  override readonly name = 'ImpossibleFigure';
  /** The reply that has it. */
  readonly reply: object;
  /** @param problem field, expected and received */
  constructor(reply: object, problem: string) {
    super(problem);
    this.reply = reply;
  }
}

type Fields = Record<PropertyKey, unknown>;

/** What has the field at this path, and the field's name. */
const fieldIn = (reply: object, path: readonly PropertyKey[]): readonly [Fields, PropertyKey] => [
  path.slice(0, -1).reduce((at, key) => at[key] as Fields, reply as Fields),
  path.at(-1) ?? '',
];

/** A copy of the reply with 0 in these places. */
export function withZeros(reply: object, paths: readonly (readonly PropertyKey[])[]): object {
  const copy = structuredClone(reply);
  for (const path of paths) {
    const [parent, key] = fieldIn(copy, path);
    parent[key] = 0;
  }
  return copy;
}

/** Makes reading this field of the reply throw. What copies or compares the reply does not decide on it. */
export function forbid(reply: object, path: readonly PropertyKey[], problem: string): void {
  const [parent, key] = fieldIn(reply, path);
  const get = (): never => {
    throw new ImpossibleFigure(reply, problem);
  };
  Object.defineProperty(parent, key, { enumerable: false, get });
}

/** The value; null where a figure that it is made of cannot be. */
export function known<T>(value: () => T): T | null {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof ImpossibleFigure)) throw error;
    return null;
  }
}
