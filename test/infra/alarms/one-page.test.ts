import { describe, expect, it } from 'vitest';
import { alarmSpecs, compositeSpecs } from '../../../infra/alarms/alarm-specs.ts';
import type { Metric } from '../../../infra/cloudwatch/alarm-spec.ts';
import { compositeStates, told } from '../../../infra/cloudwatch/composite-alarm.ts';
import { alarmStates, type Datapoint, type StateAt } from '../../../infra/cloudwatch/evaluator.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { notedAnew, toldOf, type Noted } from '../../../lambdas/engine/findings/open-board.ts';

const deployment = (servers: readonly string[], alarms: object = {}) => {
  const targets = servers.map((name) => ({ name, url: `http://${name}.example:8222` }));
  const input = { checks, ...understand({ clusters: [{ name: 'prod', targets }], alarms }, 'one page') };
  return { specs: alarmSpecs(input), composites: compositeSpecs(input) };
};

/** What a minute is like where it is not well. */
type Minute = {
  /** Servers that do not answer. */
  readonly down?: readonly string[];
  /** Checks whose functions do not run. */
  readonly stopped?: readonly string[];
  /** Checks with a finding of severity warning that no rule pages for. */
  readonly finds?: readonly string[];
};

const span = { from: -30, to: 90 };
const everyone = checks.map(({ id }) => id);
const servers = ['n1', 'n2', 'n3'];

/** What subscribers are told, from minute 1 on, of a deployment that was well for half an hour before. */
function pages(
  timeLine: (minute: number) => Minute,
  { of = servers, alarms = {} }: { readonly of?: readonly string[]; readonly alarms?: object } = {},
): readonly string[] {
  const { specs, composites } = deployment(of, alarms);
  const at = (minute: number): Minute => (minute < 1 ? {} : timeLine(minute));
  const points = (valuesOf: (minute: Minute) => readonly number[]): readonly Datapoint[] =>
    Array.from({ length: span.to - span.from + 1 }, (_, i) => span.from + i).flatMap((minute) =>
      valuesOf(at(minute)).map((value) => ({ minute, value })),
    );
  const runs = (check: string, { stopped = [] }: Minute) => !stopped.includes(check);
  const isUp = (server: string | undefined, { down = [] }: Minute) => !down.includes(server ?? '');
  const published = ({ name, dimensions }: Metric): readonly Datapoint[] => {
    const check = String(dimensions['FunctionName']).replace('nats-cloudwatch-', '');
    switch (name) {
      case 'Errors':
        return points((minute) => (runs(check, minute) ? [0] : []));
      case 'up':
        return points((minute) =>
          runs('server-up', minute) ? [isUp(dimensions['server_id'], minute) ? 1 : 0] : [],
        );
      case 'nats_servers_up':
        return points((minute) =>
          runs('server-up', minute) ? [of.filter((server) => isUp(server, minute)).length] : [],
        );
      case 'nats_rule':
        return points((minute) =>
          runs('rule-series', minute) ? [ruleValue(dimensions['rule'], minute)] : [],
        );
      case 'nats_findings_open':
        return findingsTold(dimensions);
      default:
        return points(() => [0]);
    }
  };
  /** As runs tell it, who note what they have open on one board. */
  const findingsTold = (labels: Metric['dimensions']): readonly Datapoint[] => {
    const group = checks.filter((each) => each.group === labels['group']);
    const notedBy = new Map<string, Noted>();
    return Array.from({ length: span.to - span.from + 1 }, (_, i) => span.from + i).flatMap((minute) =>
      group
        .filter(({ id }) => runs(id, at(minute)))
        .flatMap(({ id }) => {
          const isFound = labels['severity'] === 'warning' && at(minute).finds?.includes(id) === true;
          const open = [{ target: null, observation: { series: '', labels, value: isFound ? 1 : 0 } }];
          const noted = notedBy.get(id) ?? null;
          const { every } = group.find((each) => each.id === id) ?? { every: minutes(1) };
          const next = notedAnew(open, { at: minutes(minute), every, deployed: 0, noted });
          const latest = next ?? noted;
          if (latest !== null) notedBy.set(id, { ...latest, ran: minutes(minute) });
          const all = [...notedBy.values()].flatMap(({ open: own }) => Object.values(own));
          const isKnown = next !== null && notedBy.size === group.length;
          const sum = all.reduce((one, other) => one + other, 0);
          return toldOf(open, isKnown ? { [labels['severity'] ?? '']: sum } : null).map(
            ({ observation: { value } }) => ({ minute, value }),
          );
        }),
    );
  };
  const ruleValue = (rule: string | undefined, minute: Minute): number =>
    rule === 'NatsServerDown' && of.some((server) => !isUp(server, minute))
      ? 0
      : 1 - Number(rule !== 'NatsServerDown');

  const states = new Map<string, readonly StateAt[]>(
    specs.map((spec) => [spec.name, alarmStates(spec, published, span)]),
  );
  const statesOf = (name: string): readonly StateAt[] => states.get(name) ?? [];
  for (const composite of composites) states.set(composite.name, compositeStates(composite, statesOf));
  const messages = [
    ...specs.filter(({ isSilent }) => isSilent !== true).map(({ name }) => ({ name, suppressor: null })),
    ...composites,
  ].flatMap(({ name, suppressor }) =>
    told(statesOf(name), suppressor, statesOf(suppressor?.name ?? '')).map((each) => ({ name, ...each })),
  );
  return messages
    .filter(({ minute }) => minute >= 1)
    .sort((a, b) => a.minute - b.minute)
    .map(
      ({ minute, name, state }) =>
        `${minute} ${name.replace(/^nats\/(prod|nats-cloudwatch)\//, '')} ${state}`,
    );
}

