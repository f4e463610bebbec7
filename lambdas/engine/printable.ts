/**
 * Names of clients, accounts and leafnodes come from outside, control characters and all: none of these may reach a
 * terminal (escape sequences), an e-mail (line breaks that fake rows) or a reader's eye (text direction overrides).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Of what a finding is about. */
const longestName = 200;

/** Text of one line, fit for any reader. */
export const printable = (text: string, most = 1_000): string => {
  const replaced = text.replace(unprintable, '\u{fffd}');
  return replaced.length <= most ? replaced : `${replaced.slice(0, most - 1)}…`;
};

/** The name of what a finding is about. */
export const printableName = (name: string): string => printable(name, longestName);
