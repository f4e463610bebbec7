import type { Difference } from './differences.ts';

/** What is told alike of a cluster that was changed to a level of Insights: `ID at SCENE/MOMENT: told`. */
export const alikeAtLimits: readonly string[] = [
  'CHANGE_004 at messages of a work queue/2: info JOBS (APP)',
  'JETSTREAM_003 at messages of a work queue/3: warning JOBS (APP)',
  'CHANGE_004 at messages of a stream that drops its oldest/2: info ORDERS (APP)',
  'JETSTREAM_010 at bytes of a work queue/3: warning JOBS (APP)',
  'CHANGE_004 at consumers of a stream/2: info JOBS (APP)',
  'JETSTREAM_011 at consumers of a stream/3: warning JOBS (APP)',
  'CHANGE_004 at consumers of a stream for few/2: info JOBS (APP)',
  'CHANGE_004 at consumers of a stream for few/3: info JOBS (APP)',
  'JETSTREAM_002 at subjects/3: warning ORDERS (APP)',
  'JETSTREAM_013 at subjects beyond messages/3: warning ORDERS (APP)',
  'SERVER_019 at store/3: warning n1, warning n2, warning n3',
  'SERVER_019 at store/4: critical n1, critical n2, critical n3',
  'JETSTREAM_016 at store/4: critical n1, critical n2, critical n3',
  'JETSTREAM_005 at requests in flight/3: warning n1, warning n2, warning n3',
  'META_008 at requests that wait/3: warning',
  'META_004 at meta snapshot/3: warning n1, warning n2, warning n3',
  'META_004 at meta snapshot/4: critical n1, critical n2, critical n3',
  'META_002 at meta leaders/3: critical',
  'CHANGE_002 at a domain/3: warning n1, warning n2, warning n3',
  'CHANGE_004 at configuration of a stream/3: info ORDERS (APP)',
  'CONSUMER_002 at lag of a consumer/3: warning ORDERS > shipping (APP)',
  'CONSUMER_005 at a consumer ahead of its stream/3: critical ORDERS > shipping (APP)',
];

/** And what is not. */
export const differencesAtLimits: readonly Difference[] = [
  {
    why: 'Ours tells of a change for an hour.',
    of: [
      'CHANGE_004 at messages of a work queue/3: silent | info JOBS (APP)',
      'CHANGE_004 at messages of a stream that drops its oldest/3: silent | info ORDERS (APP)',
      'CHANGE_004 at consumers of a stream/3: silent | info JOBS (APP)',
    ],
  },
  {
    why: 'A stream that drops its oldest is full by design.',
    of: ['JETSTREAM_003 at messages of a stream that drops its oldest/3: warning ORDERS (APP) | silent'],
  },
  {
    why: 'A stream that is made for a handful of consumers has all of them by design.',
    of: ['JETSTREAM_011 at consumers of a stream for few/3: warning JOBS (APP) | silent'],
  },
  {
    why: 'Clusters in good health have so many: ours is for information.',
    of: ['CLUSTER_003 at raft groups/3: warning n1, warning n2, warning n3 | info n1, info n2, info n3'],
  },
  {
    why: 'What is reserved is no ceiling: ours compares what is stored with the maximum.',
    of: [
      'SERVER_017 at store/2: warning n3 | silent',
      'SERVER_017 at store/3: warning n3 | warning n1, warning n2, warning n3',
      'SERVER_017 at store/4: warning n3 | critical n1, critical n2, critical n3',
      'SERVER_005 at memory of what is reserved/3: warning n1, warning n2, warning n3 | silent',
      'SERVER_005 at memory of what is reserved/4: warning n1, warning n2, warning n3 | silent',
      'JETSTREAM_007 at memory of what is reserved/4: critical n1, critical n2, critical n3 | silent',
    ],
  },
  {
    why: 'Its two checks are two levels of one of ours.',
    of: ['JETSTREAM_016 at store/3: silent | warning n1, warning n2, warning n3'],
  },
  {
    why: 'Four servers survive as much as three: ours is for information.',
    of: [
      'META_007 at size of the meta group/3: warning | info',
      'META_007 at meta group that shrank/3: warning | info',
    ],
  },
  {
    why: 'A meta group shrinks by `peer-remove`, mostly on purpose: ours warns.',
    of: ['META_009 at meta group that shrank/3: critical | warning'],
  },
  {
    why: 'Who was not elected does not hear the others, which is what ours asks a leader.',
    of: ['META_001 at meta leaders/3: silent | warning'],
  },
];
