import type { Log } from '../ports.ts';

/** One JSON line a call. Errors among the facts, and those that they hold, are told by name, message, code and stack. */
export function jsonLog(stream: Pick<Console, 'info' | 'warn'> = console): Log {
  const line = (level: string, message: string, facts: Readonly<Record<string, unknown>> = {}): string => {
    try {
      return JSON.stringify({ level, message, ...facts }, plain);
    } catch (error) {
      return JSON.stringify({ level, message, factsLost: String(error) });
    }
  };
  return {
    info(message, facts) {
      stream.info(line('info', message, facts));
    },
    warn(message, facts) {
      stream.warn(line('warn', message, facts));
    },
  };
}

/** One object a call, where Lambda writes JSON: it has the object as `message`, beside time, level and request of its own. */
export function objectLog(stream: Pick<Console, 'info' | 'warn'> = console): Log {
  const object = (message: string, facts: Readonly<Record<string, unknown>> = {}): unknown => {
    try {
      return JSON.parse(JSON.stringify({ message, ...facts }, plain));
    } catch (error) {
      return { message, factsLost: String(error) };
    }
  };
  return {
    info(message, facts) {
      stream.info(object(message, facts));
    },
    warn(message, facts) {
      stream.warn(object(message, facts));
    },
  };
}

function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const { code, errors } = value as { readonly code?: unknown; readonly errors?: unknown };
  return { name, message, code, stack, cause, errors };
}
