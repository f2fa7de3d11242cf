/**
 * How a report is to look.
 */
import type { Style } from '../output/style.js';

export interface ReportView {
  readonly style: Style;
  /** Characters of a line. */
  readonly columns: number;
  /** One fact a line and no columns, for screen readers. */
  readonly isPlain: boolean;
  /** Every message, however many there are. */
  readonly isAll: boolean;
}
