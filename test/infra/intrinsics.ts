/** What a template's references stand for. Throw for what is not known. */
export type Lookup = {
  readonly ref: (logicalId: string) => string;
  readonly attribute: (logicalId: string, name: string) => string;
  readonly imported: (exportName: string) => string;
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A template's value with its intrinsic functions done: Ref, Fn::GetAtt, Fn::Join, Fn::Sub, Fn::ImportValue.
 * @throws Error naming any other function
 */
export function resolveIntrinsics(value: unknown, lookup: Lookup): unknown {
  const resolve = (json: Json): Json => {
    if (json === null || typeof json !== 'object') return json;
    if (Array.isArray(json)) return json.map(resolve);
    const entries = Object.entries(json);
    const [[name, argument] = ['', null]] = entries;
    if (entries.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::'))) {
      return Object.fromEntries(entries.map(([key, each]) => [key, resolve(each)]));
    }
    return call(name, resolve(argument));
  };
  const call = (name: string, argument: Json): Json => {
    if (name === 'Ref' && typeof argument === 'string') return lookup.ref(argument);
    if (name === 'Fn::ImportValue' && typeof argument === 'string') return lookup.imported(argument);
    if (name === 'Fn::Sub' && typeof argument === 'string') return substitute(argument, lookup);
    if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
      const [logicalId, attribute] = argument as readonly string[];
      return lookup.attribute(logicalId ?? '', attribute ?? '');
    }
    if (name === 'Fn::Join' && Array.isArray(argument)) {
      const [separator, parts] = argument as unknown as [string, readonly string[]];
      return parts.join(separator);
    }
    throw new Error(`${name} of ${JSON.stringify(argument)} is not known here`);
  };
  return resolve(value as Json);
}

const substitute = (text: string, { ref, attribute }: Lookup) =>
  text.replace(/\$\{([^}.]+)(?:\.([^}]+))?\}/g, (_, id: string, name?: string) =>
    name === undefined ? ref(id) : attribute(id, name),
  );
