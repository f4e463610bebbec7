import type { RE2JS } from 're2js';

let engine: typeof import('re2js') | undefined;

/**
 * Brings the engine that takes linear time for every pattern. It is a part of the bundle of its own: patterns for which
 * JavaScript's will do (`isNative`), as most are, go without.
 */
export async function loadEngine(): Promise<void> {
  engine ??= await import('re2js');
}

/**
 * Undefined where the engine was not brought.
 * @param unnamed a pattern that Go takes, without names of groups: the engine takes no name twice, Go does
 */
export const compiled = (unnamed: string, dotAll: boolean): RE2JS | undefined =>
  engine?.RE2JS.compile(unnamed, dotAll ? engine.RE2JS.DOTALL : 0);