const during = (from: number, to: number, minute: Minute) => (at: number) =>
  at >= from && at <= to ? minute : {};

describe('nobody is paged', () => {
  it('while all is well, nor for a minute in which no function runs', () => {
    expect([pages(() => ({})), pages(during(10, 10, { stopped: everyone }))]).toEqual([[], []]);
  });

  it('where every other run is late by a minute, so that half of the minutes have none', () => {
    expect(pages((minute) => (minute % 2 === 0 ? { stopped: everyone } : {}))).toEqual([]);
  });
});

describe('the monitor stops', () => {
  it('is one page, whatever it would have seen, and one that it runs again', () => {
    expect(pages(during(10, 40, { stopped: everyone }))).toEqual([
      '14 several-not-running ALARM',
      '46 several-not-running OK',
    ]);
  });

  it('and does not page five minutes sooner than it is sure', () => {
    expect([
      pages(during(10, 13, { stopped: everyone })),
      pages(during(10, 14, { stopped: everyone })),
    ]).toEqual([[], ['14 several-not-running ALARM', '17 several-not-running OK']]);
  });

  it('while a server is down: its page stays', () => {
    expect(
      pages((minute) => ({
        ...(minute >= 5 && minute <= 50 ? { down: ['n1'] } : {}),
        ...(minute >= 20 ? { stopped: everyone } : {}),
      })),
    ).toEqual(['7 NatsServerDown/n1/critical ALARM', '24 several-not-running ALARM']);
  });

  it('and a server goes down meanwhile: that is paged once it runs again', () => {
    expect(
      pages((minute) => ({
        ...(minute >= 20 ? { down: ['n1'] } : {}),
        ...(minute >= 10 && minute <= 40 ? { stopped: everyone } : {}),
      })),
    ).toEqual([
      '14 several-not-running ALARM',
      '43 NatsServerDown/n1/critical ALARM',
      '46 several-not-running OK',
    ]);
  });
});

describe('a single check does not run', () => {
  it('is a page of its own, two minutes later, as others may follow', () => {
    expect(pages(during(10, 40, { stopped: ['leafnode-connections'] }))).toEqual([
      '16 not-running ALARM',
      '43 not-running OK',
    ]);
  });

  it('for long hides nothing of the others that stop later', () => {
    expect(
      pages((minute) => ({
        stopped: minute >= 40 && minute <= 60 ? everyone : minute >= 10 ? ['leafnode-connections'] : [],
      })),
    ).toEqual(['16 not-running ALARM', '44 several-not-running ALARM', '66 several-not-running OK']);
  });

  it('does not close what it had found, nor keep another of its group from paging', () => {
    const found = pages((minute) => ({
      finds:
        minute < 10 || minute > 60
          ? []
          : minute < 30
            ? ['connection-stopped']
            : ['connection-stopped', 'stale-connections'],
      stopped: minute >= 20 && minute <= 40 ? ['connection-stopped'] : [],
    }));
    expect(found).toEqual([
      '10 connections/findings/warning ALARM',
      '26 not-running ALARM',
      '43 not-running OK',
      '61 connections/findings/warning OK',
    ]);
    const other = pages((minute) => ({
      stopped: minute >= 10 ? ['connection-stopped'] : [],
      finds: minute >= 30 && minute < 40 ? ['stale-connections'] : [],
    }));
    expect(other).toEqual([
      '16 not-running ALARM',
      '30 connections/findings/warning ALARM',
      '40 connections/findings/warning OK',
    ]);
  });
});

describe('a consumer stands for long', () => {
  it('and a stream is in trouble meanwhile: that is a page of its own', () => {
    expect(
      pages((minute) => ({
        finds: [
          ...(minute >= 5 ? ['jetstream-consumers'] : []),
          ...(minute >= 30 && minute < 40 ? ['jetstream-streams'] : []),
        ],
      })),
    ).toEqual([
      '5 consumers/findings/warning ALARM',
      '30 jetstream/findings/warning ALARM',
      '40 jetstream/findings/warning OK',
    ]);
  });
});

