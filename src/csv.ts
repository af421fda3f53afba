/** A table that spreadsheets open by themselves: UTF-8 with its mark, semicolons, and no cell that is taken for a formula. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(cell).join(';')}\r\n`).join('')}`;
}

/** A formula begins with one of these, after blanks too; a reference such as 2026-000021 is no formula. */
const FORMULA = /^\s*[=+\-@\t\r]/;

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
