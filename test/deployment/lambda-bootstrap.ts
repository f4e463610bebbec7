import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Lambda starts in a function's process: loads its handler, then asks the Runtime API for one event after another. */
const { AWS_LAMBDA_RUNTIME_API: host = '', LAMBDA_TASK_ROOT: root = '', _HANDLER = '' } = process.env;
const runtime = `http://${host}/2018-06-01/runtime/invocation`;
const [file, name = ''] = _HANDLER.split('.');

type Handler = (event: unknown, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;
const loaded = (await import(pathToFileURL(path.join(root, `${file ?? ''}.mjs`)).href)) as Record<
  string,
  Handler
>;
const handler = loaded[name];
if (handler === undefined) throw new Error(`${_HANDLER} is not there`);

for (;;) {
  const next = await fetch(`${runtime}/next`);
  const invocation = `${runtime}/${next.headers.get('lambda-runtime-aws-request-id') ?? ''}`;
  const answer = (how: string, body: unknown) =>
    fetch(`${invocation}/${how}`, { method: 'POST', body: JSON.stringify(body ?? null) });
  try {
    const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
    const context = { getRemainingTimeInMillis: () => deadline - Date.now() };
    await answer('response', await handler(await next.json(), context));
  } catch (error) {
    // Lambda logs an error's name, message and stack, and none of the errors in it.
    const { name: errorType, message: errorMessage, stack } = error as Error;
    process.stderr.write(`ERROR Invoke Error ${JSON.stringify({ errorType, errorMessage, stack })}\n`);
    await answer('error', { errorType, errorMessage });
  }
}
