import type { Unseen } from '../define.ts';
import { inline } from './format.ts';

const words: Record<Unseen['why'], { readonly one: string; readonly several: string }> = {
  failed: { one: 'could not be read', several: 'could not be read' },
  tooOld: { one: 'is too old to show it', several: 'are too old to show it' },
  hidden: { one: 'was not read', several: 'were not read' },
};

/** `n1, n2 could not be read, n3 is too old to show it`. */
export const unseenText = (all: readonly Unseen[]): string =>
  (Object.keys(words) as Unseen['why'][])
    .flatMap((why) => {
      const names = all.filter((each) => each.why === why).map(({ name }) => name);
      const { one, several } = words[why];
      return names.length === 0 ? [] : [`${inline(names)} ${names.length === 1 ? one : several}`];
    })
    .join(', ');
