import { createServer } from 'node:https';
import { describe, expect, it } from 'vitest';
import { failureBesideHealthy, healthyTarget, listen, serve, source, varz } from './servers.ts';
import { selfSigned } from './self-signed.ts';

describe('TLS', () => {
  const { key, cert } = selfSigned('nats.internal');
  const serveTls = async () =>
    `https://127.0.0.1:${await listen(createServer({ key, cert }, (_, response) => response.end('{}')))}`;

  it('fails when an https URL leads to a plain port', async () => {
    const url = (await healthyTarget()).url.replace('http:', 'https:');
    expect(await failureBesideHealthy(url)).toEqual({
      code: 'tls',
      message: `hub1 /varz: no TLS connection to ${url}: ERR_SSL_WRONG_VERSION_NUMBER (no TLS on this port: write http:// in the URL)`,
    });
  });

  it('fails when an http URL leads to the TLS port of a Go server, which says so with a 400', async () => {
    const url = await serve((_, response) =>
      response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n'),
    );
    expect(await failureBesideHealthy(url)).toEqual({
      code: 'tls',
      message: `hub1 /varz: ${url} speaks TLS (write https:// in the URL)`,
    });
  });

  it('fails when the issuer is unknown', async () => {
    const url = await serveTls();
    expect(await failureBesideHealthy(url)).toEqual({
      code: 'tls',
      message: `hub1 /varz: no TLS connection to ${url}: DEPTH_ZERO_SELF_SIGNED_CERT (unknown issuer: set the target's tls.caFile in settings)`,
    });
  });

  it('fails when the certificate is for another name', async () => {
    const url = await serveTls();
    expect(await failureBesideHealthy(url, {}, { ca: cert })).toEqual({
      code: 'tls',
      message:
        `hub1 /varz: no TLS connection to ${url}: ERR_TLS_CERT_ALTNAME_INVALID ` +
        "(the certificate is for another name: set the target's tls.serverName in settings)",
    });
  });

  it("succeeds with the target's own authority and name", async () => {
    const target = { name: 'hub1', url: await serveTls(), tls: { ca: cert, serverName: 'nats.internal' } };
    expect(await source().read(target, varz)).toEqual({
      ok: true,
      value: { status: 200, bytes: 2, json: {} },
    });
  });
});
