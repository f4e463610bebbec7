export type Difference = {
  readonly why: string;
  /** `ID at SCENE/MOMENT (VERSIONS, where not all): theirs | ours`. */
  readonly of: readonly string[];
};

/** Every verdict over the recorded scenes in which ours is another than theirs. */
export const differences: readonly Difference[] = [
  {
    why: '`offline` comes three minutes after a server was killed or hangs: ours goes by whether the leader hears it.',
    of: [
      'CONSUMER_001 at follower-frozen/1: silent | warning',
      'CONSUMER_001 at follower-frozen/2: silent | warning',
      'CONSUMER_001 at r1-lost/2 (2.15.1): silent | warning',
      'check stream: offline at follower-frozen/1: silent | warning',
      'check stream: offline at follower-frozen/2: silent | warning',
    ],
  },
  {
    why: 'What Insights counts are offline members, by their leader: nobody is called so yet, and there is no leader. Ours goes by that.',
    of: [
      'CONSUMER_003 at lost-quorum/2: silent | critical',
      'JETSTREAM_008 at lost-quorum/2: silent | critical',
      'META_006 at lost-quorum/2: silent | critical',
    ],
  },
  {
    why: 'A stream of three replicas goes on with two: ours warns.',
    of: [
      'check jetstream at follower-frozen/1: critical | warning',
      'check jetstream at follower-frozen/2: critical | warning',
    ],
  },
  {
    why: 'A server that does not answer is told once, by SERVER_101, and not by the meta group as well.',
    of: [
      'check meta at follower-frozen/1: critical | silent',
      'check meta at follower-frozen/2: critical | silent',
      'check meta at r1-lost/2 (2.15.1): critical | silent',
    ],
  },
  {
    why: 'Recorded within ten seconds of the kill: five seconds of silence are critical there; ours goes by `current`, which falls at ten.',
    of: ['check jetstream at r1-lost/2 (2.15.1): critical | silent'],
  },
  {
    why: 'What stands on a server that does not answer is not gone: SERVER_101 tells of the server.',
    of: [
      'check consumer: no answer at r1-lost/2: critical | silent',
      'check stream: no answer at r1-lost/2: critical | silent',
    ],
  },
  {
    why: 'A full store made the leader step down, and nobody was elected; the others go on naming it. Theirs believe them, ours asks the one that is named.',
    of: [
      'JETSTREAM_008 at store-full/2: silent | critical',
      'check jetstream at store-full/2 (2.9.10, 2.10.27): silent | critical',
      'check consumer: no answer at store-full/2: silent | critical',
    ],
  },
  {
    why: 'Servers that have just started are not current yet as their meta leader has it; with a leader ours waits.',
    of: ['check meta at store-full/2 (2.15.1): critical | silent'],
  },
  {
    why: 'A server that has just started names itself leader of what it holds: of two that say so, ours takes the one that was elected last.',
    of: [
      'CONSUMER_005 at replica-empty/1 (2.15.1): critical ORDERS > shipping (APP) | silent',
      'JETSTREAM_021 at replica-empty/1 (2.15.1): critical ORDERS (APP) | silent',
      'JETSTREAM_025 at replica-empty/1 (2.15.1): critical ORDERS (APP) | silent',
      'check jetstream at replica-empty/1 (2.15.1): critical | silent',
      'check stream --peer-expect at replica-empty/1 (2.15.1): critical ORDERS (APP) | silent',
      'check stream --subjects-warn --subjects-critical at replica-empty/1 (2.15.1): critical ORDERS (APP) | silent',
    ],
  },
  {
    why: 'Insights leaves out replicas without any message, and differences below 1,000: ours tells of what a replica lacks for minutes.',
    of: [
      'JETSTREAM_001 at replica-empty/1: silent | warning ORDERS (APP)',
      'JETSTREAM_014 at replica-empty/1: silent | warning ORDERS (APP)',
    ],
  },
  {
    why: 'nats-server 2.9 types none of its complaints: ours reads their sentence.',
    of: [
      'SERVER_014 at lost-quorum/2 (2.9.10): silent | info n1',
      'SERVER_014 at replica-empty/1 (2.9.10): silent | critical n1',
      'SERVER_015 at store-full/2 (2.9.10): silent | info n2',
    ],
  },
  {
    why: 'Where no server knows a meta leader META_006 pages, and what one of them complains of is for information.',
    of: ['SERVER_014 at lost-quorum/2 (2.10.27, 2.15.1): critical n1 | info n1'],
  },
  {
    why: 'Insights compares with what is reserved, which is nothing here; ours with `max_file_store`.',
    of: ['SERVER_017 at store-full/2: silent | critical n1, critical n2, critical n3'],
  },
  {
    why: 'Insights wants five minutes of silence and no lag: ours tells of an origin that was never heard, and of a copy that stands while its origin goes on.',
    of: [
      'JETSTREAM_015 at wedged-copy/1: silent | warning NOWHERE (APP)',
      'JETSTREAM_015 at wedged-copy/2: silent | warning NOWHERE (APP), warning SALES-MIRROR (APP), warning SALES-SOURCED (APP)',
      'JETSTREAM_015 at wedged-copy/3: silent | warning NOWHERE (APP), warning SALES-MIRROR (APP), warning SALES-SOURCED (APP)',
      'JETSTREAM_015 at wedged-copy/4: silent | warning NOWHERE (APP)',
    ],
  },
  {
    why: '`active` is -1 where the origin was never heard, which is below every level; ours counts since the copy was created.',
    of: [
      'JETSTREAM_018 at wedged-copy/1: silent | critical NOWHERE (APP)',
      'JETSTREAM_018 at wedged-copy/2: silent | critical NOWHERE (APP)',
      'JETSTREAM_018 at wedged-copy/3: silent | critical NOWHERE (APP)',
      'JETSTREAM_018 at wedged-copy/4: silent | critical NOWHERE (APP)',
      'check stream --seen-critical at wedged-copy/1: silent | critical NOWHERE (APP)',
      'check stream --seen-critical at wedged-copy/2: silent | critical NOWHERE (APP)',
      'check stream --seen-critical at wedged-copy/3: silent | critical NOWHERE (APP)',
      'check stream --seen-critical at wedged-copy/4: silent | critical NOWHERE (APP)',
    ],
  },
  {
    why: 'There messages are too few at either level, whichever is higher; ours takes a critical level above the warning for too many, as Insights does.',
    of: [
      'check stream --msgs-warn --msgs-critical at healthy/1: critical INVOICES (APP), critical JOBS (APP), critical ORDERS (APP), critical ORDERS-MIRROR (APP) | critical JOBS (APP), critical ORDERS (APP), warning INVOICES (APP), warning ORDERS-MIRROR (APP)',
      'check stream --msgs-warn --msgs-critical at wedged-copy/1: critical NOWHERE (APP), critical ORDERS (APP), critical SALES (SHOP), critical SALES-MIRROR (APP), critical SALES-SOURCED (APP) | critical ORDERS (APP), critical SALES (SHOP), warning SALES-MIRROR (APP), warning SALES-SOURCED (APP)',
      'check stream --msgs-warn --msgs-critical at wedged-copy/2: critical NOWHERE (APP), critical ORDERS (APP), critical SALES-MIRROR (APP), critical SALES-SOURCED (APP), warning SALES (SHOP) | critical ORDERS (APP), warning SALES (SHOP), warning SALES-MIRROR (APP), warning SALES-SOURCED (APP)',
      'check stream --msgs-warn --msgs-critical at wedged-copy/3: critical NOWHERE (APP), critical ORDERS (APP), critical SALES-MIRROR (APP), critical SALES-SOURCED (APP) | critical ORDERS (APP), warning SALES-MIRROR (APP), warning SALES-SOURCED (APP)',
      'check stream --msgs-warn --msgs-critical at wedged-copy/4: critical NOWHERE (APP), critical ORDERS (APP) | critical ORDERS (APP), critical SALES-MIRROR (APP), critical SALES-SOURCED (APP)',
    ],
  },
  {
    why: 'There nothing yet is critical at once; ours counts since the leader was elected, which servers before 2.11.9 do not say, and none of a consumer with one replica.',
    of: [
      'check consumer --last-ack-critical at healthy/1: critical JOBS > worker (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-ack-critical at healthy/2: critical JOBS > worker (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-ack-critical at max-ack-pending/1 (2.9.10, 2.10.27): critical ORDERS > billing (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-ack-critical at max-ack-pending/2 (2.9.10, 2.10.27): critical ORDERS > billing (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-ack-critical at r1-lost/1: critical NOTES > reader (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-ack-critical at redelivery/1 (2.9.10, 2.10.27): critical ORDERS > billing (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-ack-critical at redelivery/2 (2.9.10, 2.10.27): critical ORDERS > billing (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-delivery-critical at healthy/1: critical JOBS > worker (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-delivery-critical at healthy/2: critical JOBS > worker (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
      'check consumer --last-delivery-critical at r1-lost/1: critical NOTES > reader (APP), critical ORDERS > shipping (APP) | critical ORDERS > shipping (APP)',
    ],
  },
  {
    why: 'Where nothing was acknowledged yet there is no time to compare; ours counts since the leader was elected, where that is known.',
    of: [
      'CONSUMER_010 at max-ack-pending/1 (2.15.1): critical ORDERS > shipping (APP) | critical ORDERS > billing (APP), critical ORDERS > shipping (APP)',
      'CONSUMER_010 at max-ack-pending/2 (2.15.1): critical ORDERS > shipping (APP) | critical ORDERS > billing (APP), critical ORDERS > shipping (APP)',
      'CONSUMER_010 at redelivery/1 (2.15.1): critical ORDERS > shipping (APP) | critical ORDERS > billing (APP), critical ORDERS > shipping (APP)',
      'CONSUMER_010 at redelivery/2 (2.15.1): critical ORDERS > shipping (APP) | critical ORDERS > billing (APP), critical ORDERS > shipping (APP)',
    ],
  },
  {
    why: 'Before nats-server 2.11 no client can be pinned.',
    of: [
      'CONSUMER_012 at healthy/1 (2.9.10, 2.10.27): critical JOBS > worker (APP) | silent',
      'CONSUMER_012 at healthy/2 (2.9.10, 2.10.27): critical JOBS > worker (APP) | silent',
      'CONSUMER_012 at r1-lost/1 (2.9.10, 2.10.27): critical NOTES > reader (APP) | silent',
      'check consumer --pinned at healthy/1 (2.9.10, 2.10.27): critical JOBS > worker (APP) | silent',
      'check consumer --pinned at healthy/2 (2.9.10, 2.10.27): critical JOBS > worker (APP) | silent',
      'check consumer --pinned at r1-lost/1 (2.9.10, 2.10.27): critical NOTES > reader (APP) | silent',
    ],
  },
  {
    why: 'Messages are pending, and nothing moves while the moment is held: no rule of theirs asks for that.',
    of: [
      'CONSUMER_101 at follower-frozen/2: silent | warning ORDERS > shipping (APP)',
      'CONSUMER_101 at follower-frozen/3: silent | warning ORDERS > shipping (APP)',
      'CONSUMER_101 at healthy/2: silent | warning ORDERS > shipping (APP)',
      'CONSUMER_101 at max-ack-pending/1: silent | warning ORDERS > shipping (APP)',
      'CONSUMER_101 at max-ack-pending/2: silent | warning ORDERS > shipping (APP)',
      'CONSUMER_101 at no-pull/1: silent | warning ORDERS > billing (APP), warning ORDERS > shipping (APP)',
      'CONSUMER_101 at no-pull/2: silent | warning ORDERS > billing (APP), warning ORDERS > shipping (APP)',
      'CONSUMER_101 at push-unbound/1: silent | warning ORDERS > billing (APP), warning ORDERS > shipping (APP)',
      'CONSUMER_101 at push-unbound/2: silent | warning ORDERS > billing (APP), warning ORDERS > shipping (APP)',
      'CONSUMER_101 at r1-lost/1: silent | warning NOTES > reader (APP)',
      'CONSUMER_101 at redelivery/1 (2.10.27): silent | warning ORDERS > billing (APP)',
      'CONSUMER_101 at redelivery/2 (2.15.1): silent | warning ORDERS > billing (APP)',
      'CONSUMER_101 at store-full/2: silent | warning ORDERS > shipping (APP)',
      'CONSUMER_102 at max-ack-pending/1: silent | warning ORDERS > billing (APP)',
      'CONSUMER_102 at max-ack-pending/2: silent | warning ORDERS > billing (APP)',
    ],
  },
];
