import type { Moto } from '../services/moto.ts';

/** How to reach moto as if it were AWS. */
export type AwsEndpoint = Pick<Moto, 'endpoint' | 'region' | 'account'> & {
  /** What the clients of the AWS SDK are made with. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
};

export const awsEndpoint = ({ endpoint, region, account }: Moto): AwsEndpoint => ({
  endpoint,
  region,
  account,
  client: { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
});

/**
 * A request to a service that the project has no client for. moto reads the service from the credential's scope and
 * checks no signature.
 * @throws Error with what moto answered, if that is no success
 */
export async function unsigned(
  { endpoint, region }: Pick<AwsEndpoint, 'endpoint' | 'region'>,
  service: string,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: string } = {},
): Promise<string> {
  const type = body?.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  const reply = await fetch(`${endpoint}${path}`, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${service} ${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
  return text;
}
