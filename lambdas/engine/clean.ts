/**
 * Names of clients, accounts and leafnodes come from outside, control characters and all: none of these may reach a
 * terminal (escape sequences), an e-mail (line breaks that fake rows) or a reader's eye (text direction overrides).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Of what a finding is about. */
const longestName = 200;

/** Text of one line, fit for any reader. */
export const clean = (text: string, most = 1_000): string => {
  const printable = text.replace(unprintable, '\u{fffd}');
  return printable.length <= most ? printable : `${printable.slice(0, most - 1)}…`;
};

/** The name of what a finding is about. */
export const cleanName = (name: string): string => clean(name, longestName);
