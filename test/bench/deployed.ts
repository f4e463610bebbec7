/** How the stack runs every function (`infra/stacks/check-function.ts`), as far as it bears on time and memory. */
export const deployed = { memoryMegabytes: 256, nodeOptions: '--enable-source-maps' } as const;
