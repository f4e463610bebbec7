import type { NatsServer } from '../../services/nats-server.ts';
import { waitUntil } from '../../services/wait.ts';
import { electionPatience as patience } from '../jetstream.ts';

/** How the whole of `/healthz` answers. */
export async function healthOf({ name, monitoringUrl }: NatsServer) {
  const reply = await fetch(`${monitoringUrl}/healthz?details=true`);
  return { name, status: reply.status, body: await reply.text() };
}

/** A server that starts says 200 for a moment before it notices that its streams are behind. */
const steadyMs = 3_000;

/** Who is ill for so long stays so: now and then a restarted server's stream remains `group node unhealthy` for good. */
const lastingMs = 60_000;

/** Resolves when all of these are healthy, and have been for some seconds; who does not come back is started once more. */
export async function allHealthy(servers: () => readonly NatsServer[]): Promise<void> {
  let wellSince = Infinity;
  const illSince = new Map<NatsServer, number>();
  const look = async () => {
    const health = await Promise.all(
      servers().map(async (server) => ({ server, ...(await healthOf(server)) })),
    );
    const ill = health.filter(({ status }) => status !== 200);
    const now = performance.now();
    wellSince = ill.length === 0 ? Math.min(wellSince, now) : Infinity;
    for (const { server, status } of health) {
      const since = illSince.get(server) ?? now;
      if (status === 200 || now - since > lastingMs) illSince.delete(server);
      else illSince.set(server, since);
      if (status !== 200 && now - since > lastingMs) await server.restart();
    }
    return { ill: ill.map(({ name, status, body }) => ({ name, status, body })), steadyMs: now - wellSince };
  };
  await waitUntil(
    `every server to be healthy, and to stay so for ${steadyMs} ms`,
    look,
    ({ steadyMs: lasted }) => lasted > steadyMs,
    patience,
  );
}
