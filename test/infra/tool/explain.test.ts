import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../infra/tool/arguments.ts';
import { explainCommand } from '../../../infra/tool/commands/explain.ts';
import { ToolError } from '../../../infra/tool/tool-error.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const files = path.join(import.meta.dirname, 'files');

function explain(alert: string, engine: Engine | null = null, file = path.join(files, 'rules.yaml')): string {
  const settings = path.join(files, 'settings.yaml');
  const given = {
    command: 'explain',
    files: [file],
    settings,
    engine,
    edition: null,
    alert,
    json: false,
  } as const;
  const { lines } = explainCommand(given);
  return lines
    .map(({ text }) => text)
    .join('\n')
    .replaceAll(`${files}/`, '');
}

/** The lines behind a word, up to the next one. */
function under(word: string, text: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(word));
  const end = lines.findIndex((line, index) => index > start && /^\S|^$/.test(line));
  return lines
    .slice(start, end)
    .map((line) => line.slice(11).trim())
    .join(' ');
}

describe('explain', () => {
  it('shows a plain rule, what is read, and its alarms by the classic engine', () => {
    const text = explain('ManyConnections', 'classic');
    expect(text.slice(0, text.indexOf('differs'))).toBe(`ManyConnections (rules.yaml:10, group servers)

rule       gnatsd_varz_connections > 10
           for 3 min
labels     severity: warning
texts      summary: {{ $value }} connections on {{ .Labels.server_id }}

reads      gnatsd_varz_connections: /varz, connections; a live value

classic    one series of single servers against a constant: the alarm compares
             the series itself
published  gnatsd_varz_connections{cluster, server_id} in NATS: the series;
             the alarm takes the Maximum of a minute
alarm      nats/prod/ManyConnections/hub1/warning
           nats/prod/ManyConnections/hub2/warning
           in ALARM when 4 of 4 datapoints of 60 s are > 10; a minute without
             a datapoint does not breach
`);
  });

  it('names what is compared where the rule is evaluated', () => {
    const text = explain('ConnectionsNearLimit', 'classic');
    expect([under('classic', text), under('published', text)]).toEqual([
      'evaluated each minute as Prometheus does, for each server; what it compares is gnatsd_varz_connections / gnatsd_varz_max_connections',
      'nats_rule{cluster, rule, server_id} in NATS: the worst value; the alarm takes the Maximum of a minute',
    ]);
  });

  it('shows 0 and 1 where nothing is compared, and what silence is to a rule of absence', () => {
    const text = explain('NoServer', 'classic');
    expect([under('classic', text), under('published', text), under('alarm', text)]).toEqual([
      'evaluated each minute as Prometheus does, for the cluster; there is no one value that it compares with a constant',
      'nats_rule{cluster, rule} in NATS: 1 while its expression has a result, else 0; the alarm takes the Maximum of a minute',
      'nats/prod/NoServer/critical in ALARM when 2 of 2 datapoints of 60 s are >= 1; without datapoints it keeps its state',
    ]);
  });

  it('says of an alert that goes on that it is published as it fires', () => {
    const text = explain('StillBehind', 'classic');
    expect([under('classic', text), under('published', text)]).toEqual([
      'evaluated each minute as Prometheus does, for each server; it goes on after its expression has ended, which no value compared would show',
      'nats_rule{cluster, rule, server_id} in NATS: 1 while it fires, else 0; the alarm takes the Maximum of a minute',
    ]);
  });

  it('names the endpoints that entities are read from', () => {
    expect(under('reads', explain('ConsumerBehind'))).toMatch(
      /^jetstream_consumer_num_pending: \/jsz\?consumers=true&config=true&raft=true and \/varz, account_details\[\]/,
    );
  });

  it('says in words what differs', () => {
    expect(under('differs', explain('ManyConnections', 'classic'))).toContain(
      'The series of a server ends while the rule fires: the server cannot be read. Prometheus: The alert ends with the next evaluation. Here:',
    );
  });

  it('shows the query of the promql engine, recorded names written out', () => {
    const text = explain('ManyConnectionsTogether', 'promql');
    expect([under('query', text), under('differs', text)]).toEqual([
      expect.stringContaining('sum(gnatsd_varz_connections)'),
      expect.stringMatching(
        /^Recorded names are written out, as CloudWatch records nothing\. A series that stops/,
      ),
    ]);
  });

  it('tells of other windows where there is a window', () => {
    expect(under('differs', explain('SlowConsumers', 'promql'))).toMatch(
      /^Windows are those of Prometheus 3/,
    );
  });

  it('shows both engines unless one is asked for', () => {
    const text = explain('SlowConsumers');
    expect([/^classic/m.test(text), /^promql/m.test(text)]).toEqual([true, true]);
  });

  it('says why a rule is refused, and what to be warned of', () => {
    const file = path.join(temporaryFolder('explain'), 'r.yaml');
    writeFileSync(
      file,
      'groups: [{name: g, rules: [{alert: A, expr: nats_nonesuch > 1}, {alert: A, expr: gnatsd_varz_slow_consumers > 0}]}]',
    );
    const text = explain('A', 'classic', file);
    expect(under('classic', text)).toMatch(/^refused: no NATS exporter has nats_nonesuch/);
    expect(text).toMatch(/^warnings {3}L1: /m);
  });

  it('of an alert that is not there names the nearest', () => {
    expect(() => explain('ManyConection')).toThrow(
      new ToolError(`${files}/rules.yaml: no alert "ManyConection"; did you mean "ManyConnections"?`),
    );
  });
});
