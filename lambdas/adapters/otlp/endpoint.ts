import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

/**
 * Where CloudWatch takes OTLP metrics: `/v1/metrics` on the host that the client puts metrics to, which the Region
 * tells unless the client was given an endpoint, or the environment has one (`AWS_ENDPOINT_URL`).
 */
export async function otlpEndpoint({ config }: CloudWatchClient): Promise<URL> {
  const base = (await givenEndpoint(config)) ?? (await regionalEndpoint(config));
  return new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}/v1/metrics`);
}

type Config = CloudWatchClient['config'];

async function givenEndpoint(config: Config): Promise<URL | null> {
  if (config.endpoint !== undefined) {
    const { protocol, hostname, port, path } = await config.endpoint();
    return new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  }
  if (config.ignoreConfiguredEndpointUrls) return null;
  const configured = await config.serviceConfiguredEndpoint?.();
  return configured === undefined ? null : new URL(configured);
}

async function regionalEndpoint(config: Config): Promise<URL> {
  return config.endpointProvider({
    Region: await config.region(),
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
  }).url;
}
