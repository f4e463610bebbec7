/** Names and values as a rule file has them; alerts' values may hold templates. */
export type Texts = Readonly<Record<string, string>>;

/** Where something stands in a rule file, counted from 1. */
export type Position = { readonly line: number; readonly column: number };

/** A rule that raises an alert for each series of its expression's result. */
export type AlertRule = {
  readonly kind: 'alert';
  readonly alert: string;
  /** PromQL, as written. */
  readonly expr: string;
  /** How long the expression must hold; 0 fires at once. */
  readonly forMs: number;
  /** How long the alert goes on after the expression stopped to hold. */
  readonly keepFiringForMs: number;
  /** Of its group and its own. */
  readonly labels: Texts;
  readonly annotations: Texts;
};

/** A rule that stores its expression's result as a series. */
export type RecordingRule = {
  readonly kind: 'record';
  readonly record: string;
  readonly expr: string;
  readonly labels: Texts;
};

export type Rule = AlertRule | RecordingRule;
