/**
 * Aligned columns without lines, for people; in plain form one fact a line, for screen readers.
 */
import Table from 'cli-table3';

export interface TableContent {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Columns two spaces apart, headings in small letters on the first line. Colour codes do not count as width.
 */
export function alignedTable({ head, rows }: TableContent): string {
  const table = new Table({
    chars: noLines,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...[head, ...rows].map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `name: value` for each cell that is not empty, rows apart by the value of their first column. */
export function plainTable({ head, rows }: TableContent): string {
  return rows
    .flatMap((row) =>
      row.slice(1).flatMap((cell, i) => (cell === '' ? [] : [`${row[0]} ${head[i + 1]}: ${cell}`])),
    )
    .join('\n');
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
