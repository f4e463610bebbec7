/** What the input lacks, for a person: the tool cannot go on. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
