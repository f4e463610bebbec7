import type { Reading } from './reading.ts';

/** The certificate that a listener shows first; times are epoch ms. */
export type Certificate = { readonly notBefore: number; readonly notAfter: number };

/** What listeners of one server showed that were asked, by port. */
export type Certificates = ReadonlyMap<number, Reading<Certificate>>;
