import type { OperationKind } from '../data-operations.ts';

/** Data operations of an hour (BIL-13 to BIL-20). Keys are never null: no owner and no device are empty texts, no product is 0. */
interface DataOperationsRow {
  /** Begin of the hour in UTC, ms. */
  hour: number;
  owner_id: string;
  product_id: number;
  device_id: string;
  kind: OperationKind;
  count: number;
}

export interface DataOperationsTables {
  data_operations: DataOperationsRow;
}
