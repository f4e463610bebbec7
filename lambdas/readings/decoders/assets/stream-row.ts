import {
  heldBytesField,
  isRow,
  numberField,
  optionalTextField,
  textField,
  timeField,
  timeOrNullField,
  type Row,
} from '../fields.ts';
import type { EpochMs } from '../go-values.ts';
import type { Consumers } from './consumer-columns.ts';
import { groupOf, type Group } from './group.ts';
import {
  amountField,
  listField,
  mapped,
  metadataOf,
  orDefault,
  rowField,
  texts,
  type Metadata,
  type Nanoseconds,
} from './row-fields.ts';

export type Origin = {
  readonly name: string;
  readonly lag: number;
  /** Since it was last heard; -1 where it never was. */
  readonly active: Nanoseconds;
  /** Last sequence of the origin that was copied, from 2.15 on. */
  readonly seq: number | undefined;
  /** The API prefix of another account or domain. */
  readonly external: string | undefined;
  /** It takes some subjects only. */
  readonly isFiltered: boolean;
  readonly error: { readonly code: number; readonly errCode: number; readonly description: string } | null;
};

/** -1 is no limit; durations are nanoseconds. */
export type StreamConfig = {
  readonly retention: string;
  readonly discard: string;
  readonly storage: string;
  readonly replicas: number;
  readonly maxMsgs: number;
  readonly maxBytes: number;
  readonly maxAge: Nanoseconds;
  readonly maxMsgsPerSubject: number;
  readonly maxConsumers: number;
  readonly subjects: readonly string[];
  /** Names of the streams it copies. */
  readonly mirror: string | null;
  readonly sources: readonly string[];
  readonly metadata: Metadata;
};

export type StreamState = {
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstAt: EpochMs | null;
  readonly lastAt: EpochMs | null;
  readonly subjects: number;
  readonly deleted: number;
  readonly consumers: number;
};

/** One replica of a stream. */
export type StreamRow = {
  /** The key of an account, and what people call it: another text in operator mode. */
  readonly account: string;
  readonly accountName: string;
  readonly name: string;
  readonly created: EpochMs;
  readonly group: Group;
  readonly config: StreamConfig;
  readonly state: StreamState;
  readonly mirror: Origin | null;
  readonly sources: readonly Origin[];
  readonly consumers: Consumers;
};

const originOf =
  (field: string) =>
  (value: unknown): Origin => {
    const row = rowField(value, field);
    const external = row['external'];
    const error = row['error'];
    return {
      name: textField(row['name'], `${field}.name`),
      lag: amountField(row['lag'], `${field}.lag`),
      active: numberField(row['active'], `${field}.active`),
      seq: row['seq'] === undefined ? undefined : amountField(row['seq'], `${field}.seq`),
      external: isRow(external) ? optionalTextField(external['api'], `${field}.external.api`) : undefined,
      isFiltered:
        (row['filter_subject'] ?? '') !== '' ||
        listField(row['subject_transforms'], `${field}.subject_transforms`).length > 0,
      error: isRow(error)
        ? {
            code: orDefault(error['code'], `${field}.error.code`, numberField, 0),
            errCode: orDefault(error['err_code'], `${field}.error.err_code`, numberField, 0),
            description: orDefault(error['description'], `${field}.error.description`, textField, ''),
          }
        : null,
    };
  };

const nameOf = (value: unknown): string =>
  textField(rowField(value, 'config.sources')['name'], 'config.sources.name');

const streamConfigOf = (value: unknown): StreamConfig => {
  const row = rowField(value, 'config');
  return {
    retention: textField(row['retention'], 'config.retention'),
    discard: orDefault(row['discard'], 'config.discard', textField, 'old'),
    storage: textField(row['storage'], 'config.storage'),
    replicas: numberField(row['num_replicas'], 'config.num_replicas'),
    maxMsgs: numberField(row['max_msgs'], 'config.max_msgs'),
    maxBytes: numberField(row['max_bytes'], 'config.max_bytes'),
    maxAge: numberField(row['max_age'], 'config.max_age'),
    maxMsgsPerSubject: orDefault(row['max_msgs_per_subject'], 'config.max_msgs_per_subject', numberField, -1),
    maxConsumers: numberField(row['max_consumers'], 'config.max_consumers'),
    subjects: texts(row['subjects'], 'config.subjects'),
    mirror: row['mirror'] === undefined || row['mirror'] === null ? null : nameOf(row['mirror']),
    sources: mapped(listField(row['sources'], 'config.sources'), nameOf),
    metadata: metadataOf(row['metadata']),
  };
};

const stateOf = (value: unknown): StreamState => {
  const row = rowField(value, 'state');
  return {
    messages: amountField(row['messages'], 'state.messages'),
    bytes: heldBytesField(row['bytes'], 'state.bytes'),
    firstSeq: amountField(row['first_seq'], 'state.first_seq'),
    lastSeq: amountField(row['last_seq'], 'state.last_seq'),
    firstAt: orDefault(row['first_ts'], 'state.first_ts', timeOrNullField, null),
    lastAt: orDefault(row['last_ts'], 'state.last_ts', timeOrNullField, null),
    subjects: orDefault(row['num_subjects'], 'state.num_subjects', amountField, 0),
    deleted: orDefault(row['num_deleted'], 'state.num_deleted', amountField, 0),
    consumers: orDefault(row['consumer_count'], 'state.consumer_count', amountField, 0),
  };
};

export type Account = { readonly account: string; readonly accountName: string };

/** As a reply without configuration shows it. */
export type BareStream = Omit<StreamRow, 'config' | 'consumers'>;

export const bareStreamOf = (row: Row, { account, accountName }: Account): BareStream => ({
  account,
  accountName,
  name: textField(row['name'], 'name'),
  created: timeField(row['created'], 'created'),
  group: groupOf(row['cluster']),
  state: stateOf(row['state']),
  mirror: row['mirror'] === undefined || row['mirror'] === null ? null : originOf('mirror')(row['mirror']),
  sources: mapped(listField(row['sources'], 'sources'), originOf('sources')),
});

export const streamOf = (row: Row, account: Account, consumers: Consumers): StreamRow => ({
  ...bareStreamOf(row, account),
  config: streamConfigOf(row['config']),
  consumers,
});
