import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { otlpEndpoint } from '../../../lambdas/adapters/otlp/endpoint.ts';

afterEach(() => vi.unstubAllEnvs());

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const endpoint = async (config: CloudWatchClientConfig): Promise<string> =>
  (await otlpEndpoint(new CloudWatchClient({ credentials, ...config }))).href;

describe('CloudWatch takes OTLP metrics at', () => {
  it.each([
    ['eu-west-1', 'https://monitoring.eu-west-1.amazonaws.com/v1/metrics'],
    ['cn-north-1', 'https://monitoring.cn-north-1.amazonaws.com.cn/v1/metrics'],
  ])('the host of metrics in Region %s', async (region, expected) => {
    expect(await endpoint({ region })).toBe(expected);
  });

  it.each([
    ['http://localhost:4566', 'http://localhost:4566/v1/metrics'],
    ['http://localhost:4566/', 'http://localhost:4566/v1/metrics'],
    [
      'https://vpce-1.monitoring.eu-west-1.vpce.amazonaws.com',
      'https://vpce-1.monitoring.eu-west-1.vpce.amazonaws.com/v1/metrics',
    ],
    ['http://localhost/proxy', 'http://localhost/proxy/v1/metrics'],
  ])('the endpoint that the client was given: %s', async (given, expected) => {
    expect(await endpoint({ region: 'eu-west-1', endpoint: given })).toBe(expected);
  });

  it('the endpoint of the environment, as all of the SDK takes it', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://localhost:5000');
    expect(await endpoint({ region: 'eu-west-1' })).toBe('http://localhost:5000/v1/metrics');
  });

  it('the endpoint of the environment for CloudWatch alone', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', 'http://localhost:5001');
    expect(await endpoint({ region: 'eu-west-1' })).toBe('http://localhost:5001/v1/metrics');
  });

  it('the endpoint that the client was given, whatever the environment has', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://localhost:5000');
    expect(await endpoint({ region: 'eu-west-1', endpoint: 'http://localhost:4566' })).toBe(
      'http://localhost:4566/v1/metrics',
    );
  });
});
