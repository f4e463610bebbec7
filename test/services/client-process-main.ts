import { connect } from './nats-client.ts';
import type { ClientOptions } from './nats-client.ts';

const { subject, ...options } = JSON.parse(process.argv[2] ?? '{}') as ClientOptions & {
  readonly subject?: string;
};
const client = await connect(options);
if (subject !== undefined) client.subscribe(subject);
await client.flush();
process.stdout.write(`connected ${client.cid}\n`);
await client.closed;
