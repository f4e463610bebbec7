/** Environment variables of a check's function, set by its stack and read by its handler. */
export const environment = {
  check: 'CHECK_ID',
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

/** Partition key of the memory table, and the attribute DynamoDB expires items by. */
export const memoryTable = { key: 'id', expires: 'expires' } as const;
