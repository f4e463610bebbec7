import { loadEngine } from '../../lambdas/promql/index.ts';

// Synth and the tool match by whatever patterns rules have, and have the time to bring what that takes.
await loadEngine();
