import { connect } from '../services/nats-client.ts';
import { inBatches } from './in-batches.ts';

// A process of its own, so that neither its heap nor its sockets weigh on what is measured.
const [port, count] = process.argv.slice(2).map(Number);
if (port === undefined || count === undefined) throw new Error('expected a port and a number of clients');

await inBatches(count, 50, async (index) => {
  const client = await connect({ port, name: `service-${index % 100}` });
  client.subscribe(`orders.${index % 100}.>`);
  client.subscribe(`_INBOX.${index}.*`);
  await client.flush();
});
process.stdout.write(`connected ${count}\n`);
