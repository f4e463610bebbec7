type Version = { readonly line: number; readonly patch: number; readonly isPreRelease: boolean };

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(?:-([^+]+))?(?:\+.+)?$/;

/**
 * True if a server of `version` has what came with `firstReleases`: the first release of each line that has it
 * (`['2.11.7', '2.12.0']`, as in nats-server's release notes). A line newer than all listed has it; an older line
 * without a release of its own has not.
 * A pre-release of a first release (`2.12.0-RC.1`, `-dev`) may have been cut before the change: false. A packager's
 * revision (`2.10.27-1`) is the release. A version that is none (a server's own word): false, so that the older source
 * of the same fact is used.
 * @throws TypeError if one of `firstReleases` is no version
 */
export function hasFrom(version: string, firstReleases: readonly string[]): boolean {
  const listed = firstReleases.map((release) => {
    const first = parseVersion(release);
    if (first === undefined) throw new TypeError(`first release "${release}" is not of the form 2.11.7`);
    return first;
  });
  const server = parseVersion(version);
  if (server === undefined || listed.length === 0) return false;
  const ofSameLine = listed.find(({ line }) => line === server.line);
  if (ofSameLine === undefined) return listed.every(({ line }) => line < server.line);
  return server.patch === ofSameLine.patch ? !server.isPreRelease : server.patch > ofSameLine.patch;
}

function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, suffix] = VERSION.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  const isPreRelease = suffix !== undefined && /^[a-z]/i.test(suffix);
  return { line: Number(major) * 1_000 + Number(minor), patch: Number(patch), isPreRelease };
}
