import { checks, diagnoses } from '../../lambdas/checks/catalogue.ts';
import { insightsChecks } from './insights-checks.ts';
import { table } from './markdown.ts';

const manual = '../checks/README.md';
const link = (heading: string): string => `[${heading}](${manual}#${heading.toLowerCase()})`;

const has = (id: string): boolean => diagnoses.some((diagnosis) => diagnosis.id === id);

/** The checks that make these diagnoses. */
const madeBy = (ids: readonly string[]): string =>
  checks
    .filter((check) => check.diagnoses.some(({ id }) => ids.includes(id)))
    .map(({ id }) => link(id))
    .join(', ');

/** A row for each check of Insights, and our diagnoses that it has none like. */
export function coverageParts(): { readonly insights: string; readonly ours: string } {
  const answered = new Set(insightsChecks.flatMap(({ ours }) => ours));
  const made = insightsChecks.filter(({ ours }) => ours.some(has));
  const rows = insightsChecks.map(({ id, title, ours, differs }) => {
    const built = ours.filter(has);
    return built.length === 0
      ? [id, title, 'not yet', '', differs]
      : [id, title, built.map(link).join(', '), madeBy(built), differs];
  });
  return {
    insights: [
      `${made.length} of ${insightsChecks.length} are answered.`,
      table(['Insights', 'its title', 'ours', 'check', 'where ours differs'], rows),
    ].join('\n\n'),
    ours: table(
      ['diagnosis', 'what it finds', 'check'],
      diagnoses
        .filter(({ id }) => !answered.has(id))
        .toSorted((a, b) => a.id.localeCompare(b.id))
        .map(({ id, title }) => [link(id), title, id === 'SERVER_102' ? 'all that read' : madeBy([id])]),
    ),
  };
}
