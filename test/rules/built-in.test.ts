import { describe, expect, it } from 'vitest';
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
      const linked = alertsOf(mirror).filter(({ labels }) => labels['diagnosis'] !== undefined);
      const limits = linked.map(({ alert, expr, forMs, labels }) => {
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
        return { alert, id: labels['diagnosis'], severity: labels['severity'], forMs, direction, threshold };
      });
      const declared = linked.map(({ labels }) => {
        const diagnosis = diagnoses.find(({ id }) => id === labels['diagnosis']);
        const limit = diagnosis?.limits[diagnosis.rule?.limit ?? ''];
        const [severity, threshold] = Object.entries(limit?.levels ?? {})[0] ?? [];
        const { id, rule, for: forMs } = diagnosis ?? {};
        return { alert: rule?.alert, id, severity, forMs, direction: limit?.direction, threshold };
      });
      expect(limits).toEqual(declared);
    });
  });

  it('take every limit that a diagnosis gives a rule', () => {
    const linked = alertsOf('intended').flatMap(({ labels }) => labels['diagnosis'] ?? []);
    expect(linked.toSorted()).toEqual(
      diagnoses.flatMap(({ id, rule }) => (rule === undefined ? [] : [id])).toSorted(),
    );
  });
});
