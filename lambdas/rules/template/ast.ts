/** bigint is Go's int, number its float64; undefined a literal that is valid and not evaluated here. */
export type Literal = string | number | bigint | boolean | undefined;

type Place = { readonly from: number; readonly to: number };

export type Operand =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'nil' }
  | { readonly kind: 'dot' }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  /** `.a.b`, `(…).a`: fields of dot or of what `of` gives. */
  | { readonly kind: 'field'; readonly of: Operand | null; readonly path: readonly string[] }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline };

/** `$a, $b := x | f y`: each command takes the result of the one before it as its last argument. */
export type Pipeline = {
  readonly names: readonly string[];
  /** `=` sets variables that are there, `:=` makes new ones. */
  readonly assigns: boolean;
  readonly commands: readonly (readonly Operand[])[];
};

export type TemplateNode = Place &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'action'; readonly pipeline: Pipeline }
    | {
        readonly kind: 'if' | 'with' | 'range';
        readonly pipeline: Pipeline;
        readonly body: readonly TemplateNode[];
        readonly otherwise: readonly TemplateNode[];
      }
    /** `template`, `block`, `break` and `continue`: parsed, and not expanded. */
    | { readonly kind: 'unsupported'; readonly word: string }
  );
