import { ownersNumber } from '../assets/owner-levels.ts';

type Band = 'many' | 'few';

/**
 * Which way an owner's levels are meant: a critical one above the warning means many, one below it few, as Insights has it. One
 * alone: `nats server check stream` takes messages for few; of subjects, critical for many and a warning for few. Both ways
 * where the owner set none, for settings may.
 */
export function bandsOf(
  metadata: Readonly<Record<string, string>>,
  what: 'msgs' | 'subjects',
): readonly Band[] {
  const [warning, critical] = [
    ownersNumber(metadata, `${what}-warn`),
    ownersNumber(metadata, `${what}-critical`),
  ];
  if (warning === null && critical === null) return ['many', 'few'];
  if (warning !== null && critical !== null) return [warning < critical ? 'many' : 'few'];
  return [what === 'subjects' && critical !== null ? 'many' : 'few'];
}
