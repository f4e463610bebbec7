import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from './catalogue.ts';
import { folder, refusal, written } from './settings-file.ts';

const certificate = `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUUznUglX/QHosl6tN3s1tyBfSd3cwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDaHViMCAXDTI2MTEyMDA5NTkxM1oYDzIxMjYxMDI3MDk1OTEz
WjAOMQwwCgYDVQQDDANodWIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATanY2Y
baEj1Kuc09E8F6fbmmOrfESe90Diea9VcM9SzQ1FZ57GxITeOZR/i6I/W0ktstB4
WnXQPm8YTbocvT5do1MwUTAdBgNVHQ4EFgQUXl882wUaVcbKAOqI8N4Qex0hfgMw
HwYDVR0jBBgwFoAUXl882wUaVcbKAOqI8N4Qex0hfgMwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiAvUQdI3mslHQ2QZwJHsdoR0f8nioClwCUyrsv+
2mqW5gIhALa+gt0AvfsFqllEVAIb/un0dn+3cAgSPSiFLiMSamI6
-----END CERTIFICATE-----
`;

describe('a certificate file', () => {
  it('is read from beside the settings, and a key in it stays out', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n';
    writeFileSync(path.join(folder, 'ca.pem'), `${key}${certificate}${certificate}`);
    const target = 'name: hub1, url: "https://h:8443", tls: { caFile: ca.pem, serverName: hub }';
    const { settings, watch } = loadSettings(
      written(`clusters: [{ name: prod, targets: [{ ${target} }] }]`),
      checks,
    );
    const tls = { ca: `${certificate}${certificate}`, serverName: 'hub' };
    expect(settings.clusters[0]?.targets[0]?.tls).toEqual(tls);
    expect(watch).toMatchObject({ clusters: [{ targets: [{ tls }] }] });
  });

  it('is one for all servers behind a DNS name', () => {
    writeFileSync(path.join(folder, 'ca.pem'), certificate);
    const target = 'dns: nats.internal, port: 8443, scheme: https, tls: { caFile: ca.pem }';
    const { settings } = loadSettings(
      written(`clusters: [{ name: prod, targets: [{ ${target} }] }]`),
      checks,
    );
    expect(settings.clusters[0]?.dnsTargets[0]?.tls).toEqual({ ca: certificate });
  });

  it('that is damaged is refused by name', () => {
    writeFileSync(path.join(folder, 'ca.pem'), certificate.replace('MII', 'AAA'));
    expect(
      refusal(
        'clusters: [{ name: prod, targets: [{ name: hub1, url: "https://h", tls: { caFile: ca.pem } }] }]',
      ),
    ).toMatch(
      /^settings\.yaml:\n  clusters\[0\]\.targets\[0\]\.tls\.caFile: ca\.pem cannot be read as PEM certificates/,
    );
  });

  it('that was cut off, or holds a key alone, is refused without a word of it', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n';
    const refusalOf = (text: string) => {
      writeFileSync(path.join(folder, 'ca.pem'), text);
      return refusal(
        'clusters: [{ name: prod, targets: [{ name: hub1, url: "https://h", tls: { caFile: ca.pem } }] }]',
      );
    };
    const at = 'settings.yaml:\n  clusters[0].targets[0].tls.caFile: ca.pem';
    expect([
      refusalOf(certificate + certificate.slice(0, 200)),
      refusalOf(certificate + certificate.replace('MII', 'AAA')),
      refusalOf(key),
    ]).toEqual([
      `${at} cannot be read as PEM certificates: 2 begin, 1 end`,
      expect.stringMatching(
        /ca\.pem cannot be read as PEM certificates: number 2 is damaged \(ERR_OSSL_\w+\)$/,
      ),
      `${at} holds a private key and no PEM certificate (-----BEGIN CERTIFICATE-----)`,
    ]);
  });
});

describe('certificates in the settings themselves', () => {
  const withCa = (text: string) =>
    JSON.stringify({
      clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'https://h', tls: { ca: text } }] }],
    });

  it('are taken without the words around them', () => {
    const { watch } = loadSettings(written(withCa(`Issued in May\n${certificate}\n${certificate}`)), checks);
    const tls = { ca: `${certificate}${certificate}` };
    expect(watch).toMatchObject({ clusters: [{ targets: [{ tls }] }] });
  });

  it('are refused beside a key, which is not repeated', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----\n';
    expect(refusal(withCa(certificate + key))).toBe(
      'settings.yaml:\n  clusters[0].targets[0].tls.ca: holds a private key: give the certificates of the authority alone',
    );
  });

  it('that are damaged are refused', () => {
    expect(refusal(withCa(certificate.replace('MII', 'AAA')))).toMatch(
      /tls\.ca: cannot be read as PEM certificates: number 1 is damaged \(ERR_OSSL_\w+\)$/,
    );
  });
});
