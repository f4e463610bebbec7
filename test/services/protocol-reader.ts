export type ServerInfo = { readonly client_id: number; readonly server_name: string };

export type ProtocolEvents = {
  info(info: ServerInfo): void;
  ping(): void;
  pong(): void;
  error(text: string): void;
  /** @param payload empty where it is large */
  message(payload: string): void;
};

/** Answers of JetStream are smaller. */
const mostKept = 16_384;

/**
 * Takes the server's bytes as they come and calls back by line: `INFO {…}`, `PING`, `PONG`, `+OK`, `-ERR '…'`,
 * `MSG <subject> <sid> [reply] <bytes>` with a payload, a large one of which is skipped.
 */
export function protocolReader(events: ProtocolEvents): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let payloadLeft = 0;
  return (chunk) => {
    let from = Math.min(payloadLeft, chunk.length);
    payloadLeft -= from;
    let bytes = chunk;
    if (rest.length > 0) {
      bytes = Buffer.concat([rest, chunk]);
      from = 0;
    }
    for (;;) {
      const end = bytes.indexOf('\r\n', from);
      if (end < 0) break;
      const line = bytes.toString('latin1', from, end);
      const size = line.startsWith('MSG ') ? Number(line.slice(line.lastIndexOf(' ') + 1)) + 2 : 0;
      const isWhole = size <= mostKept;
      if (isWhole && bytes.length - end - 2 < size) break;
      from = end + 2;
      if (size > 0) {
        events.message(isWhole ? bytes.toString('utf8', from, from + size - 2) : '');
        const here = Math.min(size, bytes.length - from);
        from += here;
        payloadLeft = size - here;
      } else if (line === 'PING') events.ping();
      else if (line === 'PONG') events.pong();
      else if (line.startsWith('INFO ')) events.info(JSON.parse(line.slice(5)) as ServerInfo);
      else if (line.startsWith('-ERR')) events.error(line.slice(5).replaceAll("'", ''));
    }
    rest = bytes.subarray(from);
  };
}
