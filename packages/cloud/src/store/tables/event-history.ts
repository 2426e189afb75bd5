/** How long an account or a product keeps its events; without a row as long as the server does. */
export interface EventRetentionRow {
  place_kind: 'user' | 'product';
  /** The account, or the product's number as text. */
  place_id: string;
  days: number;
  /** Events of the place up to this position have been looked at since the row was written, and were deleted where nobody else keeps them. */
  pruned_to: number;
}

export interface EventHistoryTables {
  event_retention: EventRetentionRow;
}
