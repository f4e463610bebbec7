import { atLeast, below, defineDiagnosis, keyOfDns, measured, minutes } from '../../define.ts';
import type { DnsLook } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { missedBehind } from './behind-names.ts';

/** How long a server that left is reported where nothing says that it is missed. */
const lately = minutes(15);

/** `2 of 3 servers behind nats.internal:8222` */
const behind = ({ dns, servers }: DnsLook): string => {
  const [count, { expect }] = [servers.length, dns];
  const isFewer = expect !== null && count < expect;
  const some = isFewer ? `${formatCount(count)} of ${plural(expect, 'server')}` : plural(count, 'server');
  return `${some} behind ${keyOfDns(dns)}`;
};

/** By what DNS says alone: a server that has an address there and does not answer is SERVER_101's. */
export default defineDiagnosis({
  id: 'CLUSTER_103',
  title: 'Fewer servers behind a DNS name than expected',
  brief: ['servers', 'fewer behind a DNS name'],
  scope: 'cluster',
  ofNames: true,
  reads: {},
  history: {},
  limits: {
    present: below({ critical: 1 }, { unit: 'count', of: 'servers behind the name' }),
    missing: atLeast({ warning: 1 }, { unit: 'count', of: 'servers fewer than `expect` says' }),
    left: atLeast({ info: 1 }, { unit: 'count', of: 'servers that left the name within 15 min' }),
  },
  // A server that is replaced is in DNS again by then, unless its records live long.
  for: minutes(2),
  why:
    'A server without an address there is watched by nobody: it is gone, or it runs and is not ready, or its registration ' +
    'failed. Clients that find the cluster by this name do not find it either. Without `expect` in settings only a name that ' +
    'has no server at all is reported: one that crashed and one that was scaled in look the same.',
  remedy:
    'Are the tasks or pods there and ready (`aws ecs describe-services`, `kubectl get pods`)? A pod that is not ready is not in ' +
    'DNS, unless its headless service has `publishNotReadyAddresses`. Cloud Map answers with eight addresses at most. If fewer ' +
    'servers are meant, set `expect` in settings. If the name is wrong there, no server was ever behind it.',
  evaluate({ looks }, { at }) {
    const resolved = looks.filter(({ failure }) => failure === null);
    const measurements = resolved.flatMap((look) => {
      const entity = { kind: 'name' as const, name: keyOfDns(look.dns) };
      const left = look.gone.filter(({ seenAt }) => at - seenAt <= lately);
      const values = [
        { limit: 'present', value: look.servers.length },
        { limit: 'missing', value: missedBehind(look) },
        { limit: 'left', value: left.length },
      ] as const;
      return values.map((each) => ({ ...each, entity, data: { look } }));
    });
    return measured(inline(looks.map((look) => look.failure?.message ?? behind(look))), measurements);
  },
  describe: ({ limit, value, data: { look } }) => {
    const { dns, servers, gone } = look;
    const names = gone.map(({ name }) => name);
    const what =
      limit === 'left'
        ? `${plural(value, 'server')} left ${keyOfDns(dns)} within 15 min`
        : servers.length === 0 && dns.expect === null
          ? `No server behind ${keyOfDns(dns)}`
          : behind(look);
    return {
      summary: `${what}${names.length === 0 ? '' : `: gone ${names.length === 1 ? 'is' : 'are'} ${inline(names)}`}.`,
      evidence: [
        ...gone.map(({ name, address, seenAt }) => `${name}: was at ${address} until ${formatTime(seenAt)}`),
        ...(servers.length === 0 ? [] : [`behind the name now: ${inline(servers)}`]),
      ],
      commands: {
        nats: 'nats server list',
        curl: `dig +short ${dns.dns} A; for a in $(dig +short ${dns.dns} A); do curl -sS -m 5 "${dns.scheme}://$a:${dns.port}/varz" | grep '"server_name"'; done`,
      },
    };
  },
});
