import { atLeast, defineDiagnosis, from, measured, minutes, pages, unknown } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { clientName, shown } from '../client-name.ts';
import { accountOf, censusOf, countBy, type Client } from '../clients/census.ts';
import { countedCommand } from '../clients/client-words.ts';
import { madeBefore } from '../clients/library-ages.ts';
import { faultsOf, libraryFaults, type LibraryFault } from '../clients/library-faults.ts';
import { tally } from '../tally.ts';

const oldYears = 4;

type Library = { readonly lang: string; readonly version: string; readonly clients: number };

const sum = (libraries: readonly Library[]): number =>
  libraries.reduce((all, { clients }) => all + clients, 0);

/**
 * For information, as it stays so until applications are built anew: a warning that stands for months would hide others. Settings
 * may make one of it (`limits.CONN_111`).
 */
export default defineDiagnosis({
  id: 'CONN_111',
  title: 'Client libraries with a known fault, or years old',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages() },
  limits: {
    faulty: atLeast({ info: 1 }, { unit: 'count', of: 'clients whose library has one known fault' }),
    old: atLeast(
      { info: 1 },
      {
        unit: 'count',
        of: `clients whose library was released ${oldYears} years ago or earlier, and has no known fault`,
      },
    ),
  },
  for: minutes(0),
  why:
    'What a library gets wrong shows in an incident, not before: clients that do not come back after a restart of the server, ' +
    'consumers that fall silent.',
  remedy:
    'Build these applications with a newer release of the library. After a restart of a server look at them first, and ' +
    'restart those that stay silent.',
  evaluate({ servers }, { at, cluster }) {
    const census = censusOf(servers, cluster, (rows) =>
      countBy(rows, ({ lang, version }) =>
        lang === undefined || version === undefined ? [] : [keyOf(lang, version)],
      ),
    );
    if ('unknown' in census) return unknown(census.unknown);
    const libraries = [...census.counts].map(([key, clients]): Library => {
      const [lang = '', version = ''] = partsOf(key);
      return { lang, version, clients };
    });
    const oldest = new Date(at).getUTCFullYear() - oldYears + 1;
    // One with a known fault is told for that alone.
    const old = libraries.filter(
      ({ lang, version }) =>
        faultsOf(lang, version).length === 0 && (madeBefore(lang, version) ?? Infinity) <= oldest,
    );
    const dataOf = (own: readonly Library[], fault: LibraryFault | null) => ({
      fault,
      libraries: own.toSorted((a, b) => b.clients - a.clients),
      clients: census.clients.filter(({ row }) =>
        own.some(({ lang, version }) => lang === row.lang && version === row.version),
      ),
      target: servers[0]?.target,
    });
    const faulty = libraryFaults.flatMap((fault) => {
      const own = libraries.filter(({ lang, version }) => faultsOf(lang, version).includes(fault));
      return own.length === 0
        ? []
        : [
            {
              limit: 'faulty' as const,
              entity: { kind: 'library' as const, name: `${fault.library} before ${fault.fixed}` },
              value: sum(own),
              data: dataOf(own, fault),
            },
          ];
    });
    return measured(
      `${plural(sum(libraries), 'client')} of ${plural(libraries.length, 'release')} of libraries: ` +
        `${plural(faulty.length, 'known fault')}, ${formatCount(sum(old))} of releases before ${oldest}`,
      [
        ...faulty,
        ...(old.length === 0
          ? []
          : [
              {
                limit: 'old' as const,
                entity: { kind: 'library' as const, name: `released before ${oldest}` },
                value: sum(old),
                data: dataOf(old, null),
              },
            ]),
      ],
    );
  },
  describe: ({ value, entity, data: { libraries, clients, fault, target } }) => ({
    summary:
      fault === null
        ? `${plural(value, 'client')} ${value === 1 ? 'uses a library' : 'use libraries'} ${entity.name}.`
        : `${plural(value, 'client')} ${value === 1 ? 'uses' : 'use'} ${entity.name}: ${fault.what}.`,
    evidence: [
      ...(fault === null ? [] : [`fixed in ${fault.library} ${fault.fixed}: ${fault.source}`]),
      ...libraries
        .slice(0, 6)
        .map(({ lang, version, clients: count }) => `${lang} ${shown(version)}: ${plural(count, 'client')}`),
      ...namesOf(clients),
    ],
    commands: {
      nats: 'nats server report connections --json | grep -E \'"(lang|version|name)":\' | sort | uniq -c',
      curl: target === undefined ? '' : countedCommand(target, ['name', 'lang', 'version']),
    },
  }),
});

function namesOf(clients: readonly Client[]): readonly string[] {
  if (clients.length === 0) return [];
  const names = tally(
    clients.map(({ row }) => `${shown(clientName(row) ?? '(unnamed)')} (${shown(accountOf(row))})`),
  );
  return [
    `clients: ${names
      .slice(0, 6)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(', ')}${names.length > 6 ? ` and ${formatCount(names.length - 6)} more` : ''}`,
  ];
}
