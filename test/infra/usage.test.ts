import { expect, it } from 'vitest';
import * as cost from '../../infra/cost/command.ts';
import * as doctor from '../../infra/doctor/command.ts';
import * as start from '../../infra/local/arguments.ts';
import * as mute from '../../infra/mute/command.ts';
import * as notify from '../../infra/notify/command.ts';
import * as dashboard from '../../infra/preview/command.ts';
import * as rules from '../../infra/tool/arguments.ts';

it.each(Object.entries({ cost, dashboard, doctor, mute, notify, rules, start }))(
  'the help of npm run %s is no wider than a terminal of 80 columns',
  (_, { usage }) => {
    expect(usage.split('\n').filter((line) => line.length > 80)).toEqual([]);
  },
);
