/** Readers that share the events of a place, each event for one of them. */
interface ConsumerGroupRow {
  place_kind: 'owner' | 'product' | 'organization';
  /** The account or customer, the product's number as text, or the organization. */
  place_id: string;
  name: string;
  /** The only device whose events it reads; empty for all. */
  device_id: string;
  /** What names begin with; empty for all. */
  name_prefix: string;
  /** Events up to this sequence have been given out. */
  through: number;
  /** Those of them that nobody has acknowledged: sequences as `encodeSequences` writes them. */
  unacknowledged: string;
  created_at: number;
  updated_at: number;
}

export interface ConsumerGroupsTables {
  consumer_groups: ConsumerGroupRow;
}
