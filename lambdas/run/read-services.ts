import type { ClusterFacts } from '../define.ts';
import { endpoints } from '../readings/endpoints.ts';
import type { Reading } from '../readings/reading.ts';
import { pingSubject, type Services } from '../readings/services.ts';
import type { Ask } from './read-clients.ts';

/** Instances of the services that settings expect, one request each; none where none is expected. */
export async function readServices(
  ask: Ask,
  { expect: { services = [] } }: Pick<ClusterFacts, 'expect'>,
): Promise<Reading<Services>> {
  const read = await Promise.all(
    services.map(async (service) => {
      const subject = pingSubject(service);
      const reading = await ask(endpoints.listeners(subject, service.account));
      if (!reading.ok) return reading;
      // A wildcard hears the subject too, and is no instance.
      const instances = reading.value.subscriptions_list
        .filter((each) => each.subject === subject)
        .map(({ cid, account }) => ({ cid, account }));
      return { ok: true, value: { service, instances } } as const;
    }),
  );
  const failure = read.find((each) => !each.ok);
  if (failure?.ok === false) return failure;
  return { ok: true, value: read.flatMap((each) => (each.ok ? [each.value] : [])) };
}
