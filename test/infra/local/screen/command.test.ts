import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandLines } from '../../../../infra/local/screen/command.ts';

const commands = [
  "curl -sS -m 5 'http://hub1:8222/varz' | head -5; curl -sS -m 5 'http://hub1:8222/healthz'",
  "curl -s 'http://h:1/connz?state=closed&limit=1000' | grep -E '\"(ip|stop)\":' | grep -B 2 -A 1 '\"reason\": \"Slow  Consumer'",
  "nats server report connections --state closed --closed-reason 'authentication|missing account|proxy'",
  'nats stream info "ORDERS of $(date)" --json; echo \\"it\\\'s\\ here\\"',
];

/** A command as bash reads it. */
const readByBash = (text: string): string =>
  execFileSync('bash', ['-c', `f() {\n${text}\n}\ndeclare -f f`], { encoding: 'utf8' });

describe('a command in several lines', () => {
  it.each(commands)('is for bash the command that it was: %s', (command) => {
    for (const width of [20, 40, 76, 116, 400]) {
      const lines = commandLines(command, width);
      expect(readByBash(lines.map((line, i) => (i === 0 ? line : `    ${line}`)).join('\n'))).toBe(
        readByBash(command),
      );
    }
  });

  it('fits the width, except for a word that is longer itself', () => {
    expect(commandLines(commands[0] ?? '', 40)).toEqual([
      "curl -sS -m 5 'http://hub1:8222/varz' \\",
      '| head -5; curl -sS -m 5 \\',
      "'http://hub1:8222/healthz'",
    ]);
    expect(commandLines("curl 'http://hub1:8222/varz'", 10)).toEqual(['curl \\', "'http://hub1:8222/varz'"]);
  });

  it('is one line where it fits', () => {
    expect(commandLines('nats server ls', 14)).toEqual(['nats server ls']);
    expect(commandLines('nats server ls', 13)).toEqual(['nats server \\', 'ls']);
  });
});
