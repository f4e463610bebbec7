/** Environment variables of a check's function, set by its stack and read by its handler. */
export const environment = {
  check: 'CHECK_ID',
  /** Of its group the checks that are deployed, it among them, parted by spaces. */
  group: 'GROUP_CHECKS',
  table: 'MEMORY_TABLE',
  findingsTopic: 'FINDINGS_TOPIC_ARN',
  /** Of findings as Amazon Q Developer reads them, where settings name a chat. */
  chatTopic: 'FINDINGS_CHAT_TOPIC_ARN',
} as const;

/** Beside the handler in the asset: the settings it runs with, as JSON. */
export const settingsFile = 'settings.json';

/** Beside it: what synth made of the rules, a `RulePlan`. */
export const planFile = 'rules.json';

/**
 * What a schedule sends: `{"scheduledTime":"2026-01-31T12:00:00Z","clusters":["prod"]}`. Without a time the current minute is
 * run, without clusters all of them.
 */
export type ScheduledEvent = { readonly scheduledTime?: string; readonly clusters?: readonly string[] };

/**
 * What `npm run doctor` sends instead: servers are read once, and nothing is judged, remembered or told. An older release knows
 * no probe, and runs nothing where the list of clusters is empty.
 */
export type ProbeEvent = { readonly probe: true; readonly clusters: readonly [] };
export const probeEvent: ProbeEvent = { probe: true, clusters: [] };

/** How one server answered from where the function runs. */
export type Probed = {
  readonly cluster: string;
  readonly target: string;
  /** Why `/varz` was not read or understood; null where it was. */
  readonly failure: string | null;
};

/** What a probe is answered with. */
export type ProbeReply = {
  readonly servers: readonly Probed[];
  /** SHA-256 of the files that the function has beside it, by their names: what was deployed. */
  readonly files: Readonly<Record<string, string>>;
};

/** Partition key of the memory table, and the attribute DynamoDB expires items by. */
export const memoryTable = { key: 'id', expires: 'expires' } as const;
