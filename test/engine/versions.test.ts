import { describe, expect, it } from 'vitest';
import { hasFrom } from '../../lambdas/engine/versions.ts';

describe('whether a server has what came with the first releases 2.11.7 and 2.12.2', () => {
  it.each([
    ['2.11.6', false, 'one patch before on a listed line'],
    ['2.11.7', true, 'the first release of a listed line'],
    ['2.11.17', true, 'a later patch, compared as a number'],
    ['2.12.1', false, 'one patch before on the newest listed line'],
    ['2.12.2', true, 'the first release of the newest listed line'],
    ['2.14.0', true, 'a newer line'],
    ['3.0.0', true, 'a newer major line'],
    ['2.10.29', false, 'an older line'],
    ['1.99.99', false, 'an older major line'],
    ['v2.12.2', true, 'written with a v'],
    ['2.12.2-RC.1', false, 'a pre-release of the first release'],
    ['2.12.2-dev', false, 'a development build of the first release'],
    ['2.12.3-RC.1', true, 'a pre-release of a later patch'],
    ['2.15.0-dev', true, 'a pre-release of a newer line'],
    ['2.11.7-1', true, "a packager's revision of the first release"],
    ['2.12.2+build.5', true, 'a build of the first release'],
    ['', false, 'no version'],
    ['dev', false, 'a version of no known form'],
    ['2.12', false, 'a version without patch'],
  ])('%s: %s, %s', (version, expected) => {
    expect(hasFrom(version, ['2.11.7', '2.12.2'])).toBe(expected);
  });
});

it('says no to a line between two listed ones that has no release of its own', () => {
  expect(hasFrom('2.13.5', ['2.12.4', '2.14.0'])).toBe(false);
});

it('does not depend on the order of the list', () => {
  expect(hasFrom('2.12.9', ['2.14.0', '2.11.7'])).toBe(false);
});

it('says no where no release has it', () => {
  expect(hasFrom('2.15.1', [])).toBe(false);
});

it('refuses a first release that is no version, whatever the server', () => {
  expect(() => hasFrom('unreadable', ['2.12'])).toThrow(
    new TypeError('first release "2.12" is not of the form 2.11.7'),
  );
});
