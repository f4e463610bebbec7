import { createHash } from 'node:crypto';
import { probeEvent } from '../../lambdas/environment.ts';
import { inline, plural } from '../../lambdas/engine/format.ts';
import { functionName } from '../cloudwatch/alarm-spec.ts';
import { filesBeside } from '../stacks/files-beside.ts';
import { mostNamed, type Complaint, type Examination } from './examination.ts';

/** What a function sees where it runs, by one invocation that reads `/varz` of each server; and which settings it has. */
export const fromInside: Examination = {
  name: 'servers',
  async look({ loaded, checks, account }) {
    const [check] = checks;
    if (check === undefined) throw new Error('there are no checks');
    const name = functionName(loaded.settings.name, check.id);
    const { servers, files } = await account.invoke(name, probeEvent);
    const silent = servers.filter(({ failure }) => failure !== null);
    const ofCause = [...Map.groupBy(silent, ({ failure }) => causeOf(failure ?? ''))];
    return {
      seen: `${servers.length - silent.length} of ${plural(servers.length, 'server')} answered to ${name}`,
      complaints: [
        ...ofCause.map(([cause, all]): Complaint => ({
          what: `${inline(
            all.map(({ cluster, target }) => `${cluster}/${target}`),
            mostNamed,
          )}: ${cause}`,
          todo: 'does the security group of the functions reach the monitoring port, and do the subnets resolve the name?',
        })),
        ...driftOf(files, filesBeside(loaded.watch, loaded.translated.plan)),
      ],
    };
  },
};

/** Without the server's name and address, so that what has one cause is told once. */
const causeOf = (message: string): string =>
  message.replace(/^\S+ (?=\/)/, '').replace(/ to https?:\/\/\S+(?=:)/, '');

function driftOf(
  deployed: Readonly<Record<string, string>>,
  local: Readonly<Record<string, string>>,
): readonly Complaint[] {
  const differing = Object.entries(local).flatMap(([file, text]) =>
    deployed[file] === createHash('sha256').update(text).digest('hex') ? [] : [file],
  );
  if (differing.length === 0) return [];
  return [
    {
      what: `what is deployed has another ${differing.join(' and ')} than this folder makes`,
      todo: 'npx cdk diff shows it; deploy, or use the settings and the release that were deployed',
    },
  ];
}
