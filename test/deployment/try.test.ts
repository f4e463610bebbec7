import { it } from 'vitest';
import { startMoto } from '../services/moto.ts';
import { deployToMoto } from '../infra/deploy.ts';
import { awsEndpoint, unsigned } from '../infra/unsigned.ts';
it('x', async () => {
  let t = Date.now();
  const moto = await startMoto();
  console.log('moto', Date.now() - t); t = Date.now();
  const d = await deployToMoto(moto, 'infra/settings.yaml');
  console.log('deploy', Date.now() - t);
  console.log(JSON.stringify({ ...d, applied: { ...d.applied, alarms: d.applied.alarms.length } }, null, 1));
  const aws = awsEndpoint(moto);
  console.log(await unsigned(aws, 'lambda', '/2015-03-31/functions/nats-cloudwatch-server-up'));
  console.log(await unsigned(aws, 'lambda', '/2019-09-25/functions/nats-cloudwatch-server-up/event-invoke-config').catch(String));
  console.log(await unsigned(aws, 'scheduler', '/schedules/nats-cloudwatch-server-up'));
  console.log(await unsigned(aws, 'monitoring', '/', { method: 'POST', body: 'Action=DescribeAlarms&Version=2010-08-01' }).then((x) => x.slice(0, 1500)).catch(String));
  console.log(await unsigned(aws, 'logs', '/', { method: 'POST', body: '{}' }).catch(String));
  await moto.stop();
}, 200000);
