import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { checks as allChecks } from '../lambdas/checks/catalogue.ts';
import type { Check } from '../lambdas/define.ts';
import type { LimitBook } from '../lambdas/limits.ts';
import { parseSettings, SettingsError, watchSettings } from '../lambdas/settings.ts';
import { schedulesProblem } from './settings/batches.ts';
import { withCertificates } from './settings/certificates.ts';
import { deploymentSettings, type DeploymentSettings } from './settings/deployment.ts';
import { ruleSources } from './rules/sources.ts';
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
  return understand(withCertificates(parseYaml(read(file), file), file), file, checks);
}

/**
 * What settings mean.
 * @param source what to name in an error; rule files in the settings are relative to its folder
 * @throws SettingsError naming every path that is wrong
 */
export function understand(
  raw: unknown,
  source: string,
  checks: readonly Check[] = allChecks,
): LoadedSettings {
  const diagnoses = [...new Set(checks.flatMap((check) => check.diagnoses))];
  const { settings, book } = parseSettings(deploymentSettings, raw, source, diagnoses);
  refuseUnknownChecks(settings, checks, source);
  refuseUnknownMuted(settings, checks, source);
  const crowded = schedulesProblem(settings.clusters, checks.length);
  if (crowded !== null) throw new SettingsError(source, [{ path: ['clusters'], message: crowded }]);
  const watched = Object.entries(raw as object).filter(([key]) => key in watchSettings.shape);
  const translated = translate(ruleSources(settings, source), settings, book, checks);
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
  const problems = [...document.errors, ...document.warnings].map(({ message, pos: [start] }) => {
    const { line, col } = lineCounter.linePos(start);
    return { path: [`line ${line}, column ${col}`], message };
  });
  if (problems.length > 0) throw new SettingsError(file, problems);
  return document.toJS() as unknown;
}

function refuseUnknownMuted(
  { clusters, mute }: DeploymentSettings,
  checks: readonly Check[],
  file: string,
): void {
  const known = {
    clusters: clusters.map(({ name }) => name),
    checks: checks.map(({ id }) => id),
    diagnoses: [...new Set(checks.flatMap((check) => check.diagnoses.map(({ id }) => id)))],
  };
  const problems = mute.flatMap((each, i) =>
    (['clusters', 'checks', 'diagnoses'] as const).flatMap((key) =>
      (each[key] ?? []).flatMap((name, j) =>
        known[key].includes(name)
          ? []
          : [{ path: ['mute', i, key, j], message: `no such name; there are ${known[key].join(', ')}` }],
      ),
    ),
  );
  if (problems.length > 0) throw new SettingsError(file, problems);
}

function refuseUnknownChecks(
  { subscriptions }: DeploymentSettings,
  checks: readonly Check[],
  file: string,
): void {
  const ids = checks.map((check) => check.id);
  const problems = subscriptions.flatMap(({ filter }, i) =>
    (filter?.check ?? []).flatMap((id, j) => {
      const path = ['subscriptions', i, 'filter', 'check', j];
      return ids.includes(id) ? [] : [{ path, message: `no check "${id}"; there are ${ids.join(', ')}` }];
    }),
  );
  if (problems.length > 0) throw new SettingsError(file, problems);
}
