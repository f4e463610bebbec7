import type { Finding } from '../../../lambdas/engine/findings/report.ts';
import type { RunDocument } from '../document.ts';

export type Place = { readonly cluster: string; readonly target: string | null };

/** How to name what is reported: servers as they call themselves, and the cluster with it where there are several. */
export type Places = {
  readonly row: (of: Place) => string;
  /** Where many stand in one line. */
  readonly short: (of: Place) => string;
  readonly heading: (of: Place) => string;
  /** Servers that sentences name as settings do, and what they call themselves: `hub1 is nats-0`. */
  readonly called: (sentences: readonly string[]) => readonly string[];
  /** What a finding is about, as a list has it. */
  readonly entity: (of: Finding) => string;
};

export function placesAmong({ targets, checks }: RunDocument): Places {
  const isOne = new Set([...targets, ...checks].map(({ cluster }) => cluster)).size < 2;
  const names = new Map(targets.map(({ cluster, name, serverName }) => [`${cluster}/${name}`, serverName]));
  const server = (cluster: string, target: string) => {
    const own = names.get(`${cluster}/${target}`) ?? target;
    return `${isOne ? '' : `${cluster}/`}${own === target ? target : `${own} (${target})`}`;
  };
  return {
    row: ({ cluster, target }) =>
      target === null ? (isOne ? '(cluster)' : `(cluster ${cluster})`) : server(cluster, target),
    short: ({ cluster, target }) =>
      `${isOne ? '' : `${cluster}/`}${target === null ? '' : (names.get(`${cluster}/${target}`) ?? target)}`,
    heading: ({ cluster, target }) => (target === null ? `cluster ${cluster}` : server(cluster, target)),
    called: (sentences) => {
      const others = targets.filter(({ name, serverName }) => serverName !== null && serverName !== name);
      const text = sentences.join('\n');
      return others
        .filter(({ name }) => namedIn(text, name))
        .map(({ cluster, name, serverName }) => `${isOne ? '' : `${cluster}/`}${name} is ${serverName}`);
    },
    entity: ({ cluster, target, entity: { kind, name } }) =>
      kind === 'server' && target === name ? server(cluster, target) : isOne ? name : `${cluster}/${name}`,
  };
}

/** As a word of its own; not as the host of a URL. */
const namedIn = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w./:-])${RegExp.escape(name)}(?![\\w-])`).test(text);
