import type { Failure, FailureCode } from '../../readings/reading.ts';

const answered: readonly FailureCode[] = [
  'tls',
  'status',
  'too-large',
  'not-json',
  'unexpected-shape',
  'another-server',
];

/** Whether something is there, though there is no reply of it that could be used. */
export const isAnswered = ({ code }: Failure): boolean => answered.includes(code);

/** How a reading failed, as a sentence goes on after the name of the server or endpoint. */
export function failed(failure: Failure): string {
  const { code, status } = failure;
  switch (code) {
    case 'unreachable':
      return `does not answer (${code})`;
    case 'dns':
      return `cannot be asked, as DNS gives no address for it (${code})`;
    case 'not-reached':
      return `was not asked before the run's time was over (${code})`;
    case 'timeout':
      return `does not answer in time (${code})`;
    case 'tls':
      return `cannot be asked, as there is no TLS connection (${code})`;
    case 'status':
      return `answers with ${status === undefined ? 'an HTTP status of failure' : `HTTP status ${status}`} (${code})`;
    case 'too-large':
      return `answers with more than a reply can be (${code})`;
    case 'not-json':
    case 'unexpected-shape':
      return `answers, but what it says is not understood (${code})`;
    case 'another-server':
      return `answers for another server (${code})`;
  }
}

/** What to look at first. */
export function firstSteps({ code, status = 0 }: Failure): string {
  switch (code) {
    case 'unreachable':
      return (
        'Nothing accepts connections there. Is the process running (service status, ECS task, pod)? Did its address change? ' +
        'Does a security group or network ACL allow the checks to reach the monitoring port (`http_port`, usually 8222)?'
      );
    case 'dns':
      return (
        'Look the name up where the checks run (their VPC and its resolver): is it spelt right in settings, was its record or ' +
        'its Kubernetes service removed, does the resolver answer? The server itself may be well.'
      );
    case 'not-reached':
      return (
        'The run had too little time or processor for its servers, and says nothing of this one. Give the functions more memory, ' +
        'which brings processor, or look for servers that hang: each holds requests until they time out.'
      );
    case 'timeout':
      return (
        'Packets vanish or the server hangs. Compare with another host in the same subnet: a security group, network ACL or ' +
        'route drops them, or the server is out of CPU, memory or disk I/O. If it hangs, keep its log and a stack dump ' +
        '(`kill -SIGQUIT`) before the restart.'
      );
    case 'tls':
      return 'The TLS handshake failed: an expired or renewed certificate, an authority that settings do not know (`tls.caFile`), or `http` where the server speaks `https`.';
    case 'status':
      return statusSteps(status);
    case 'too-large':
      return 'The reply is larger than any of nats-server: the URL in settings points to something else.';
    case 'not-json':
      return 'Something answers, but it is not nats-server: compare the URL in settings with `http_port` and `http_base_path`.';
    case 'unexpected-shape':
      return 'The reply is not that of a nats-server this release knows: is it one, and how old or new is it?';
    case 'another-server':
      return 'Several servers answer at that URL: give each a target of its own (SERVER_111).';
  }
}

function statusSteps(status: number): string {
  if (status === 401 || status === 403) {
    return (
      'What answers wants a login or forbids the request, which nats-server never does here: a proxy or load balancer is in ' +
      'between. Let the checks through, or give the URL of the server itself.'
    );
  }
  if (status === 404) {
    return 'What answers has no such page: `http_base_path` is missing in the URL of settings, or another program has the port.';
  }
  if (status >= 500) {
    return (
      'A proxy or load balancer answers in place of the server, often as it cannot reach it: ask the server itself, ' +
      'without what is in between.'
    );
  }
  return 'Something answers, but not with a reply of nats-server: a proxy or load balancer in between, or a wrong base path in settings.';
}
