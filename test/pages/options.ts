import { optionAsGiven, optionTexts } from '../../infra/local/arguments.ts';

/** The options of `npm start`, as a table. */
export const optionsPart = (): string =>
  [
    '| option | meaning |',
    '| --- | --- |',
    ...optionTexts.map((option) => `| \`${optionAsGiven(option)}\` | ${option.meaning} |`),
  ].join('\n');
