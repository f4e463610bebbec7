import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { inline, plural } from '../../lambdas/engine/format.ts';
import { functionName } from '../cloudwatch/alarm-spec.ts';
import { batchesOf, scheduleName } from '../settings/batches.ts';
import { mostNamed, type Examination } from './examination.ts';

/** Whether each schedule is there, and enabled. */
export const schedules: Examination = {
  name: 'schedules',
  async look({ loaded: { settings }, checks, account }) {
    const batches = batchesOf(settings.clusters);
    const names = checks.flatMap((check) =>
      batches.map(({ id }) => scheduleName(functionName(settings.name, check.id), id)),
    );
    const states = await Promise.all(
      names.map(async (Name) => {
        try {
          return (await account.scheduler.send(new GetScheduleCommand({ Name }))).State ?? 'unknown';
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'missing';
          throw error;
        }
      }),
    );
    const withState = (state: string) => names.filter((_, i) => states[i] === state);
    const [disabled, missing] = [withState('DISABLED'), withState('missing')];
    return {
      seen: `${plural(withState('ENABLED').length, 'schedule')} enabled`,
      complaints: [
        ...(disabled.length === 0
          ? []
          : [
              {
                what: `${plural(disabled.length, 'schedule')} disabled: ${inline(disabled, mostNamed)}`,
                todo: 'enable them: what they start is not looked at',
              },
            ]),
        ...(missing.length === 0
          ? []
          : [
              {
                what: `${plural(missing.length, 'schedule')} missing: ${inline(missing, mostNamed)}`,
                todo: 'deploy these settings: npx cdk deploy --all',
              },
            ]),
      ],
    };
  },
};
