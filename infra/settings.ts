import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, type ErrorCode } from 'yaml';
import * as z from 'zod';
import { checks as allChecks } from '../lambdas/checks/catalogue.ts';
import type { Check } from '../lambdas/define.ts';
import type { LimitBook } from '../lambdas/limits.ts';
import { nearest } from '../lambdas/engine/nearest.ts';
import { readSettings, SettingsError, watchSettings, type SettingsProblem } from '../lambdas/settings.ts';
import { schedulesProblem } from './settings/batches.ts';
import { withCertificates } from './settings/certificates.ts';
import { deploymentSettings, type DeploymentSettings } from './settings/deployment.ts';
import { editionOf, editionSettings } from './settings/alarms.ts';
import { ruleSources, unreadRuleFiles } from './rules/sources.ts';
import type { RuleSource } from './rules/translate/entries.ts';
import { translate, type Translated } from './rules/translate/translate.ts';

export type LoadedSettings = {
  readonly settings: DeploymentSettings;
  readonly book: LimitBook;
  /** The part that checks run with, as it was written, with certificates in it: `watchSettings` reads it again. */
  readonly watch: Readonly<Record<string, unknown>>;
  /** What became of the rules. */
  readonly translated: Translated;
};

/**
 * Reads a settings file. Certificate and rule files named in it are read too, relative to its folder.
 * @throws SettingsError naming the file and every path, or line and column, that is wrong
 */
export function loadSettings(file: string, checks: readonly Check[] = allChecks): LoadedSettings {
  const { raw, problems } = readSettingsFile(file);
  return understand(raw, file, checks, problems);
}

/**
 * What a settings file says, with its certificates, and what is wrong with those.
 * @throws SettingsError if it cannot be read, or is no YAML
 */
export const readSettingsFile = (file: string): ReturnType<typeof withCertificates> =>
  withCertificates(parseYaml(read(file), file), file);

/**
 * What settings mean.
 * @param source what to name in an error; rule files in the settings are relative to its folder
 * @param known what is wrong with them already
 * @throws SettingsError naming every path that is wrong
 */
export function understand(
  raw: unknown,
  source: string,
  checks: readonly Check[] = allChecks,
  known: readonly SettingsProblem[] = [],
): LoadedSettings {
  const diagnoses = [...new Set(checks.flatMap((check) => check.diagnoses))];
  const found = readSettings(deploymentSettings, raw, diagnoses);
  const named = sourcesOf(raw, source);
  const problems = [
    ...known,
    ...('problems' in found ? found.problems : crowding(found.settings, checks)),
    ...unknownChecks(raw, checks),
    ...unknownMuted(raw, checks),
    ...unknownSeries(raw, checks),
    ...named.problems,
  ];
  if ('problems' in found || problems.length > 0) throw new SettingsError(source, problems);
  const { settings, book } = found;
  const watched = Object.entries(raw as object).filter(([key]) => key in watchSettings.shape);
  const translated = translate(named.sources, settings, book, checks);
  const { readme } = settings.alarms;
  return { settings, book, watch: { ...Object.fromEntries(watched), alarms: { readme } }, translated };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new SettingsError(file, [{ path: [], message }]);
  }
}

function parseYaml(text: string, file: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter });
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos: [start] }) => {
    const { line, col } = lineCounter.linePos(start);
    return { path: [`line ${line}, column ${col}`], message: inOurWords[code] ?? message };
  });
  if (problems.length > 0) throw new SettingsError(file, problems);
  try {
    return document.toJS() as unknown;
  } catch (error) {
    // An alias of nothing, or of too much.
    throw new SettingsError(file, [{ path: [], message: (error as Error).message }]);
  }
}

/** Where YAML's own words are for who calls its parser. */
const inOurWords: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'expected one document: leave out this "---"',
};

/** What settings say of rules, whatever else is wrong with them. */
const { rules, mirror } = deploymentSettings.shape;
const ruleFiles = z.object({ rules });
const readAs = z.object({ mirror, alarms: z.looseObject(editionSettings).prefault({}) });

