import { describe, expect, it } from 'vitest';
import { builtInGroups, sideBySide } from '../../infra/rules/built-in.ts';
import { lint } from '../../infra/rules/lint.ts';

describe('published and intended rules side by side', () => {
  it('differ where lints or we say why, and nowhere else', () => {
    const reported = sideBySide().map(({ alert, isSame, reasons }) =>
      [alert, isSame ? 'as published' : 'changed', ...reasons.map(({ code }) => code ?? 'our reason')].join(
        ' | ',
      ),
    );
    expect(reported).toEqual([
      'NatsHighRoutesCount | changed | L11',
      'NatsHighMemoryUsage | as published',
      'NatsSlowConsumers | changed | L1',
      'NatsServerDown | changed | L13',
      'NatsHighCpuUsage | changed | C1',
      'NatsHighNumberOfConnections | as published | our reason',
      'NatsHighJetstreamStoreUsage | as published',
      'NatsHighJetstreamMemoryUsage | as published',
      'NatsHighNumberOfSubscriptions | as published',
      'NatsHighPendingBytes | as published | L9',
      'NatsTooManyErrors | changed | L12',
      'NatsJetstreamAccountsExceeded | changed | our reason',
      'NatsLeafNodeConnectionIssue | changed | our reason',
      'NatsLeafNodeConnectionIssue | changed | L4',
    ]);
  });

  it.each(['classic', 'promql'] as const)(
    'leave in intended form nothing to warn of but the page of pending bytes (%s engine)',
    (engine) => {
      const groups = builtInGroups('intended', 2);
      const labels = ['job', 'instance', 'server_id'];
      const warnings = lint(groups, { engine, edition: 2, prefixes: [], targets: 3, labels });
      const codes = groups
        .flatMap(({ rules }) => rules)
        .flatMap((rule) =>
          (warnings.get(rule) ?? []).map(({ code }) => [rule.kind === 'alert' ? rule.alert : '', code]),
        );
      expect(codes).toEqual([['NatsHighPendingBytes', 'L9']]);
    },
  );
});
