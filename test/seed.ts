import fc from 'fast-check';

// What is generated is the same in each run, so that a change that breaks nothing is never met by a new failure.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1 });