describe('servers go down', () => {
  it('one of them: its own page, in the third minute', () => {
    expect(pages(during(10, 40, { down: ['n2'] }))).toEqual([
      '12 NatsServerDown/n2/critical ALARM',
      '41 NatsServerDown/n2/critical OK',
    ]);
  });

  it('two of three: a page each', () => {
    expect(pages(during(10, 40, { down: ['n1', 'n2'] }))).toEqual([
      '12 NatsServerDown/n1/critical ALARM',
      '12 NatsServerDown/n2/critical ALARM',
      '41 NatsServerDown/n1/critical OK',
      '41 NatsServerDown/n2/critical OK',
    ]);
  });

  it('all at once: one page for the cluster, and one that it is over', () => {
    expect(pages(during(10, 40, { down: servers }))).toEqual([
      '12 all-servers-down ALARM',
      '41 all-servers-down OK',
    ]);
  });

  it('all at once, and come back one after the other: who stays down is paged then', () => {
    expect(
      pages((minute) => ({ down: minute < 10 ? [] : minute <= 40 ? servers : minute <= 60 ? ['n3'] : [] })),
    ).toEqual([
      '12 all-servers-down ALARM',
      '41 all-servers-down OK',
      '43 NatsServerDown/n3/critical ALARM',
      '61 NatsServerDown/n3/critical OK',
    ]);
  });

  it('one, then the others: one page, then the page of the cluster; none is said to be up that is not', () => {
    expect(
      pages((minute) => ({ down: minute < 10 ? [] : minute < 20 ? ['n1'] : minute <= 40 ? servers : [] })),
    ).toEqual([
      '12 NatsServerDown/n1/critical ALARM',
      '22 all-servers-down ALARM',
      '41 NatsServerDown/n1/critical OK',
      '41 all-servers-down OK',
    ]);
  });

  it('all at once, and the monitor stops then and comes back last', () => {
    expect(
      pages((minute) => ({
        down: minute >= 10 && minute <= 50 ? servers : [],
        stopped: minute >= 20 && minute <= 60 ? everyone : [],
      })),
    ).toEqual([
      '12 all-servers-down ALARM',
      '24 several-not-running ALARM',
      '61 all-servers-down OK',
      '66 several-not-running OK',
    ]);
  });

  it('the monitor stops, all go down meanwhile, and it comes back first', () => {
    expect(
      pages((minute) => ({
        down: minute >= 20 && minute <= 60 ? servers : [],
        stopped: minute >= 10 && minute <= 40 ? everyone : [],
      })),
    ).toEqual([
      '14 several-not-running ALARM',
      '43 all-servers-down ALARM',
      '46 several-not-running OK',
      '61 all-servers-down OK',
    ]);
  });

  it('the only one of its cluster: its own page, as there is nothing to say of others', () => {
    expect(pages(during(10, 40, { down: ['n1'] }), { of: ['n1'] })).toEqual([
      '12 NatsServerDown/n1/critical ALARM',
      '41 NatsServerDown/n1/critical OK',
    ]);
  });

  it('of alarms by cluster: one page for some of them, one for all', () => {
    const alarms = { per: 'cluster' };
    expect([
      pages(during(10, 40, { down: ['n1', 'n2'] }), { alarms }),
      pages(during(10, 40, { down: servers }), { alarms }),
    ]).toEqual([
      ['12 NatsServerDown/critical ALARM', '41 NatsServerDown/critical OK'],
      ['12 all-servers-down ALARM', '41 all-servers-down OK'],
    ]);
  });
});

describe('what only AWS can show: the first minutes after a gap, of an alarm that needs three', () => {
  it('a server that is still down may be said to be up for two minutes, if few points are taken for OK', () => {
    expect([
      pages((minute) => ({
        ...(minute >= 5 ? { down: ['n1'] } : {}),
        ...(minute >= 20 && minute <= 40 ? { stopped: everyone } : {}),
      })),
      pages((minute) => ({ down: minute < 5 ? [] : minute >= 20 && minute <= 40 ? servers : ['n1'] })),
    ]).toEqual([
      [
        '7 NatsServerDown/n1/critical ALARM',
        '24 several-not-running ALARM',
        '41 NatsServerDown/n1/critical OK',
        '43 NatsServerDown/n1/critical ALARM',
        '46 several-not-running OK',
      ],
      [
        '7 NatsServerDown/n1/critical ALARM',
        '22 all-servers-down ALARM',
        '41 NatsServerDown/n1/critical OK',
        '41 all-servers-down OK',
        '43 NatsServerDown/n1/critical ALARM',
      ],
    ]);
  });
});
