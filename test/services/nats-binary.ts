import path from 'node:path';
import { hasFrom } from '../../lambdas/engine/versions.ts';
import { onPath } from './command.ts';
import { debianPackage } from './debian.ts';
import { printedVersion } from './printed-version.ts';

/**
 * The servers that tests and recordings use, oldest to newest, and the Debian suite that has each.
 * A suite may move on: `sid` does, and then the newest is what it has by then.
 */
const suites = { '2.9.10': 'bookworm', '2.10.27': 'trixie', '2.15.1': 'sid' } as const;

export type NatsVersion = keyof typeof suites;
export const natsVersions: readonly NatsVersion[] = ['2.9.10', '2.10.27', '2.15.1'];
export const newestNatsVersion: NatsVersion = '2.15.1';

export type NatsBinary = {
  readonly path: string;
  /** What the binary itself prints, which may be newer than what was asked for. */
  readonly version: string;
};

const oldestNatsVersion: NatsVersion = '2.9.10';

/** The environment variable that names the file of a version: `NATS_SERVER_2_15_1`. */
export const variableOf = (version: NatsVersion): string => `NATS_SERVER_${version.replaceAll('.', '_')}`;

/**
 * Finds a nats-server: the file that `NATS_SERVER_2_15_1` (and so on) names, else the one on PATH if it is exactly that
 * version, else Debian's. Throws an error that says what is lacking and how to help.
 */
export async function natsServer(
  version: NatsVersion,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NatsBinary> {
  const named = env[variableOf(version)];
  if (named) return { path: named, version: await printedVersion(named, versionPattern) };
  const found = await serverOnPath(env);
  if (found?.version === version) return found;
  return debianServer(version, version, found, env);
}

/**
 * Finds a nats-server for the demo, which needs no exact version: a file that the environment names for one, the newest
 * first, else the one on PATH if it is 2.9.10 or newer, else the newest of Debian. Throws as `natsServer` does.
 */
export async function anyNatsServer(env: NodeJS.ProcessEnv = process.env): Promise<NatsBinary> {
  const named = natsVersions.toReversed().find((version) => env[variableOf(version)]);
  if (named !== undefined) return natsServer(named, env);
  const found = await serverOnPath(env);
  if (found !== undefined && hasFrom(found.version, [oldestNatsVersion])) return found;
  return debianServer(newestNatsVersion, `from ${oldestNatsVersion} on`, found, env);
}

/** The one on PATH; its version is empty if it prints none. */
async function serverOnPath(env: NodeJS.ProcessEnv): Promise<NatsBinary | undefined> {
  const found = await onPath('nats-server', env);
  if (found === undefined) return undefined;
  return { path: found, version: await printedVersion(found, versionPattern).catch(() => '') };
}

/** Debian's of this version, after another was found on PATH, or none. */
async function debianServer(
  version: NatsVersion,
  expected: string,
  found: NatsBinary | undefined,
  env: NodeJS.ProcessEnv,
): Promise<NatsBinary> {
  try {
    const root = await debianPackage({ suite: suites[version], package: 'nats-server', env });
    const brought = path.join(root, 'usr/sbin/nats-server');
    return { path: brought, version: await printedVersion(brought, versionPattern) };
  } catch (cause) {
    const seen =
      found === undefined ? 'none is on PATH' : `${found.path} is ${found.version || 'of no known version'}`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `no nats-server ${expected}: ${seen}; ${reason}; set ${variableOf(version)} to its file`,
      {
        cause,
      },
    );
  }
}

/** `nats-server: v2.15.1` */
const versionPattern = /v?(\d+\.\d+\.\d+\S*)/;
