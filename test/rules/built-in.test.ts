import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { builtInGroups } from '../../infra/rules/built-in.ts';
import { mirrors, type Mirror } from '../../infra/settings/mirrors.ts';
import { diagnoses } from '../../lambdas/checks/catalogue.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { parse } from '../../lambdas/promql/index.ts';
import { shapeOf } from '../../lambdas/rules/shape.ts';
import { findSeries } from '../../lambdas/series/find.ts';
import { promtool } from '../promql/promtool.ts';
import { builtInText } from './built-in-firing.ts';

const alertsOf = (mirror: Mirror) =>
  builtInGroups(mirror, 2)
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => (rule.kind === 'alert' ? [rule] : []));

const factsOf = (mirror: Mirror) =>
  alertsOf(mirror).map(({ alert, expr, forMs, labels }) =>
    [alert, expr.replace(/\s+/g, ' '), formatDuration(forMs), labels['severity']].join(' | '),
  );

/** Built-in rules that name a diagnosis, beside the limit of it that they name. */
const linkedIn = (mirror: Mirror) =>
  alertsOf(mirror).flatMap(({ alert, expr, forMs, labels }) => {
    const diagnosis = diagnoses.find(({ id }) => id === labels['diagnosis']);
    if (labels['diagnosis'] === undefined) return [];
    if (diagnosis === undefined) throw new Error(`${alert}: there is no ${labels['diagnosis']}`);
    const { ast } = parse(expr);
    if (ast === undefined) throw new Error(expr);
    const shape = shapeOf(ast, {
      per: 'server',
      keepFiring: false,
      templated: false,
      seriesOf: ({ name = '' }) => findSeries(name)[0],
    });
    if (shape.kind === 'boolean') throw new Error(`${alert} has no threshold`);
    const { direction, threshold } = shape;
    const { id, rule, limits, for: hold } = diagnosis;
    const limit = limits[rule?.limit ?? ''];
    const [severity, level] =
      Object.entries(limit?.levels ?? {}).find(([of]) => of === labels['severity']) ?? [];
    return [
      {
        diagnosis,
        form: { alert, id: labels['diagnosis'], severity: labels['severity'], forMs, direction, threshold },
        limit: {
          alert: rule?.alert,
          id,
          severity,
          forMs: hold,
          direction: limit?.direction,
          threshold: level,
        },
      },
    ];
  });

describe('the built-in rules', () => {
  it('are in literal form those of the published set, and the one that it has dropped since', () => {
    // samber/awesome-prometheus-alerts, dist/rules/nats/nats-exporter.yml at ed15150, and the last at 4aa45de.
    expect(factsOf('literal')).toEqual([
      'NatsHighRoutesCount | gnatsd_varz_routes > 10 | 3 min | warning',
      'NatsHighMemoryUsage | gnatsd_varz_mem > 200 * 1024 * 1024 | 5 min | warning',
      'NatsSlowConsumers | gnatsd_varz_slow_consumers > 0 | 3 min | critical',
      'NatsServerDown | absent(up{job="nats"}) | 5 min | critical',
      'NatsHighCpuUsage | gnatsd_varz_cpu > 80 | 5 min | warning',
      'NatsHighNumberOfConnections | gnatsd_connz_num_connections > 1000 | 5 min | warning',
      'NatsHighJetstreamStoreUsage | gnatsd_varz_jetstream_stats_storage / gnatsd_varz_jetstream_config_max_storage > 0.8 and gnatsd_varz_jetstream_config_max_storage > 0 | 5 min | warning',
      'NatsHighJetstreamMemoryUsage | gnatsd_varz_jetstream_stats_memory / gnatsd_varz_jetstream_config_max_memory > 0.8 and gnatsd_varz_jetstream_config_max_memory > 0 | 5 min | warning',
      'NatsHighNumberOfSubscriptions | gnatsd_varz_subscriptions > 1000 | 5 min | warning',
      'NatsHighPendingBytes | gnatsd_connz_pending_bytes > 100000 | 5 min | warning',
      'NatsTooManyErrors | increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5 | 5 min | warning',
      'NatsJetstreamAccountsExceeded | sum(gnatsd_varz_jetstream_stats_accounts) > 100 | 5 min | warning',
      'NatsLeafNodeConnectionIssue | gnatsd_varz_leafnodes == 0 | 5 min | warning',
      'NatsLeafNodeConnectionIssue | increase(gnatsd_varz_leafnodes[5m]) == 0 | 5 min | critical',
    ]);
  });

  it('have the same names in both forms', () => {
    const names = (mirror: Mirror) => new Set(alertsOf(mirror).map(({ alert }) => alert));
    expect(names('intended')).toEqual(names('literal'));
  });

  describe.each(mirrors)('in %s form', (mirror) => {
    it('name their author, licence, file and commits', () => {
      const [comment = ''] = builtInText(mirror).split('\ngroups:');
      expect(comment.replace(/\s*\n#\s*/g, ' ')).toMatch(
        /Samuel Berthe.*CC BY 4\.0.*https:\/\/github\.com\/samber\/awesome-prometheus-alerts.*nats-exporter\.yml at ed15150.*4aa45de/,
      );
    });

    it.each([2, 3] as const)(
      'are read alike by promtool and by us, as Prometheus %i has it',
      async (edition) => {
        const printed = await promtool(edition, ['check', 'rules', '--lint-fatal', 'rules.yml'], {
          'rules.yml': builtInText(mirror),
        });
        expect(/SUCCESS: (\d+) rules found/.exec(printed)?.[1]).toBe(
          String(builtInGroups(mirror, edition).flatMap(({ rules }) => rules).length),
        );
      },
    );

    it('say what is wrong, what it means, what to do first, and where to read on', () => {
      const texts = alertsOf(mirror).map(({ annotations }) => Object.keys(annotations));
      expect(new Set(texts.map((names) => names.join()))).toEqual(
        new Set(['summary,description,action,runbook_url']),
      );
    });

    it('are at the limits of the diagnoses that they name, until settings say otherwise', () => {
      const linked = linkedIn(mirror).filter(({ diagnosis: { rule } }) => rule?.warnsEarlier !== true);
      expect(linked.length).toBeGreaterThan(0);
      expect(linked.map(({ form }) => form)).toEqual(linked.map(({ limit }) => limit));
    });

    it('or warn before these do, at 80 % for 5 minutes where they do at 90 %', () => {
      const linked = linkedIn(mirror).filter(({ diagnosis: { rule } }) => rule?.warnsEarlier === true);
      const shown = linked.map(({ form, limit: { alert, id, threshold, direction } }) => ({
        ...form,
        before: { alert, id, threshold, direction },
      }));
      expect(shown).toEqual(
        [
          ['NatsHighJetstreamStoreUsage', 'SERVER_019'],
          ['NatsHighJetstreamMemoryUsage', 'SERVER_005'],
        ].map(([alert, id]) => ({
          ...{ alert, id, severity: 'warning', forMs: minutes(5), direction: 'above', threshold: 0.8 },
          before: { alert, id, threshold: 0.9, direction: 'atLeast' },
        })),
      );
    });
  });

  it('take every limit that a diagnosis gives a rule', () => {
    const linked = alertsOf('intended').flatMap(({ labels }) => labels['diagnosis'] ?? []);
    expect(linked.toSorted()).toEqual(
      diagnoses.flatMap(({ id, rule }) => (rule === undefined ? [] : [id])).toSorted(),
    );
  });
});
