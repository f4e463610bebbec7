import { isBefore, versionOf } from './library-version.ts';

type FirstOfYear = readonly [year: number, version: string];

/**
 * The first release of each year, by the dates of the tags of each library's repository, by the `lang` that its clients say. The
 * older library of .NET says the same as the newer one and is told from it by its version.
 */
const releases: Readonly<Record<string, { readonly from?: string; readonly years: readonly FirstOfYear[] }>> =
  {
    go: {
      years: [
        [2019, '1.7.2'],
        [2020, '1.9.2'],
        [2021, '1.11.0'],
        [2022, '1.14.0'],
        [2023, '1.23.0'],
        [2024, '1.32.0'],
        [2025, '1.39.0'],
        [2026, '1.49.0'],
      ],
    },
    java: {
      years: [
        [2019, '2.4.2'],
        [2020, '2.6.7'],
        [2021, '2.10.2'],
        [2022, '2.13.2'],
        [2023, '2.16.6'],
        [2024, '2.17.3'],
        [2025, '2.20.6'],
        [2026, '2.25.0'],
      ],
    },
    '.NET': {
      from: '2.0.0',
      years: [
        [2024, '2.0.3'],
        [2025, '2.5.6'],
        [2026, '2.7.1'],
      ],
    },
    python3: {
      years: [
        [2019, '0.9.0'],
        [2020, '0.11.0'],
        [2022, '2.0.0'],
        [2023, '2.3.0'],
        [2024, '2.7.0'],
        [2025, '2.10.0'],
        [2026, '2.13.0'],
      ],
    },
    rust: {
      years: [
        [2021, '0.9.0'],
        [2022, '0.17.0'],
        [2023, '0.26.0'],
        [2024, '0.34.0'],
        [2025, '0.39.0'],
        [2026, '0.46.0'],
      ],
    },
    C: {
      years: [
        [2019, '2.0.0'],
        [2020, '2.2.0'],
        [2021, '2.4.0'],
        [2022, '3.3.0'],
        [2023, '3.6.0'],
        [2024, '3.8.0'],
        [2025, '3.9.3'],
        [2026, '3.13.0'],
      ],
    },
    /** npm's `nats` up to 1.x. */
    node: {
      years: [
        [2019, '1.2.4'],
        [2020, '1.4.0'],
        [2021, '2.0.0'],
      ],
    },
    'nats.js': {
      years: [
        [2022, '2.5.0'],
        [2023, '2.10.3'],
        [2024, '2.20.0'],
        [2025, '2.29.0'],
      ],
    },
  };

/** The year before which a release was made; null where that is not known, as of one made since the last that is known. */
export function madeBefore(lang: string, version: string): number | null {
  const known = Object.hasOwn(releases, lang) ? releases[lang] : undefined;
  const own = versionOf(version);
  if (known === undefined || own === null) return null;
  const first = versionOf(known.from ?? '0.0.0');
  if (first === null || isBefore(own, first)) return null;
  const later = known.years.find(([, release]) => {
    const parts = versionOf(release);
    return parts !== null && isBefore(own, parts);
  });
  return later?.[0] ?? null;
}
