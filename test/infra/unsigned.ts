import { request, type Dispatcher } from 'undici';
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
  { method = 'GET', body }: { readonly method?: Dispatcher.HttpMethod; readonly body?: string } = {},
): Promise<string> {
  const type = body?.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  // A kept connection may be closed by moto while a request is sent by it.
  const reply = await request(`${endpoint}${path}`, {
    method,
    reset: true,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const text = await reply.body.text();
  if (reply.statusCode >= 300)
    throw new Error(`${service} ${method} ${path}: ${reply.statusCode} ${text.slice(0, 500)}`);
  return text;
}
