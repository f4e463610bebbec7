import type { Cursor } from '../readings/closed-ring/cursor.ts';
import { worstFirst, type FindingState } from './findings/finding-state.ts';
import type { Noted } from './findings/open-board.ts';
import { noConfigs, savedConfigs, type LearnedConfigs } from '../readings/learned-configs.ts';
import { thinHistory, type HistoryState } from '../history/history.ts';
import type { FoundServers } from '../readings/found-by-name.ts';
import type { KnownServer } from '../readings/servers.ts';

/** What a check keeps of a cluster between runs. */
export type MemoryState = {
  readonly history: Readonly<Record<string, HistoryState>>;
  /** Who answered at the targets' URLs. */
  readonly servers: readonly KnownServer[];
  /** Closed-ring cursors by the server process. */
  readonly cursors: Readonly<Record<string, Cursor>>;
  /** Of streams and consumers, for a check that reads them. */
  readonly configs: LearnedConfigs;
  readonly findings: Readonly<Record<string, FindingState>>;
  /** Who was found behind DNS names. */
  readonly found: FoundServers;
  /** What evaluating rules keeps, as it keeps it; null for a check that evaluates none. */
  readonly rules: unknown;
  /** What it told last of how many findings are open; null where it told nothing yet. */
  readonly noted: Noted | null;
  /** What it told last of what alarms compare, as it keeps it. */
  readonly watched: unknown;
};

const format = 1;

export const emptyMemory: MemoryState = {
  history: {},
  servers: [],
  cursors: {},
  configs: noConfigs,
  findings: {},
  found: {},
  rules: null,
  noted: null,
  watched: null,
};

/** The memory without histories and cursors of servers that are not known any more. */
export function withinSettings(
  { history, servers, cursors, configs, findings, found, rules, noted, watched }: MemoryState,
  histories: readonly string[],
): MemoryState {
  const only = <T>(all: Readonly<Record<string, T>>, keys: ReadonlySet<string>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => keys.has(key)));
  return {
    history: only(history, new Set(histories)),
    servers,
    cursors: only(cursors, new Set(servers.flatMap(({ id, former }) => [id, ...former]))),
    configs,
    findings,
    found,
    rules,
    noted,
    watched,
  };
}

/** @throws Error if the text is not a memory of this format */
export function parseMemory(text: string): MemoryState {
  const parsed = JSON.parse(text) as MemoryState & { readonly format?: unknown };
  if (parsed.format !== format)
    throw new Error(`memory has format ${String(parsed.format)}, expected ${format}`);
  const { history, cursors, findings, rules = null } = parsed;
  // Releases before servers were found by name kept none, and those that told in each minute what is open noted nothing.
  const { found = {}, noted = null, watched = null } = parsed as Partial<MemoryState>;
  // Nor did those keep configurations that asked for them in each minute.
  const configs = savedConfigs((parsed as { readonly configs?: unknown }).configs);
  const saved = (parsed as { readonly servers?: MemoryState['servers'] }).servers;
  if ([history, cursors, findings].some((part: unknown) => typeof part !== 'object' || part === null)) {
    throw new Error('memory lacks history, cursors or findings');
  }
  if (saved !== undefined)
    return { history, servers: saved, cursors, configs, findings, found, rules, noted, watched };
  const all = Object.entries(cursors);
  return {
    history,
    servers: all.map(([target, cursor]) => lastAt(target, cursor)),
    cursors: Object.fromEntries(all.map(([, cursor]) => [cursor.serverId, cursor])),
    configs,
    findings: Object.fromEntries(
      Object.entries(findings).map(([key, state]) => [key, { ...state, mayBeCut: true as const }]),
    ),
    found,
    rules,
    noted,
    watched,
  };
}

/** Earlier releases kept cursors by target, and nothing else of who answered there. */
const lastAt = (target: string, { serverId: id, from }: Cursor): KnownServer => ({
  slot: target,
  id,
  name: null,
  start: null,
  now: from,
  seenAt: 0,
  former: [],
  targets: { [target]: 0 },
});

const thinned = (history: MemoryState['history'], keys: number): MemoryState['history'] =>
  Object.fromEntries(Object.entries(history).map(([owner, kept]) => [owner, thinHistory(kept, keys)]));

const fewest = (findings: MemoryState['findings'], most: number): MemoryState['findings'] =>
  Object.fromEntries(
    Object.entries(findings)
      .sort(([, a], [, b]) => worstFirst(a.announced ?? 'info', b.announced ?? 'info'))
      .slice(0, most),
  );

const write = (state: MemoryState) => JSON.stringify({ format, ...state });

/** What was left out of a memory to make it fit: how many names a history and how many findings it keeps; null: all. */
export type Thinned = { readonly keys: number | null; readonly findings: number | null };

const whole: Thinned = { keys: null, findings: null };
const keySteps = [16_384, 8_192, 4_096, 2_048, 1_024, 512, 256, 128, 64, 32, 16, 8, 0];
const findingSteps = [128, 64, 32, 16, 8, 0];

/** Histories give way first: a finding that is forgotten is reported again. */
const steps: readonly Thinned[] = [
  whole,
  ...keySteps.map((keys) => ({ keys, findings: null })),
  ...findingSteps.map((findings) => ({ keys: 0, findings })),
];

/** Nothing is lost of what is told again. */
const withoutConfigs = steps.map((step) => [step, noConfigs] as const);

/**
 * The memory as text that fits. Where it would not, configurations are told anew in the next run, then histories keep fewer names, and what they leave out counts among
 * a window's others; then findings give way, the mildest first.
 * @param fits tells whether a text, gzipped, stays under the item's limit
 * @throws Error if even the smallest does not fit
 */
export function writeMemory(
  state: MemoryState,
  fits: (text: string) => boolean,
): { readonly text: string; readonly thinned: Thinned } {
  for (const [step, configs] of [[whole, state.configs] as const, ...withoutConfigs]) {
    const { keys, findings } = step;
    const text = write({
      history: keys === null ? state.history : thinned(state.history, keys),
      servers: state.servers,
      cursors: state.cursors,
      configs,
      findings: findings === null ? state.findings : fewest(state.findings, findings),
      found: state.found,
      rules: state.rules,
      noted: state.noted,
      watched: state.watched,
    });
    if (fits(text)) return { text, thinned: step };
  }
  throw new Error('memory does not fit into its item even with few names: split the cluster in settings');
}
