import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Edition } from '../../lambdas/promql/index.ts';
import { editionOf } from '../settings/alarms.ts';
import { formatProblem, recursions } from '../rules/rule-file/rule-file.ts';
import { translate, type Translated } from '../rules/translate/translate.ts';
import { engines, type Arguments, type Engine } from './arguments.ts';
import { mannerOf, type Manner } from './suite/deployed.ts';
import { readRules, type ReadFile } from './rule-files.ts';

/** Where deployments have theirs. */
const usualSettings = 'infra/settings.yaml';

/** Rule files as they were read, and what engines make of them. */
export type Translations = {
  readonly manner: Manner;
  readonly read: readonly ReadFile[];
  /** Why the files are none that promtool would take, in words with places. */
  readonly problems: readonly string[];
  /** An engine each; none where there are problems. */
  readonly byEngine: readonly (Translated & { readonly engine: Engine })[];
};

/** What a deployment by these settings would make of the files' rules, all of them together. */
export function translationsOf({
  files,
  settings,
  engine: asked,
  edition: askedEdition,
  ignoreUnknownFields,
}: Pick<Arguments, 'files' | 'settings' | 'engine' | 'edition' | 'ignoreUnknownFields'>): Translations {
  const manner = mannerOf(settings ?? usualSettings);
  const { alarms } = manner.settings;
  const edition = askedEdition ?? editionOf({ ...alarms, engine: asked ?? 'classic' });
  const read = files.map((file) =>
    readRules(file, edition, { ignoreUnknownFields: ignoreUnknownFields === true }),
  );
  const groups = read.flatMap((each) => each.groups);
  const wrong = read.flatMap((each) => each.problems);
  const problems = wrong.length > 0 ? wrong : recursions(groups, edition).map(formatProblem);
  const chosen = problems.length > 0 ? [] : asked === null ? engines : [asked];
  return {
    manner,
    read,
    problems,
    byEngine: chosen.map((engine) => ({
      engine,
      ...translate(groups, withEngine(manner, engine, edition), manner.book, checks),
    })),
  };
}

const withEngine = ({ settings }: Manner, engine: Engine, edition: Edition): Manner['settings'] => ({
  ...settings,
  alarms: { ...settings.alarms, engine, prometheus: engine === 'promql' ? 3 : edition },
});