function sourcesOf(
  raw: unknown,
  source: string,
): { readonly sources: readonly RuleSource[]; readonly problems: readonly SettingsProblem[] } {
  const named = ruleFiles.safeParse(raw);
  if (!named.success) return { sources: [], problems: [] };
  // What a rule may say hangs on these: of files that cannot be read as what they are meant, that they are there is all there is to ask.
  const as = readAs.safeParse(raw);
  if (!as.success) return { sources: [], problems: unreadRuleFiles(named.data.rules, source) };
  const { mirror: form, alarms } = as.data;
  try {
    return {
      sources: ruleSources({ ...named.data, mirror: form }, editionOf(alarms), source),
      problems: [],
    };
  } catch (error) {
    if (error instanceof SettingsError) return { sources: [], problems: error.problems };
    throw error;
  }
}

function crowding({ clusters }: DeploymentSettings, checks: readonly Check[]): readonly SettingsProblem[] {
  const message = schedulesProblem(clusters, checks.length);
  return message === null ? [] : [{ path: ['clusters'], message }];
}

/** What of mutes is read, whatever else is wrong with settings. */
const words = z.array(z.string()).catch([]);
const muted = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string() })),
  mute: z.array(
    z
      .looseObject({ clusters: words, checks: words, diagnoses: words })
      .catch({ clusters: [], checks: [], diagnoses: [] }),
  ),
});

function unknownMuted(raw: unknown, checks: readonly Check[]): readonly SettingsProblem[] {
  const { clusters = [], mute = [] } = muted.safeParse(raw).data ?? {};
  const known = {
    clusters: clusters.map(({ name }) => name).filter(Boolean),
    checks: checks.map(({ id }) => id),
    diagnoses: [...new Set(checks.flatMap((check) => check.diagnoses.map(({ id }) => id)))],
  };
  return mute.flatMap((each, i) =>
    (['clusters', 'checks', 'diagnoses'] as const)
      .filter((key) => known[key].length > 0)
      .flatMap((key) =>
        each[key].flatMap((name, j) => {
          if (name === '' || known[key].includes(name)) return [];
          const meant = key === 'diagnoses' ? null : nearest(name, known[key]);
          const hint = meant === null ? `there are ${known[key].join(', ')}` : `did you mean "${meant}"?`;
          return [{ path: ['mute', i, key, j], message: `no such name; ${hint}` }];
        }),
      ),
  );
}

/** What of the published series is read, whatever else is wrong with settings. */
const asked = z.looseObject({ publish: z.array(z.unknown()) });

function unknownSeries(raw: unknown, checks: readonly Check[]): readonly SettingsProblem[] {
  const names = [...new Set(checks.flatMap(({ series }) => series.map(({ name }) => name)))];
  return (asked.safeParse(raw).data?.publish ?? []).flatMap((name, i) => {
    if (typeof name !== 'string' || names.includes(name)) return [];
    const meant = nearest(name, names);
    const hint = meant === null ? `there are ${names.join(', ')}` : `did you mean "${meant}"?`;
    return [{ path: ['publish', i], message: `no series of a check; ${hint}` }];
  });
}

/** What of filters is read, whatever else is wrong with settings. */
const filtered = z.looseObject({
  subscriptions: z.array(
    z
      .looseObject({ filter: z.looseObject({ check: z.array(z.unknown()).catch([]) }).catch({ check: [] }) })
      .catch({ filter: { check: [] } }),
  ),
});

function unknownChecks(raw: unknown, checks: readonly Check[]): readonly SettingsProblem[] {
  const ids = checks.map((check) => check.id);
  const read = filtered.safeParse(raw);
  return (read.data?.subscriptions ?? []).flatMap(({ filter }, i) =>
    filter.check.flatMap((id, j) => {
      const path = ['subscriptions', i, 'filter', 'check', j];
      if (typeof id !== 'string' || ids.includes(id)) return [];
      const meant = nearest(id, ids);
      const hint = meant === null ? `there are ${ids.join(', ')}` : `did you mean "${meant}"?`;
      return [{ path, message: `no check "${id}"; ${hint}` }];
    }),
  );
}
