import {
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  measured,
  minutes,
  notApplicable,
  nothing,
} from '../../define.ts';
import { formatTime, inline } from '../../engine/format.ts';
import { expiryWords } from './expiry.ts';

/** Seen on 2.9.10, 2.10.27 and 2.15.1: a server starts with an operator's JWT that has expired, and takes its accounts' users. */
export default defineDiagnosis({
  id: 'ACCOUNTS_105',
  title: "The operator's JWT expires soon or has expired",
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    left: atMost(
      { info: days(30) / 1_000 },
      { unit: 'seconds', of: "time until the operator's JWT expires" },
    ),
  },
  for: minutes(0),
  why: 'Servers do not mind: they print the time at their start and go on. But tools do, and a later release may.',
  remedy:
    'Renew it (`nsc edit operator --expiry 1y`), put the new JWT into the configuration of every server, and reload them when that ' +
    'fits.',
  evaluate({ servers }, { at }) {
    const held = servers.flatMap(({ target, varz }) =>
      (varz.trusted_operators_claim ?? []).map((claim) => ({ target, claim })),
    );
    if (held.length === 0) return notApplicable('no server has an operator');
    const expiring = held.flatMap(({ target, claim: { sub, name = sub, exp = 0, iat } }) =>
      exp === 0 ? [] : [{ target, key: sub, name, issuedAt: iat * 1_000, expiresAt: exp * 1_000 }],
    );
    const byOperator = [...Map.groupBy(expiring, ({ key }) => key).values()];
    if (byOperator.length === 0) return nothing("no operator's JWT expires");
    return measured(
      'an operator whose JWT expires',
      byOperator.flatMap((all) => {
        const first = all.toSorted((a, b) => a.expiresAt - b.expiresAt)[0];
        return first === undefined
          ? []
          : {
              limit: 'left' as const,
              entity: { kind: 'operator' as const, name: first.name },
              value: Math.max(0, first.expiresAt - at) / 1_000,
              data: { first, servers: all.map(({ target }) => target.name) },
            };
      }),
    );
  },
  describe: ({ entity, data: { first, servers } }, { at }) => ({
    summary: `The JWT of operator ${entity.name} ${first.expiresAt > at ? 'expires' : 'expired'} ${expiryWords(first, at)}.`,
    evidence: [
      `on ${inline(servers, 10)}`,
      `issued ${formatTime(first.issuedAt)}, for ${formatDuration(first.expiresAt - first.issuedAt)}`,
      `operator ${first.key}`,
    ],
    commands: {
      nats: 'nsc describe operator',
      curl: `curl -s '${first.target.url}/varz' | grep -A 8 '"trusted_operators_claim"'`,
    },
  }),
});
