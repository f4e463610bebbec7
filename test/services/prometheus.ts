import path from 'node:path';
import { onPath } from './command.ts';
import { debianPackage } from './debian.ts';
import { printedVersion } from './printed-version.ts';

/**
 * The two Prometheus that tests compare with, by major version, and where Debian has their files: bookworm has 2.42,
 * whose package holds both programs, sid a 3.x in two packages. A suite may move on: `sid` does.
 */
const sources = {
  2: { suite: 'bookworm', packages: { prometheus: 'prometheus', promtool: 'prometheus' } },
  3: { suite: 'sid', packages: { prometheus: 'prometheus', promtool: 'promtool' } },
} as const;

export type PrometheusMajor = keyof typeof sources;
export type PrometheusProgram = 'prometheus' | 'promtool';

export type PrometheusBinary = {
  readonly path: string;
  /** What the binary itself prints, such as 3.5.3. */
  readonly version: string;
};

/**
 * Finds a program of Prometheus: the file that `PROMTOOL_3` (`PROMETHEUS_2` and so on) names, else the one on PATH
 * if it is of that major version, else Debian's. Throws an error that says what is lacking and how to help.
 */
export async function prometheusProgram(
  program: PrometheusProgram,
  major: PrometheusMajor,
  env: NodeJS.ProcessEnv = process.env,
): Promise<PrometheusBinary> {
  const variable = `${program.toUpperCase()}_${major}`;
  const named = env[variable];
  if (named) return { path: named, version: await printedVersion(named, versionPattern) };

  const found = await onPath(program, env);
  if (found !== undefined) {
    const version = await printedVersion(found, versionPattern).catch(() => '');
    if (version.startsWith(`${major}.`)) return { path: found, version };
  }
  const { suite, packages } = sources[major];
  try {
    const root = await debianPackage({ suite, package: packages[program], env });
    const brought = path.join(root, 'usr/bin', program);
    return { path: brought, version: await printedVersion(brought, versionPattern) };
  } catch (cause) {
    const seen = found === undefined ? 'none is on PATH' : `${found} is another version`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no ${program} ${major}: ${seen}; ${reason}; set ${variable} to its file`, { cause });
  }
}

/** `promtool, version 3.5.3+ds1 (branch: …`. */
const versionPattern = /version (\d+\.\d+\.\d+)/;
