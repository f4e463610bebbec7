import fc from 'fast-check';
import { en } from 'zod/locales';
import * as z from 'zod/mini';

// What is generated is the same in each run, so that a change that breaks nothing is never met by a new failure.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1 });

// Zod's words are global: every file has those that settings choose for both entries.
z.config(en());

// On Linux all of 127.0.0.0/8 is loopback: an address that no other process of this machine chooses.
const { pid, platform } = process;
if (platform === 'linux') {
  process.env['NATS_CLOUDWATCH_LOOPBACK'] = `127.${64 + ((pid >> 16) & 63)}.${(pid >> 8) & 255}.${pid & 255}`;
}
